"""What shall go wrong next: rules that are asked for, each good for so many times."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

Json = dict[str, Any]


@dataclass
class Rule:
    """One thing that shall go wrong, `count` times."""

    act: str
    count: int = 1


R = TypeVar("R", bound=Rule)


@dataclass
class Rules(Generic[R]):
    """In the order in which they were asked for. Safe between threads."""

    ACTS: ClassVar[Sequence[str]] = ()
    rules: list[R] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, rule: R) -> None:
        """Raises ValueError on an act that is none."""
        if rule.act not in self.ACTS:
            raise ValueError(f"act must be one of {', '.join(self.ACTS)}")
        with self._lock:
            self.rules.append(rule)

    def clear(self) -> None:
        """All of them forgotten."""
        with self._lock:
            self.rules.clear()

    def listed(self) -> list[Json]:
        """As they stand."""
        with self._lock:
            return [asdict(rule) for rule in self.rules]

    def use(self, fits: Callable[[R], bool]) -> R | None:
        """The first that fits, with one time less; None where none does."""
        if not self.rules:
            return None
        with self._lock:
            for rule in self.rules:
                if fits(rule):
                    return self.spent(rule)
        return None

    def spent(self, rule: R) -> R:
        """The rule, with one time less; gone when that was the last."""
        rule.count -= 1
        self.rules = [kept for kept in self.rules if kept.count > 0]
        return rule
