"""Ask a line, confirm what was sent, sign for a line, open the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.jobs import services as jobs
from fundraise.jobs.models import HouseOpening
from fundraise.logs import describe
from fundraise.ops.golive import queries
from fundraise.ops.golive.line import Line, Result, State, green, red
from fundraise.ops.models import GoLiveAnswer, GoLiveSignature
from fundraise.outbox import courier

log = structlog.get_logger(__name__)

SUBJECT = "go_live"
MOST_WRONG = 5
LONGEST_SIGNATURE_DAYS = 366
LINE_RED = "go-live-line"
KIND = "go-live"


class Refused(Exception):
    """Nothing was changed; `code` is a key of views._sentence, or no_code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def begin(line: Line, *, by: str) -> GoLiveAnswer:
    """Have a worker put the question; the page shows that it is being asked."""
    answer = _store(line, Result(State.ASKING, ""), by)
    _log("go_live.asked", line, by=by, after={"state": answer.state})
    transaction.on_commit(lambda: _queue(answer.pk), robust=True)
    return answer


def _queue(pk: int) -> None:
    from fundraise.ops.tasks import ask_go_live  # its module imports this one

    courier.send(ask_go_live, pk)


def ask(answer_pk: int) -> GoLiveAnswer:
    """Put the question and keep the answer. A test that breaks is red and says how."""
    begun = GoLiveAnswer.objects.get(pk=answer_pk)
    line = queries.line_named(begun.line)
    if line is None or begun.state != State.ASKING:
        return begun  # asked twice, or the line is gone from the settings
    return _kept(begun, line, put(line))


def put(line: Line) -> Result:
    """The question itself. One that breaks is red."""
    try:
        return line.ask() if line.ask else red("broke", error="no question")
    except Exception as error:
        log.warning("go_live_test_broke", line=line.key, error=describe(error))
        return red("broke", error=type(error).__name__)


def _kept(begun: GoLiveAnswer, line: Line, result: Result) -> GoLiveAnswer:
    changed = GoLiveAnswer.objects.filter(pk=begun.pk, state=State.ASKING).update(
        state=result.state,
        code=result.code,
        facts=result.facts,
        about=line.fingerprint(),
        expects=_hash(line, result.secret) if result.secret else None,
    )
    begun.refresh_from_db()
    if changed:
        after = {"state": result.state, "code": result.code}
        _log("go_live.answered", line, by=begun.by, after=after)
    return begun


def _hash(line: Line, secret: str) -> bytes:
    return crypto.lookup_hash("go-live-code", f"{line.key}\n{secret}")


@transaction.atomic
def confirm(line: Line, typed: str, *, by: str) -> Result:
    """Take what a person typed: a code that was sent, or what a line checks itself.

    Raises Refused("no_code") when nothing was sent.
    """
    if line.typed is None:
        raise Refused("no_code")
    result = line.typed.check(typed) if line.typed.check else _checked(line, typed)
    if result.code != "wrong_code":
        _store(line, result, by)
    after = {"state": result.state, "code": result.code}
    _log("go_live.confirmed", line, by=by, after=after)
    return result


def _checked(line: Line, typed: str) -> Result:
    last = GoLiveAnswer.objects.filter(line=line.key).select_for_update().order_by("-pk").first()
    if last is None or last.expects is None:
        raise Refused("no_code")
    if bytes(last.expects) == _hash(line, "".join(typed.split()).lower()):
        return green("confirmed")
    GoLiveAnswer.objects.filter(pk=last.pk).update(wrong=F("wrong") + 1)
    return red("too_many") if last.wrong + 1 >= MOST_WRONG else red("wrong_code")


def _store(line: Line, result: Result, by: str) -> GoLiveAnswer:
    return GoLiveAnswer.objects.create(
        line=line.key,
        state=result.state,
        code=result.code,
        facts=result.facts,
        about=line.fingerprint(),
        asked_at=clock.real_now(),
        by=by,
    )


@transaction.atomic
def sign(line: Line, *, about: str, reason: str, valid_till: date, by: str) -> GoLiveSignature:
    """Answer for a line that is not green, with a reason, until a day. Raises Refused.

    `about` is the mark of the standing that was looked at: the signature holds for that answer
    only, and ends when the line answers something else.
    """
    reason, today = reason.strip()[:300], queries.today()
    if not reason:
        raise Refused("no_reason")
    if not today <= valid_till or (valid_till - today).days > LONGEST_SIGNATURE_DAYS:
        raise Refused("bad_day")
    stands = queries.standing(line)
    if stands.state == State.GREEN:
        raise Refused("is_green")
    if stands.mark != about:
        raise Refused("another_answer")
    made = GoLiveSignature.objects.create(
        line=line.key,
        about=about,
        reason=reason,
        by=by,
        at=clock.real_now(),
        valid_till=valid_till,
    )
    _log("go_live.signed", line, by=by, after={"valid_till": valid_till}, reason=reason)
    return made


@transaction.atomic
def open_house(*, by: str) -> HouseOpening:
    """Let live gifts begin at this address. Harmless to repeat. Raises Refused."""
    if not settings.LIVE:
        raise Refused("not_live")
    opened = queries.opening()
    if opened is not None:
        return opened
    stand = queries.standings()
    if not stand or not all(one.passes for one in stand):
        raise Refused("not_ready")
    told = {one.line.key: "signed" if one.is_signed else str(one.state) for one in stand}
    try:
        with transaction.atomic():
            opened = HouseOpening.objects.create(
                base_url=settings.BASE_URL, opened_at=clock.real_now(), opened_by=by, lines=told
            )
    except IntegrityError:  # somebody else did it a moment ago
        return HouseOpening.objects.get(base_url=settings.BASE_URL)
    audit.log_change(
        by=by, action="go_live.opened", subject_type=SUBJECT, subject_ref="house", after=told
    )
    return opened


def watch(*, by: str = "system:go-live") -> dict[str, int]:
    """Once the house is open, ask again what needs no person; red rings and shuts nothing."""
    if queries.opening() is None:
        return {"asked": 0, "red": 0}
    found = {line.key: (line, put(line)) for line in queries.lines() if line.watched and line.ask}
    bad = set()
    for key, (line, result) in found.items():
        _store(line, replace(result, secret=""), by)
        if not queries.standing(line).passes:
            bad.add(key)
            jobs.raise_alarm(LINE_RED, key, f"{key} of the go-live page is not in order")
    jobs.resolve_alarms(LINE_RED, but=bad)
    return {"asked": len(found), "red": len(bad)}


def _log(
    action: str, line: Line, *, by: str, after: Mapping[str, object], reason: str = ""
) -> None:
    audit.log_change(
        by=by, action=action, subject_type=SUBJECT, subject_ref=line.key, after=after, reason=reason
    )
