"""What providers without a service to call have in common: they refuse to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from fundraise.providers.base import (
    BadSignature,
    ByHand,
    ChargeRequest,
    Health,
    Incoming,
    Known,
    PageRequest,
    RefundRequest,
    Sample,
    StartedAttempt,
    StartRequest,
    Way,
)
from fundraise.providers.facts import Fact
from fundraise.providers.models import Account


class OfflineProvider:
    """A provider that a person or a bank file speaks for."""

    name: ClassVar[str]
    hosted: ClassVar[bool] = False

    def way(self, account: Account) -> Way | None:
        return None

    def start(self, account: Account, request: StartRequest) -> StartedAttempt:
        raise ByHand

    def ask(self, account: Account, session_ref: str) -> list[Fact]:
        return []

    def close(self, account: Account, session_ref: str) -> list[Fact]:
        return []

    def save_method(self, account: Account, request: PageRequest) -> StartedAttempt:
        raise ByHand

    def charge(self, account: Account, request: ChargeRequest) -> list[Fact]:
        raise ByHand

    def find_charge(self, account: Account, request: ChargeRequest, *, end: bool) -> list[Fact]:
        return []

    def forget_payer(self, account: Account, customer_ref: str) -> None:
        raise ByHand

    def refund(self, account: Account, request: RefundRequest) -> list[Fact]:
        """Staff sends it back at the bank and books it when the bank line shows it."""
        raise ByHand

    def parse(self, account: Account, body: bytes, headers: Mapping[str, str]) -> Incoming:
        raise BadSignature

    def facts(self, account: Account, kind: str, object_id: str) -> list[Fact] | None:
        return None

    def settlements(self, account: Account, since: datetime, known: Known) -> Iterator[Fact]:
        return iter(())

    def health(self, account: Account) -> Health | None:
        return None

    def sample(self, account: Account) -> Sample | None:
        return None
