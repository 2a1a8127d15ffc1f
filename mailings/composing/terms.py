"""What is the same for all in one preparing: the campaign's sums and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from mailings.composing import ladder
from mailings.composing.formats import KEPT, kronor, number
from mailings.composing.wording import WORDS

K = TypeVar("K", bound=Hashable)


class Kept(dict[K, tuple[str, ...]]):
    """Ladders by what they are made from: few sums are given by very many people.

    ("200 kr", "300 kr", "400 kr", "200", "300", "400"): as said, and as a link's query has them.
    """

    def __init__(self, rungs: Callable[[K], ladder.Rungs]) -> None:
        super().__init__()
        self.rungs = rungs

    def __missing__(self, key: K) -> tuple[str, ...]:
        if len(self) >= KEPT:
            self.clear()
        rungs = self.rungs(key)
        said = (*(kronor(ore) for ore in rungs), *(str(ore // ladder.KRONA) for ore in rungs))
        self[key] = said
        return said


def _standing(givers: str, language: str) -> str:
    words = WORDS[language]
    return words["standing"].format(givers=givers) if givers else words["standing_few"]


class Terms:
    """The terms of one campaign."""

    def __init__(
        self,
        *,
        minimum_ore: int = 20_00,
        maximum_ore: int = 150_000_00,
        once: Sequence[int] = (100_00, 250_00, 500_00, 1_000_00),
        monthly: Sequence[int] = (50_00, 100_00, 200_00, 500_00),
        raised_ore: int = 0,
        goal_ore: int = 1,
        givers: int | None = None,
    ) -> None:
        self.minimum_ore, self.maximum_ore = minimum_ore, maximum_ore
        self.standard_once, self.standard_monthly = tuple(once), tuple(monthly)
        self.raised = kronor(raised_ore)
        self.goal = kronor(goal_ore)
        self.percent = str(max(raised_ore, 0) * 100 // goal_ore)
        self.givers = number(givers) if givers is not None else ""
        self.standing = {language: _standing(self.givers, language) for language in WORDS}
        self.once: Kept[int] = Kept(self.once_ore)
        self.month: Kept[tuple[int, int]] = Kept(lambda key: self.month_ore(*key))

    def once_ore(self, base_ore: int) -> ladder.Rungs:
        """The ladder after a gift of so much; 0 for who never gave or may not be targeted."""
        return ladder.once(base_ore, self.standard_once, self.minimum_ore, self.maximum_ore)

    def month_ore(self, base_ore: int, now_ore: int) -> ladder.Rungs:
        """The ladder a month, after a gift once of `base_ore` or while `now_ore` is given."""
        standard, low, high = self.standard_monthly, self.minimum_ore, self.maximum_ore
        return ladder.monthly(base_ore, now_ore, standard, low, high)
