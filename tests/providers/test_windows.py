"""Stripe's lines are listed in few calls where little happened, in small parts where much did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from fundraise.providers.stripe.provider import PAGE, WINDOW, _windows

NOW = datetime(2026, 11, 26, 5, tzinfo=UTC)


class Txn(dict[str, Any]):
    def to_dict(self, *, for_json: bool) -> dict[str, Any]:
        return dict(self)


@dataclass
class Stripe:
    """Its list of balance transactions, the newest first."""

    made: list[int]
    calls: int = 0

    def answer(self, asked: dict[str, Any]) -> Any:
        self.calls += 1
        first, end = asked["created"]["gte"], asked["created"]["lt"]
        found = [Txn(id=at) for at in sorted(self.made, reverse=True) if first <= at < end]
        return SimpleNamespace(
            has_more=len(found) > asked["limit"], auto_paging_iter=lambda: iter(found)
        )

    def read(self, back: timedelta) -> list[list[int]]:
        client: Any = SimpleNamespace(
            v1=SimpleNamespace(balance_transactions=SimpleNamespace(list=self.answer))
        )
        return [[txn["id"] for txn in some] for some in _windows(client, NOW - back, NOW)]


def test_a_quiet_month_takes_a_few_calls_and_a_busy_day_is_read_in_parts() -> None:
    quiet = Stripe([int((NOW - timedelta(days=n)).timestamp()) for n in range(1, 30)])
    # What stands on the second between two windows is told twice: it is kept once.
    assert {at for some in quiet.read(timedelta(days=33)) for at in some} == set(quiet.made)
    assert quiet.calls == 9

    burst = int((NOW - timedelta(days=2)).timestamp())
    busy = Stripe([burst + 60 * n for n in range(10 * PAGE)])
    windows = busy.read(timedelta(days=3))
    assert {at for some in windows for at in some} == set(busy.made)
    assert max(map(len, windows)) <= WINDOW.total_seconds() / 60 + 1, "six hours of them at most"
    assert busy.calls < 4 * 3 + 2
