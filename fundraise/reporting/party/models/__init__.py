"""What the party-finance report needs beside gifts and books, and what was filed."""

from __future__ import annotations

from fundraise.reporting.party.models.asked import IdentityAsk
from fundraise.reporting.party.models.filed import (
    PartyReport,
    ReportDonor,
    ReportIdentity,
    ReportLine,
)
from fundraise.reporting.party.models.holds import ForeignLook, Hold
from fundraise.reporting.party.models.typed import (
    CashCollection,
    GiftInKind,
    TypedSum,
    WithinParty,
    YearFacts,
)

__all__ = [
    "CashCollection",
    "ForeignLook",
    "GiftInKind",
    "Hold",
    "IdentityAsk",
    "PartyReport",
    "ReportDonor",
    "ReportIdentity",
    "ReportLine",
    "TypedSum",
    "WithinParty",
    "YearFacts",
]
