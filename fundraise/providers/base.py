"""The provider protocol, the registry by dotted path, and the errors that carry a decision.

A provider translates between its own words and facts.py. It never writes a row: what its answers
mean for a gift is decided in settle.py, and calls to it go through services.py alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from fundraise.providers.facts import Fact
from fundraise.providers.models import Account


class ProviderError(Exception):
    """The provider said no. `permanent`: asking again changes nothing. `code` is the provider's."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class UnknownOutcome(ProviderError):
    """The answer was lost: it may have happened. Only the same key may be sent again."""

    def __init__(self, code: str) -> None:
        super().__init__(code, permanent=False)


class ByHand(ProviderError):
    """This provider can't be asked: a person does it at the bank and enters what happened."""

    def __init__(self) -> None:
        super().__init__("by_hand", permanent=True)


class ProviderUnavailable(Exception):
    """Nothing could be begun and nothing was charged; the donor may try again or another way."""


class BadSignature(Exception):
    """The message is not the provider's; every cause is answered the same."""


class WrongEnvironment(Exception):
    """The message is the provider's but for another account, mode or version (`code`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a provider needs to begin collecting a gift; stored before the call, sent unchanged."""

    key: str
    gift_ref: UUID
    attempt: int
    amount_ore: int
    language: str
    email: str
    title: str
    statement_suffix: str
    return_url: str
    cancel_url: str
    expires_at: datetime
    pledge_ref: UUID | None = None  # the first gift of this pledge: save the method for the next


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page about a saved card: a new one (no sum), or one draw that its bank asks about.

    Stored before the call and sent unchanged. It holds refs, and no person.
    """

    key: str
    page_ref: UUID
    pledge_ref: UUID
    collection_ref: UUID | None
    customer_ref: str
    amount_ore: int
    language: str
    title: str
    return_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """A draw on a saved card without its owner; the key is the draw's own, stored before."""

    key: str
    collection_ref: UUID
    pledge_ref: UUID
    amount_ore: int
    customer_ref: str
    method_ref: str


@dataclass(frozen=True, slots=True)
class StartedAttempt:
    """Where the giver goes to pay."""

    session_ref: str
    intent_ref: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """A refund to send; the key is the refund's own, stored before the call."""

    key: str
    refund_ref: UUID
    gift_ref: UUID
    charge_ref: str
    amount_ore: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of the provider, verified and not yet understood."""

    event_id: str
    kind: str
    object_id: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way to give that an entity has open now."""

    method: str
    has_swish: bool
    number: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that the provider sends its messages to."""

    url: str
    is_enabled: bool
    version_is_ours: bool
    missing: tuple[str, ...]  # kinds of message that we work on and that are not sent there


@dataclass(frozen=True, slots=True)
class Health:
    """How an account stands at the provider, in plain facts."""

    account_ref: str
    country: str
    takes_charges: bool
    pays_out: bool
    statement: str
    has_swish: bool
    hooks: tuple[Hook, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A message of our own, signed as the provider's are, to send through our front door."""

    event_id: str
    body: bytes
    headers: Mapping[str, str]


Known = Callable[[list[str]], set[str]]


class Provider(Protocol):
    """One kind of provider. Methods raise ProviderError; none of them moves a row of ours."""

    name: ClassVar[str]
    hosted: ClassVar[bool]  # the giver pays on the provider's own page

    def way(self, account: Account) -> Way | None:
        """The way to give that this account opens on the page, if any."""

    def start(self, account: Account, request: StartRequest) -> StartedAttempt:
        """Open the provider's page. The same key with the same words gives the same attempt.

        Raises UnknownOutcome when the answer was lost.
        """

    def ask(self, account: Account, session_ref: str) -> list[Fact]:
        """The truth about an attempt now."""

    def close(self, account: Account, session_ref: str) -> list[Fact]:
        """Close an attempt that is still open and tell how it stands then."""

    def save_method(self, account: Account, request: PageRequest) -> StartedAttempt:
        """Open a page where a card is saved, or one draw is paid and its card saved.

        `ask` and `close` work on it as on a gift's. Raises UnknownOutcome when the answer was lost.
        """

    def charge(self, account: Account, request: ChargeRequest) -> list[Fact]:
        """Draw on a saved method, at most once per key. A decline is a fact, not an error.

        Raises UnknownOutcome when the answer was lost.
        """

    def find_charge(self, account: Account, request: ChargeRequest, *, end: bool) -> list[Fact]:
        """What became of a draw, found by our ref among the payer's; [] when none was ever made.

        `end`: one that is neither paid nor failed is ended first, so that it never can be paid.
        """

    def forget_payer(self, account: Account, customer_ref: str) -> None:
        """Delete a payer with the cards that are kept; what was paid stays. Harmless when gone."""

    def refund(self, account: Account, request: RefundRequest) -> list[Fact]:
        """Send money back, at most once per key. Raises UnknownOutcome when the answer was lost."""

    def parse(self, account: Account, body: bytes, headers: Mapping[str, str]) -> Incoming:
        """Verify a message on its raw bytes. Raises BadSignature, WrongEnvironment, ValueError."""

    def facts(self, account: Account, kind: str, object_id: str) -> list[Fact] | None:
        """Fetch what an event is about; None when the kind is not for us."""

    def settlements(self, account: Account, since: datetime, known: Known) -> Iterator[Fact]:
        """What moved the balance since an instant, for the nightly pull, the oldest first.

        `known` says which of some balance lines are kept already; those may be left out.
        """

    def health(self, account: Account) -> Health | None:
        """How the account stands; None when there is nobody to ask."""

    def sample(self, account: Account) -> Sample | None:
        """A signed message that changes nothing; None when the provider sends none."""


def provider_of(account: Account) -> Provider:
    """The provider of an account, by its dotted path in settings.PROVIDERS."""
    return provider_named(account.provider)


def provider_named(name: str) -> Provider:
    """A provider by its key. Raises KeyError when settings.PROVIDERS has none."""
    provider: Provider = import_string(settings.PROVIDERS[name])()
    return provider
