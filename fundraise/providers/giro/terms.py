"""What holds for an agreement: its numbers and keys from the settings, its times on a day."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from fundraise.env import env_str
from fundraise.providers.autogiro import numbers, seal
from fundraise.providers.giro.models import Agreement
from fundraise.providers.models import Account

CUSTOMER_DIGITS = 6


class TermsError(Exception):
    """A setting is missing or wrong; `code` says which: bankgiro, customer_number, seal_key,
    test_key."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Payee:
    """Who we are to Bankgirot. The bankgiro number has no hyphen and no zeros before it."""

    bankgiro: str
    customer_number: str
    key: bytes = field(repr=False)


def payee_of(agreement: Agreement) -> Payee:
    """Number, customer number and seal key of an agreement. Raises TermsError."""
    account = agreement.account
    return Payee(bankgiro_of(account), customer_number_of(account), _key_of(account))


def bankgiro_of(account: Account) -> str:
    """The account's bankgiro number as records have it. Raises TermsError."""
    try:
        return numbers.clean_bankgiro(account.external_id)
    except ValueError:
        raise TermsError("bankgiro") from None


def customer_number_of(account: Account) -> str:
    """Six digits. Raises TermsError."""
    number = setting(account, "CUSTOMER_NUMBER").strip()
    if not number.isascii() or not number.isdigit() or len(number) > CUSTOMER_DIGITS:
        raise TermsError("customer_number")
    return number.rjust(CUSTOMER_DIGITS, "0")


def _key_of(account: Account) -> bytes:
    """The key of the seal; outside live Bankgirot's public test key where none is set."""
    text = setting(account, "SEAL_KEY")
    if not text and not settings.LIVE:
        text = seal.TEST_KEY
    try:
        key = seal.key_of(text)
    except ValueError:
        raise TermsError("seal_key") from None
    if settings.LIVE and key == seal.key_of(seal.TEST_KEY):
        raise TermsError("test_key")
    return key


def setting(account: Account, name: str) -> str:
    """AUTOGIRO_<name>, or that of an account with a prefix of its own (AUTOGIRO_SKANE_<name>)."""
    prefix = account.settings_prefix or "AUTOGIRO"
    if prefix == "AUTOGIRO":
        return str(getattr(settings, f"AUTOGIRO_{name}", ""))
    return env_str(f"{prefix}_{name}")
