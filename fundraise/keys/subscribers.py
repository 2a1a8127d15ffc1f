"""What this package does when a fact is told (settings.OUTBOX_SUBSCRIBERS)."""

from __future__ import annotations

from fundraise.keys import services


def end_keys(user_id: int) -> None:
    """StaffShutOut: an account was ended, or its log-in reset; its keys open nothing any more."""
    services.end_keys_of(user_id, by="system:keys")
