"""A gift started from outside: what the law and the campaign ask, then the door, then the provider.

Two ways in. A server with a key (`gifts.start`) speaks for its visitors and says their address.
Without a key a form is asked for first, as the donation page gives one out: signed, a little old,
good for one gift. Both go through the same door as the page (providers/defence.py).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing

from api.problems import Problem
from donors import normalise
from donors import queries as donors
from donors.errors import InvalidValue
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import identity
from fundraise.gifts.giver import Giver
from fundraise.providers import defence, queries
from fundraise.providers import services as providers
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.services import GiftRequest, Started

MAX_AGE = timedelta(hours=4)
Json = dict[str, Any]


# --- Forms ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Form:
    """A form that was given out: the gift it names, and since when."""

    submission: bytes
    made_at: datetime

    @property
    def not_before(self) -> datetime:
        return self.made_at + timedelta(seconds=settings.FORM_MIN_SECONDS)

    @property
    def client(self) -> str:
        """How stored requests name who holds it."""
        return f"form:{self.submission.hex()[:32]}"


def new_form(slug: str) -> tuple[str, Form]:
    """A form for a campaign, and what it says."""
    nonce = secrets.token_hex(16)
    return _signer(slug).sign(nonce), Form(_submission(nonce), clock.real_now())


def read_form(text: str, slug: str) -> Form:
    """What a form says, however old it is. Raises Problem: invalid (forged)."""
    try:
        nonce = _signer(slug).unsign(text)
    except signing.BadSignature:
        raise Problem("invalid", code="form_forged", errors=[("/form", "forged")]) from None
    made = datetime.fromtimestamp(signing.b62_decode(text.rsplit(":", 2)[1]), clock.STOCKHOLM)
    return Form(_submission(nonce), made)


def must_be_ripe(form: Form) -> None:
    """A form is good from a moment after it was given out. Raises Problem: expired, too_soon."""
    now = clock.real_now()
    if now > form.made_at + MAX_AGE:
        raise Problem("invalid", code="form_expired", errors=[("/form", "expired")])
    if now < form.not_before:
        raise Problem("invalid", code="form_too_soon", errors=[("/form", "too_soon")])


def _signer(slug: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"api.form/{slug}")


def _submission(nonce: str) -> bytes:
    return hashlib.sha256(f"api form {nonce}".encode()).digest()


# --- What is asked --------------------------------------------------------------------------------
def request_of(given: Json, campaign: Campaign, submission: bytes) -> GiftRequest:
    """The gift that is asked for. Raises Problem: refused (closed), invalid."""
    if campaign.status != Campaign.Status.LIVE:
        raise Problem("refused", "The campaign takes no gifts.", code="campaign_closed")
    amount = given["amount_ore"]
    if not campaign.minimum_ore <= amount <= campaign.maximum_ore:
        code = "min_value" if amount < campaign.minimum_ore else "max_value"
        raise Problem("invalid", errors=[("/amount_ore", code)])
    if given["method"] not in {way.method for way in queries.ways(campaign.entity_id)}:
        raise Problem("refused", "This way to give is not open.", code="method_closed")
    return GiftRequest(
        campaign=campaign,
        amount_ore=amount,
        method=given["method"],
        language=given["language"],
        giver=giver_of(given["giver"], campaign, amount),
        reference=given["reference"],
        submission=submission,
        origin="api",
    )


def giver_of(said: Json, campaign: Campaign, amount_ore: int, holder: Json | None = None) -> Giver:
    """Who gives, with what was asked for and nothing else. `holder`: whose account is drawn on."""
    register = _agreed("register", said["register_version"])
    appeals = _agreed("appeals", said["appeals_version"])
    targeting = _agreed("targeting", said["targeting_version"])
    enough = settings.LEGAL_BASES["register"]
    member = said["member"] and "membership" in enough
    if "consent" in enough and register is None and not member:
        raise Problem("invalid", errors=[("/giver/register_version", "required")])
    rules = identity.asked_on(campaign.entity, clock.today())
    if rules.refuses_foreign and said["abroad"]:
        raise Problem("refused", "The receiver takes no gifts from abroad.", code="foreign")
    asked = rules.asks(amount_ore)
    who: Json = _identity(said, known=holder is not None) if asked else {}
    return Giver(
        name=_cleaned("name", said["name"]),
        email=_cleaned("email", said["email"]),
        **(who | (holder or {})),
        keep_as_donor=register is not None,
        appeals=appeals is not None,
        register_wording_id=register,
        appeals_wording_id=appeals,
        targeting_wording_id=targeting,
        member=member,
    )


def _agreed(purpose: str, version: int | None) -> int | None:
    """The wording that was agreed to: the one in force, since another was not what is shown."""
    if version is None:
        return None
    wording = donors.current_wording(purpose)
    if wording is None or wording.version != version:
        raise Problem("invalid", errors=[(f"/giver/{purpose}_version", "not_in_force")])
    return int(wording.pk)


def _cleaned(field: str, typed: str) -> str:
    try:
        if field == "email":
            return normalise.clean_email(typed)
        text = normalise.clean_text(typed, longest=120, code=field)
    except InvalidValue:
        text = ""
    if not text:
        raise Problem("invalid", errors=[(f"/giver/{field}", "invalid")])
    return text


def _identity(said: Json, *, known: bool = False) -> Json:
    """An organisation's number, a person's number, or an address; and that the gift is theirs."""
    if not said["declaration"]:
        raise Problem("invalid", errors=[("/giver/declaration", "required")])
    if known:
        return {"declaration": True}
    organisation, number = said["organisation"], said["identity_number"]
    found: Json = {"organisation": organisation, "declaration": True}
    if number or organisation:
        return found | {
            "identity_number": number_of(number, organisation, "/giver/identity_number")
        }
    lines = {name: _cleaned(name, said[name]) for name in ("address", "postcode", "city")}
    return found | lines


def number_of(typed: str, organisation: bool, pointer: str) -> str:
    """A personal or organisation number, cleaned. Raises Problem: invalid."""
    clean = normalise.clean_organisation_number if organisation else normalise.clean_personal_number
    try:
        return clean(typed)
    except InvalidValue:
        raise Problem("invalid", errors=[(pointer, "invalid")]) from None


# --- The door and the provider --------------------------------------------------------------------
def start(request: GiftRequest, *, address: str, proof: str) -> Started:
    """Through the door and to the provider. Raises Problem: too-many, prove, refused, away."""
    verdict = defence.admit(request, address=address, proof=proof)
    must_be_ok(verdict, request.submission or b"", address)
    try:
        return providers.start_gift(request)
    except ProviderUnavailable:
        raise Problem("away", headers={"Retry-After": "5"}) from None


def must_be_ok(verdict: defence.Verdict, submission: bytes, address: str) -> None:
    """What the door answered. Raises Problem: too-many, prove, refused."""
    if verdict is defence.Verdict.WAIT:
        raise Problem("too-many", headers={"Retry-After": "60"})
    if verdict is defence.Verdict.CLOSED:
        raise Problem("refused", "Card gifts are closed for the moment.", code="cards_closed")
    if verdict is defence.Verdict.PROVE:
        challenge = defence.challenge(submission, address=address)
        if challenge is None:
            raise Problem("too-many", headers={"Retry-After": "60"})
        raise Problem("prove", extra={"challenge": challenge})
