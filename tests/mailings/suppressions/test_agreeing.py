"""SendGrid's lists and ours: completed, compared, and what differs listed and rung."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from fundraise import clock
from fundraise.jobs.models import Alarm, JobRun
from mailings.senders.base import BulkError, BulkOutcome
from mailings.senders.sendgrid import calls
from mailings.senders.sendgrid.calls import Listed
from mailings.suppressions import agreeing, services, tasks
from mailings.suppressions.models import Difference, Suppression
from mailings.suppressions.queries import keys_of, suppressed

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 1, 1, tzinfo=clock.STOCKHOLM)


def on(name: str, *numbers: int) -> list[Listed]:
    return [Listed(name, f"person{number}@example.org", LONG_AGO) for number in numbers]


def key(number: int) -> bytes:
    return keys_of(f"person{number}@example.org")[0]


def told(number: int, reason: str, *, days: int = 2) -> Suppression:
    """What an event told us some days ago."""
    row = Suppression(
        email_key=key(number), reason=reason, source="sendgrid", by="system:mail-events",
        scope=services.New(b"", reason, "x").kept_away,
        created_at=clock.real_now() - timedelta(days=days),
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def test_what_sendgrid_holds_back_is_held_back_here_too() -> None:
    told(1, "bounce")
    lists = [
        *on("bounces", 1, 2), *on("blocks", 3), *on("invalid_emails", 4),
        *on("spam_reports", 5), *on("unsubscribes", 6), *on("group", 7),
        Listed("bounces", "nix", LONG_AGO),
    ]  # fmt: skip
    counts = agreeing.agree(iter(lists))
    assert (counts["completed"], counts["missing_there"], counts["held_there"]) == (5, 0, 0)
    assert suppressed([key(number) for number in range(1, 8)]) == {
        key(1): "bounce", key(2): "bounce", key(4): "invalid", key(5): "complaint",
        key(6): "unsubscribed", key(7): "unsubscribed",
    }  # fmt: skip
    assert agreeing.agree(iter(lists))["completed"] == 0
    assert not Alarm.objects.exists()


def test_what_sendgrid_forgot_is_listed_and_rings_until_it_is_mended() -> None:
    gone, fresh = told(1, "complaint"), told(2, "bounce", days=0)
    services.suppress(email_key=key(3), reason="unsubscribed", source="one_click", by="system:x")
    counts = agreeing.agree(iter(on("bounces", 9)))
    assert counts["missing_there"] == 1
    (row,) = Difference.objects.all()
    assert (row.suppression, row.kind) == (gone, "missing_there")
    assert Alarm.objects.get(resolved_at=None).code == "suppressions-differ"
    agreeing.agree(iter(on("spam_reports", 1)))
    assert (Difference.objects.count(), Alarm.objects.filter(resolved_at=None).count()) == (0, 0)
    assert suppressed([key(1), key(2), key(3)]).keys() == {key(1), key(2), key(3)}
    assert fresh.lifted_at is None


def test_what_was_lifted_here_and_still_holds_there_is_listed_and_not_put_back() -> None:
    row = told(1, "bounce")
    services.lift(ref=row.ref, why="ny brevlåda", by="staff:1")
    counts = agreeing.agree(iter(on("bounces", 1)))
    assert (counts["completed"], counts["held_there"]) == (0, 1)
    assert Difference.objects.get().list == "bounces"
    assert suppressed([key(1)]) == {}


def test_a_list_that_grew_much_in_a_night_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "listed", lambda: iter(on("bounces", *range(10))))
    tasks.check()
    assert JobRun.objects.get().counts["bounces"] == 10
    assert not Alarm.objects.exists()
    monkeypatch.setattr(calls, "listed", lambda: iter(on("bounces", *range(111))))
    tasks.check()
    alarm = Alarm.objects.get()
    assert (alarm.code, alarm.subject) == ("suppressions-grew", "bounces")


def test_a_call_that_fails_keeps_what_was_found_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told(1, "bounce")
    agreeing.agree(iter([]))

    def fails() -> Iterator[Listed]:
        yield from on("bounces", 2)
        raise BulkError(BulkOutcome.UNKNOWN, words="no answer")

    monkeypatch.setattr(calls, "listed", fails)
    with pytest.raises(BulkError):
        tasks.check()
    assert JobRun.objects.get().state == "failed"
    assert Difference.objects.count() == 1
