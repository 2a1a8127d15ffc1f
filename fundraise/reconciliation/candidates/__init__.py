"""What items may be, found in bulk: a few queries for some thousands of items."""

from __future__ import annotations

from fundraise.reconciliation.candidates.finding import Finder

__all__ = ["Finder"]
