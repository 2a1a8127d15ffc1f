"""Cash and bank gifts that staff enter, and refunds that staff send by hand."""

from __future__ import annotations

from fundraise.providers.offline import OfflineProvider


class ManualProvider(OfflineProvider):
    """Nothing is called; services.py of this package writes what staff says happened."""

    name = "manual"
