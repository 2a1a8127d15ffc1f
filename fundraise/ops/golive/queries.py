"""How each line stands now, and whether the house may be opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.jobs.models import HouseOpening
from fundraise.ops.golive.line import COMMON, Line, State, Text, Words
from fundraise.ops.models import GoLiveAnswer, GoLiveSignature

ANSWERS_WITHIN = timedelta(minutes=2)
UNASKED = Words(_("Not tested yet."))
NO_WORKER = Words(
    _("No worker has answered."),
    _("See that a worker on the queue reports runs, and that it reaches the broker."),
)
CHANGED = Words(_("The settings have changed since it was tested."), _("Test again."))
AGED = Words(_("It was tested too long ago to count."), _("Test again."))


@dataclass(frozen=True)
class Standing:
    """A line as it stands: what was answered, and who signed for it."""

    line: Line
    state: str
    words: Words
    answer: GoLiveAnswer | None
    signature: GoLiveSignature | None
    facts: dict[str, object] = field(default_factory=dict)
    mark: str = ""  # what a signature given now would be for
    lapsed: GoLiveSignature | None = None  # its day has not come, but it was for another answer

    @property
    def is_signed(self) -> bool:
        """Whether a signature stands in for what is not green."""
        return self.state != State.GREEN and self.signature is not None

    @property
    def passes(self) -> bool:
        return self.state == State.GREEN or self.signature is not None

    @property
    def says(self) -> str:
        return _filled(self.words.answer, self.facts)

    @property
    def mend(self) -> str:
        return _filled(self.words.mend, self.facts)

    @property
    def can_be_asked(self) -> bool:
        """Whether there is a question to put: what a person must look at is only typed."""
        by_eye = self.line.typed is not None and self.line.typed.check is not None
        return self.state != State.ASKING and not by_eye

    @property
    def wants_code(self) -> bool:
        """Whether something is to be typed now."""
        if self.line.typed is None:
            return False
        return self.line.typed.check is not None or self._was_sent

    @property
    def _was_sent(self) -> bool:
        return self.answer is not None and self.answer.expects is not None


def _filled(text: Text, facts: dict[str, object]) -> str:
    return str(text) % facts if text else ""


def lines() -> list[Line]:
    """The lines that settings.GO_LIVE names."""
    return [import_string(path) for path in settings.GO_LIVE]


def line_named(key: str) -> Line | None:
    return next((line for line in lines() if line.key == key), None)


def standings() -> list[Standing]:
    """Every line as it stands now."""
    answers = _newest(GoLiveAnswer)
    signatures = _newest(GoLiveSignature)
    return [_standing(line, answers.get(line.key), signatures.get(line.key)) for line in lines()]


def standing(line: Line) -> Standing:
    """One line as it stands now."""
    return next(one for one in standings() if one.line.key == line.key)


def _newest(model: type[GoLiveAnswer] | type[GoLiveSignature]) -> dict[str, object]:
    rows = model.objects.order_by("line", "-pk").distinct("line")
    return {row.line: row for row in rows}


def _standing(line: Line, answer: object, signature: object) -> Standing:
    assert answer is None or isinstance(answer, GoLiveAnswer)  # noqa: S101
    assert signature is None or isinstance(signature, GoLiveSignature)  # noqa: S101
    state, code, words = _state(line, answer)
    facts = dict(answer.facts) if answer else {}
    mark = line.mark(code, facts if answer and code == answer.code else {})
    lasting = signature if signature and signature.valid_till >= today() else None
    signed = lasting if lasting and lasting.about == mark else None
    return Standing(line, state, words, answer, signed, facts, mark, None if signed else lasting)


def today() -> date:
    """The real date in Stockholm: a played clock makes no signature longer."""
    return clock.local_date(clock.real_now())


def _state(line: Line, answer: GoLiveAnswer | None) -> tuple[str, str, Words]:
    if answer is None:
        return State.WAITING, "unasked", UNASKED
    now = clock.real_now()
    if answer.state == State.ASKING:
        silent = answer.asked_at < now - ANSWERS_WITHIN
        return (State.RED, "silent", NO_WORKER) if silent else (State.ASKING, "", Words(""))
    if answer.about != line.fingerprint():
        return State.WAITING, "changed", CHANGED
    if answer.state == State.GREEN and _has_aged(line, answer.asked_at, now):
        return State.WAITING, "aged", AGED
    words = line.words.get(answer.code) or COMMON.get(answer.code) or Words(answer.code)
    return answer.state, answer.code, words


def _has_aged(line: Line, asked_at: datetime, now: datetime) -> bool:
    return line.holds_for is not None and asked_at < now - line.holds_for


def opening() -> HouseOpening | None:
    """When and by whom the house was opened at this address."""
    return HouseOpening.objects.filter(base_url=settings.BASE_URL).first()


def may_open() -> bool:
    """Whether every line is green or signed."""
    return all(one.passes for one in standings())
