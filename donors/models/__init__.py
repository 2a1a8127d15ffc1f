"""Donors, how to reach them, what identifies them, and why we may keep and write to them."""

from __future__ import annotations

from donors.models.apart import DonorsApart
from donors.models.basis import ConsentWording, LegalBasis
from donors.models.contact import ContactPoint
from donors.models.donor import Donor, DonorKey
from donors.models.identity import Identity
from donors.models.importing import ForgottenAddress, ImportRow, ImportRun
from donors.models.merge import DonorMerge
from donors.models.tag import DonorTag, Tag

__all__ = [
    "ConsentWording",
    "ContactPoint",
    "Donor",
    "DonorKey",
    "DonorMerge",
    "DonorTag",
    "DonorsApart",
    "ForgottenAddress",
    "Identity",
    "ImportRow",
    "ImportRun",
    "LegalBasis",
    "Tag",
]
