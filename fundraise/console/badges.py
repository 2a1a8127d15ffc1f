"""States with a shape and a colour: one badge for each, in the words that people know."""

from __future__ import annotations

from dataclasses import dataclass

from fundraise.console import (
    appeal_states,
    books_words,
    gift_states,
    house_states,
    pledge_states,
)
from fundraise.console.journeys.words import STATES as JOURNEY_STATES
from fundraise.console.pledge_states import Tones
from fundraise.console.treasury.states import STATES as TREASURY_STATES
from fundraise.console.words import Text

SHAPES = {"done": "●", "waits": "▲", "failed": "■", "you": "◆", "quiet": "○"}


@dataclass(frozen=True, slots=True)
class Badge:
    """A status word with a shape, so that colour is never the only sign."""

    tone: str
    word: Text

    @property
    def shape(self) -> str:
        return SHAPES[self.tone]


_STATES: dict[str, Tones] = (
    gift_states.STATES
    | house_states.STATES
    | pledge_states.STATES
    | appeal_states.STATES
    | JOURNEY_STATES
    | TREASURY_STATES
    | books_words.STATES
)
KINDS: dict[str, dict[str, Badge]] = {
    kind: {state: Badge(*toned) for state, toned in states.items()}
    for kind, states in _STATES.items()
}


def badge(kind: str, state: str) -> Badge:
    """A state's badge; one that has no word yet shows its code."""
    return KINDS[kind].get(state) or Badge("quiet", state)


def choices(kind: str) -> list[tuple[str, Text]]:
    """The states of a kind for a filter, in the words of the badges."""
    return [(state, one.word) for state, one in KINDS[kind].items()]
