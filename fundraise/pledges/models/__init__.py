"""Recurring gifts: the promise, the permission to draw, each period and each attempt to draw it."""

from __future__ import annotations

from fundraise.pledges.models.instalment import (
    Collection,
    CollectionTransition,
    Instalment,
    InstalmentTransition,
)
from fundraise.pledges.models.instead import Instead
from fundraise.pledges.models.mandate import (
    Mandate,
    MandateTransition,
    MandateWording,
    PayerRange,
    Signature,
)
from fundraise.pledges.models.notice import Notice
from fundraise.pledges.models.pledge import Pledge, PledgeChange, PledgeDetails, PledgeTransition

__all__ = [
    "Collection",
    "CollectionTransition",
    "Instalment",
    "InstalmentTransition",
    "Instead",
    "Mandate",
    "MandateTransition",
    "MandateWording",
    "Notice",
    "PayerRange",
    "Pledge",
    "PledgeChange",
    "PledgeDetails",
    "PledgeTransition",
    "Signature",
]
