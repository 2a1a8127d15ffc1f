"""The doors of this package for those above it."""

from __future__ import annotations

from mailings.mail_events.arrivals import note_arrival

__all__ = ["note_arrival"]
