"""A bank day of the demo, played in a moment: the clocks of product and stand-ins go on together.

    morning   the bank's reports of the evening before are worked in
    17:05     draws are planned and told, the day's files are made and left in the folder
    19:00     the bank takes them, and answers into the folder

What beat does all day is done here once, in order. The workers go on beside it and find nothing to
do: everything may run twice.
"""

from __future__ import annotations

import json
import time as real_time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from fundraise import bankdays, clock
from fundraise.gifts.models import Gift
from fundraise.jobs import services as jobs
from fundraise.outbox import services as outbox
from fundraise.pledges import promise
from fundraise.pledges.models import Pledge
from fundraise.pledges.services import days as pledges
from fundraise.pledges.times import times_on
from fundraise.providers.giro import building, delivering, inbox
from fundraise.reconciliation.inbox import folder as statements
from mailings import tasks as mails

MORNING = time(6)
AFTER_UNTIL = timedelta(minutes=5)
SETTLED = 0.2  # seconds beyond the setting: a file is taken when nobody writes to it any more
FACT_MAIL_PROOF = 3  # a notice is a fact, its mail another, the proof a third
FACTS_AT_ONCE = 500
PATIENCE, PAUSE = 20, 0.5  # tries while a stand-in starts, seconds between them


class BankAway(Exception):
    """The stand-in does not answer."""


class RefusedByBank(Exception):
    """The stand-in does not do that now."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a bank day."""

    day: date
    sent: int
    reports: int
    active: int
    gifts: int


def play(bank: str, accounts: str = "") -> Played:
    """The bank day that is, or the next one; ends on the morning after. Raises BankAway.

    `bank` is Bankgirot's stand-in, `accounts` that of the bank where the money lies, "" for none.
    """
    ask_bank(bank, "sweep", {})  # before anything moves: is it there?
    day = _next_bank_day(clock.now())
    gifts = Gift.objects.count()
    _go_to(day, MORNING, bank, accounts)
    ask_bank(bank, "sweep", {})
    _work_in()
    _go_to(day, _after(times_on(day).until), bank, accounts)
    sent = _make_and_deliver()
    ask_bank(bank, "sweep", {})
    run_day(bank, day)
    if accounts:
        # After Bankgirot's evening, of which it then hears.
        run_day(accounts, day)
    _go_to(bankdays.add(day, 1), MORNING, bank, accounts)
    reports = _work_in()
    active = Pledge.objects.filter(state=Pledge.State.ACTIVE).count()
    return Played(day, sent, reports, active, Gift.objects.count() - gifts)


def _next_bank_day(now: datetime) -> date:
    local = now.astimezone(clock.STOCKHOLM)
    today = local.date()
    over = local.time() >= times_on(today).until
    return bankdays.on_or_after(today + timedelta(days=1) if over else today)


def _after(hour: time) -> time:
    return (datetime.combine(date.min, hour) + AFTER_UNTIL).time()


def _go_to(day: date, hour: time, bank: str, accounts: str) -> None:
    """The clocks of the product, the banks and the mail service together, never back."""
    wanted = datetime.combine(day, hour, clock.STOCKHOLM)
    ahead = max(wanted, clock.now()) - clock.real_now()
    jobs.set_clock_offset(ahead)
    seconds: dict[str, object] = {"offset_seconds": int(ahead.total_seconds())}
    ask_bank(bank, "clock", seconds)
    if accounts:
        ask_bank(accounts, "clock", seconds)
    # SendGrid's stand-in refuses what is to be sent later than three days from its own now.
    if "sendgrid" in (settings.MAIL_SENDER, settings.APPEAL_SENDER) and _is_here():
        ask_bank(settings.SENDGRID_HOST, "clock", seconds)


def _is_here() -> bool:
    return urlsplit(settings.SENDGRID_HOST).hostname in ("127.0.0.1", "localhost")


def _make_and_deliver() -> int:
    _day_of_pledges()
    building.build_due()
    return delivering.deliver_due()["delivered"]


def _work_in() -> int:
    real_time.sleep(settings.AUTOGIRO_SETTLE_SECONDS + SETTLED)
    fetched = inbox.pick_up()
    inbox.work_in_waiting()
    statements.pick_up()
    statements.work_in()
    _tell()
    _day_of_pledges()
    promise.reckon_now()
    return fetched


def _day_of_pledges() -> None:
    pledges.work()
    _tell()


def _tell() -> None:
    """Facts reach their subscribers and mails leave, also those that the first ones bring about.

    A notice counts when its mail has left, so that the next draw waits for it.
    """
    for _ in range(FACT_MAIL_PROOF):
        while outbox.deliver_due(clock.real_now(), most=FACTS_AT_ONCE) == FACTS_AT_ONCE:
            continue
        mails.sweep()


def run_day(bank: str, day: date) -> None:
    """The bank's evening; one that somebody has run by the button is over."""
    try:
        ask_bank(bank, "run-day", {"date": day.isoformat()})
    except RefusedByBank:
        return


def await_bank(bank: str, act: str) -> None:
    """Pull a harmless lever until the stand-in has started. Raises BankAway, RefusedByBank."""
    for left in range(PATIENCE, -1, -1):
        try:
            ask_bank(bank, act, {})
        except BankAway:
            if not left:
                raise
            real_time.sleep(PAUSE)
        else:
            return


def ask_bank(bank: str, act: str, body: dict[str, object]) -> None:
    """Pull a lever of the stand-in. Raises BankAway, RefusedByBank."""
    request = urllib.request.Request(  # noqa: S310 - our own http address
        f"{bank}/control/{act}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        raise RefusedByBank(act) from error
    except OSError as error:
        raise BankAway(f"The stand-in does not answer at {bank}.") from error


def several(bank: str, number: int, told: Callable[[Played], None], accounts: str = "") -> None:
    """So many bank days, each told when it is over."""
    for _ in range(number):
        told(play(bank, accounts))
