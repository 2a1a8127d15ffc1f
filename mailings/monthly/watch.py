"""What no fact has mailed, what has to be asked for, and notices that come too near their day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import structlog
from django.db.models import QuerySet

from fundraise import bankdays, clock
from fundraise.jobs import services as jobs
from fundraise.jobs.one_by_one import each
from fundraise.logs import describe
from fundraise.outbox import services as outbox
from fundraise.pledges import queries
from fundraise.pledges.models import Notice
from fundraise.pledges.times import times_on
from mailings.models import TransactionalMessage
from mailings.monthly import asking, people
from mailings.monthly.subjects import NOTICE

log = structlog.get_logger(__name__)

State = TransactionalMessage.State
UNTOLD, FAILED = "notice-not-told", "monthly-mail-failed"
GRACE = timedelta(minutes=10)  # the fact and the sender come first
NEAR_BANK_DAYS = 2
AT_ONCE = 500


def work() -> dict[str, int]:
    """Find and ask; how many of each. A step that failed rings and holds up no other."""
    steps: dict[str, Callable[[], int]] = {
        "notices": find_missed,
        "sums_asked": asking.ask_for_sums,
    }
    counts = {name: _step(name, step) for name, step in steps.items()}
    return counts | {"near": ring_for_near()}


def _step(name: str, step: Callable[[], int]) -> int:
    try:
        done = step()
    except Exception as error:
        log.exception("monthly_mail_failed", step=name)
        jobs.raise_alarm(FAILED, name, describe(error))
        return 0
    jobs.resolve_alarms(FAILED, subject=name)
    return done


def find_missed() -> int:
    """Tell anew what no fact has mailed, and what left without its proof being kept; how many."""
    old = _unsent().filter(way="mail", made_at__lt=clock.now() - GRACE)
    return each(list(old.order_by("pk")[:AT_ONCE]), _find).whole()


def _unsent() -> QuerySet[Notice]:
    return queries.unsent_notices().exclude(people.silent("pledge__"))


def _find(notice: Notice) -> bool:
    mail = TransactionalMessage.objects.filter(kind=NOTICE, subject_ref=str(notice.ref)).first()
    if mail is None:
        outbox.write("NoticeDue", notice.pk)
    elif mail.state in {State.SENT, State.FAILED}:
        outbox.write("MailSettled", mail.pk)
    else:
        return False
    return True


def ring_for_near() -> int:
    """Ring while a notice has not left and the last day to tell it in time is near; how many."""
    today = clock.today()
    last = bankdays.add(today, times_on(today).notice + NEAR_BANK_DAYS)
    near = _near(last)
    for way in ("mail", "letter"):
        late = [notice for notice in near if notice.way == way]
        if late:
            jobs.raise_alarm(UNTOLD, way, f"{len(late)} notices by {way} have not left")
        else:
            jobs.resolve_alarms(UNTOLD, subject=way)
    return len(near)


def _near(last: date) -> list[Notice]:
    made = clock.now() - GRACE
    return list(_unsent().filter(first_on__lte=last, made_at__lt=made).order_by("first_on"))
