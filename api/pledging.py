"""A monthly gift started from outside: what is asked, the sign-up door, the signature.

Both ways in are those of a single gift (starting.py). Account and holder's number are sealed with
the pledge and are in no answer; the mandate is signed as the house demands (settings.
MANDATE_SIGNING): by the tick that `mandate_version` stands for, by a mailed link, or on the
pledge's own page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from api import starting
from api.problems import Problem
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.pledges import queries
from fundraise.pledges.errors import OF_THE_ACCOUNT, PledgeError
from fundraise.pledges.models import Mandate, MandateWording, Pledge
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services.starting import NewAccount, NewPledge
from fundraise.providers import account_words, recurring, sign_ups, signing
from fundraise.providers.autogiro.numbers import clean_bankgiro, identity12, shown_bankgiro
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.papers import wording
from fundraise.providers.recurring import StartedPledge
from fundraise.providers.sign_ups import SignUp
from fundraise.providers.signing import Asked

Json = dict[str, Any]
Variant = MandateWording.Variant
AT_BANK = "internet_bank"
AT_THE_BANK = NewAccount(AccountDetails(), origin=Mandate.Origin.INTERNET_BANK)


@dataclass(frozen=True, slots=True)
class Asking:
    """A sign-up that may go through the door, and where it comes from."""

    new: NewPledge
    account: NewAccount | None
    address: str
    agent: str = ""


def days() -> list[int]:
    """The days of the month that may be chosen."""
    return sorted({*settings.PLEDGE_DAYS, settings.PLEDGE_DAY})


# --- What is asked --------------------------------------------------------------------------------
def asking(given: Json, campaign: Campaign, submission: bytes, address: str, agent: str) -> Asking:
    """The monthly gift that is asked for. Raises Problem: refused, invalid."""
    _must_be_open(given, campaign)
    said = given["account"]
    by_account = given["method"] in _with_account()
    if given["internet_bank"] and (not by_account or said is not None):
        raise Problem("invalid", errors=[("/internet_bank", "not_taken")])
    if given["internet_bank"]:
        return Asking(_new(given, campaign, submission, None), AT_THE_BANK, address, agent)
    if by_account != (said is not None):
        raise Problem("invalid", errors=[("/account", "required" if by_account else "unknown")])
    holder = _holder(said) if said else None
    account = _account(said, holder, given["language"]) if said and holder else None
    return Asking(_new(given, campaign, submission, holder), account, address, agent)


def _new(given: Json, campaign: Campaign, submission: bytes, holder: Json | None) -> NewPledge:
    return NewPledge(
        campaign=campaign,
        amount_ore=given["amount_ore"],
        day=given["day"] or settings.PLEDGE_DAY,
        giver=starting.giver_of(given["giver"], campaign, given["amount_ore"], holder),
        method=given["method"],
        interval_months=given["interval_months"],
        language=given["language"],
        origin="api",
        reference=given["reference"],
        submission=submission,
    )


def _must_be_open(given: Json, campaign: Campaign) -> None:
    if campaign.status != Campaign.Status.LIVE:
        raise Problem("refused", "The campaign takes no gifts.", code="campaign_closed")
    open_now = recurring.ways(campaign.entity_id) if campaign.monthly_open else []
    if given["method"] not in open_now:
        raise Problem("refused", "This way to give every month is not open.", code="method_closed")
    amount = given["amount_ore"]
    if not campaign.minimum_ore <= amount <= campaign.maximum_ore:
        code = "min_value" if amount < campaign.minimum_ore else "max_value"
        raise Problem("invalid", errors=[("/amount_ore", code)])
    if given["day"] is not None and given["day"] not in days():
        raise Problem("invalid", errors=[("/day", "invalid_choice")])


def _with_account() -> set[str]:
    return {way.method for way in recurring.methods() if way.asks_account}


def _holder(said: Json) -> Json:
    """Whose account it is: the giver's own number."""
    organisation = said["variant"] != Variant.PERSON
    number = starting.number_of(said["identity_number"], organisation, "/account/identity_number")
    return {"identity_number": number, "organisation": organisation}


def _account(said: Json, holder: Json, language: str) -> NewAccount:
    if said["variant"] not in signing.variants(settings.MANDATE_SIGNING):
        raise Problem("invalid", errors=[("/account/variant", "not_taken")])
    text = wording.current(said["variant"], language, clock.today())
    if text is None or text.version != said["mandate_version"]:
        raise Problem("invalid", errors=[("/account/mandate_version", "not_in_force")])
    account16, hint = _number(said)
    return NewAccount(
        details=AccountDetails(account16, identity12(holder["identity_number"])),
        hint=hint,
        variant=said["variant"],
        wording_id=text.pk,
    )


def _number(said: Json) -> tuple[str, str]:
    """The sixteen digits of what is drawn on, and how it is shown."""
    if said["variant"] == Variant.BANKGIRO:
        try:
            number = clean_bankgiro(said["account"])
        except ValueError:
            raise Problem("invalid", errors=[("/account/account", "invalid")]) from None
        return number.rjust(16, "0"), f"Bankgiro {shown_bankgiro(number)}"
    look = account_words.look(said["account"])
    if look.account is None:
        raise Problem("invalid", str(look.said), errors=[("/account/account", "invalid")])
    return look.account.field16, f"{look.bank} {look.account.masked}".strip()


# --- The door, the provider and the signature -----------------------------------------------------
def start(asked: Asking, *, proof: str) -> tuple[StartedPledge, Pledge, str]:
    """Begin it; returns it with what it waits for: "", mail_link, page, provider, internet_bank.

    Raises Problem: too-many, prove, away.
    """
    new, account = asked.new, asked.account
    sign_up = SignUp(
        entity_id=new.campaign.entity_id,
        amount_ore=new.amount_ore,
        method=new.method,
        email=new.giver.email,
        account=account.details.account16 if account else "",
        submission=new.submission,
    )
    verdict = sign_ups.admit(sign_up, address=asked.address, proof=proof)
    starting.must_be_ok(verdict, new.submission or b"", asked.address)
    try:
        begun = recurring.start(new, account)
        waits = _signed(asked, begun) if account else ("provider" if begun.redirect_url else "")
    except PledgeError as error:
        if error.code in OF_THE_ACCOUNT:
            raise Problem("invalid", errors=[("/account/account", "not_taken")]) from None
        raise Problem("away", headers={"Retry-After": "5"}) from None
    except ProviderUnavailable:
        raise Problem("away", headers={"Retry-After": "5"}) from None
    return begun, Pledge.objects.get(pk=begun.pledge_id), waits


def number_to_type(pledge: Pledge) -> str | None:
    """What the giver types in the Internet bank."""
    mandate = queries.waiting_mandate(pledge.pk)
    return mandate.payer_number if mandate is not None else None


def _signed(asked: Asking, begun: StartedPledge) -> str:
    """Ask for the signature that the house demands; what it waits for after that."""
    mandate = queries.waiting_mandate(begun.pledge_id)
    if mandate is None or mandate.state != Mandate.State.DRAFT:
        return ""
    if mandate.origin == Mandate.Origin.INTERNET_BANK:
        return AT_BANK
    signer = signing.chosen()
    if signer.begins_later:
        return "page"
    pledge = Pledge.objects.get(pk=begun.pledge_id)
    whose = Asked(mandate, pledge, pledge.language, asked.address, asked.agent)
    return "" if signing.begin(whose).state == signing.SIGNED else signer.way
