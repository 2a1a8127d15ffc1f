"""Autogiro as a provider: files speak for it, so nothing is asked and no gift is begun there.

A draw begins in fundraise/pledges and goes out in a file (building.py); a refund is made at the
bank. An account of it exists so that an entity's bankgiro number has one home.
"""

from __future__ import annotations

from fundraise.providers.offline import OfflineProvider


class AutogiroProvider(OfflineProvider):
    """No way to give one gift: pledges hold what is drawn, and when."""

    name = "autogiro"
