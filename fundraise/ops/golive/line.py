"""A line of the go-live page: what it asks, how its answers read, and how long they hold.

A later part adds its own: a module with a `Line`, and its dotted path in settings.GO_LIVE.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundraise import crypto

Text = str | Promise
Facts = dict[str, str | int]


class State(TextChoices):
    """How a line stands. `asking`: a worker has been told to ask and has not answered yet."""

    GREEN = "green", _("In order")
    WAITING = "waiting", _("Waits for you")
    ASKING = "asking", _("Being asked")
    RED = "red", _("Not in order")


@dataclass(frozen=True, slots=True)
class Result:
    """An answer: its code and facts are stored, its words are found when the page is shown."""

    state: State
    code: str
    facts: Facts = field(default_factory=dict)
    secret: str = ""  # what a person must type to confirm; only its keyed hash is stored


def green(code: str, **facts: str | int) -> Result:
    return Result(State.GREEN, code, facts)


def red(code: str, **facts: str | int) -> Result:
    return Result(State.RED, code, facts)


@dataclass(frozen=True, slots=True)
class Words:
    """An answer in plain words, and how to mend it."""

    answer: Text
    mend: Text = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """Something that a person types to finish a line. Without `check` it is the secret sent."""

    label: Text
    check: Callable[[str], Result] | None = None
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `ask` puts the question and may take its time: a worker runs it."""

    key: str
    title: Text
    asks: Text
    words: Mapping[str, Words]
    ask: Callable[[], Result] | None = None
    typed: Typed | None = None
    holds_for: timedelta | None = None
    about: Callable[[], str] = str
    watched: bool = True  # asked every day once the house is open

    def fingerprint(self) -> str:
        """What an answer was about: one given under other settings no longer counts."""
        return crypto.lookup_hash("go-live", f"{self.key}\n{self.about()}").hex()[-40:]

    def mark(self, code: str, facts: Mapping[str, object]) -> str:
        """What a signature is given for: this answer, by its code and the names in it.

        Numbers may go on counting: "tried 41 days ago" is the same fault the day after.
        """
        names = sorted((name, fact) for name, fact in facts.items() if isinstance(fact, str))
        told = json.dumps([self.fingerprint(), code, names])
        return crypto.lookup_hash("go-live-signature", told).hex()[-40:]


COMMON: dict[str, Words] = {
    "broke": Words(
        _("The test itself broke: %(error)s."),
        _("Test again. If it breaks again, the log has more under the time of the test."),
    ),
    "wrong_code": Words(
        _("That is not the code that was sent."),
        _("Look at the newest mail, or test again to get a new code."),
    ),
    "too_many": Words(
        _("Too many wrong codes."),
        _("Test again to get a new code."),
    ),
}
