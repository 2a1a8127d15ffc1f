"""Who gives: asked where a year's gifts near the limit that the party-finance law sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from donors.errors import InvalidValue
from donors.values import PostalAddress
from fundraise import clock
from fundraise.give import links
from fundraise.give.mine import frame
from fundraise.give.mine.people import Person
from fundraise.limits import services as limits
from fundraise.reporting.party import identifying, ruling
from fundraise.reporting.party.identifying import Told
from fundraise.reporting.party.models import IdentityAsk

LONGEST = 120
FIELDS = ("name", "address", "postcode", "city")
ELSEWHERE = "ZZ"


@dataclass(frozen=True, slots=True)
class Asked:
    """One entity's question for a year."""

    ref: UUID
    payee: str
    year: int
    sum_ore: int
    limit_ore: int
    knows_name: bool


def waiting(person: Person) -> list[IdentityAsk]:
    """What this person is asked."""
    ids = [donor.pk for donor in person.donors]
    return list(identifying.open_for(ids, person.keys))


def identity(request: HttpRequest, person: Person) -> HttpResponse:
    """GET asks; POST keeps the answer, once."""
    language = str(request.LANGUAGE_CODE)
    rows = waiting(person)
    if request.method != "POST":
        return _shown(request, rows)
    said = {name: request.POST.get(name, "").strip()[: LONGEST + 1] for name in FIELDS}
    said["country"] = request.POST.get("country", "SE")
    ask = next((row for row in rows if str(row.ref) == request.POST.get("ask")), None)
    if ask is None:  # told before, by another press or another who shares the box
        return frame.go(f"{links.own('identity', language)}?told=1")
    if not limits.take("mine-change", f"identity:{ask.ref}", clock.real_now()):
        return frame.page(request, "give/mine/many.html", status=429)
    wrong = _wrong(ask, said)
    if not wrong:
        address = PostalAddress((said["address"],), said["postcode"], said["city"], said["country"])
        try:
            identifying.tell(ask, Told(said["name"], address), by=_by(ask))
            return frame.go(f"{links.own('identity', language)}?told=1")
        except InvalidValue as error:
            wrong = _of(error.code)
    return _shown(request, rows, said, wrong, asked=str(ask.ref))


def _by(ask: IdentityAsk) -> str:
    return f"donor:{ask.donor.ref}" if ask.donor is not None else "system:my_pages"


def _wrong(ask: IdentityAsk, said: Mapping[str, str]) -> dict[str, str]:
    missing = {
        "name": _("Write your name."),
        "address": _("Write the street address."),
        "postcode": _("Write the postcode."),
        "city": _("Write the town."),
    }
    if ask.donor_id is not None:
        del missing["name"]  # the register has it
    if said["country"] != "SE":
        del missing["postcode"]  # not every country has them
    found = {name: text for name, text in missing.items() if not said[name]}
    too_long = _("Write at most 120 characters.")
    found |= {name: too_long for name in FIELDS if len(said[name]) > LONGEST}
    if said["country"] not in dict(_countries()):
        found["country"] = _("Choose a country.")
    if said["name"] and "name" in missing and "name" not in found and not any(
        sign.isalpha() for sign in said["name"]
    ):  # fmt: skip
        found["name"] = _("Write your name.")
    return found


def _of(code: str) -> dict[str, str]:
    if code == "postcode_invalid":
        return {"postcode": _("Write the postcode with five digits.")}
    return {"address": _("Write the street address.")}


def _countries() -> list[tuple[str, str]]:
    return [
        ("SE", _("Sweden")),
        ("NO", _("Norway")),
        ("DK", _("Denmark")),
        ("FI", _("Finland")),
        ("DE", _("Germany")),
        ("GB", _("United Kingdom")),
        ("US", _("United States")),
        (ELSEWHERE, _("Another country")),
    ]


def _shown(
    request: HttpRequest,
    rows: list[IdentityAsk],
    said: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    asked: str = "",
) -> HttpResponse:
    language, found = str(request.LANGUAGE_CODE), dict(wrong or {})
    row = next((one for one in rows if str(one.ref) == asked), rows[0] if rows else None)
    values = dict(said or {})
    if row is not None and not values:
        values = {"name": identifying.name_of(row) if row.donor_id is None else ""}
    return frame.page(
        request,
        "give/mine/identity.html",
        status=422 if found else 200,
        logged_in=True,
        here="details",
        title=_("Who gives?"),
        asked=_asked(row) if row is not None else None,
        told="told" in request.GET,
        values=values,
        errors=found,
        error=next(iter(found.values()), ""),
        error_at=next(iter(found), ""),
        countries=_countries(),
        identity_url=links.own("identity", language),
    )


def _asked(row: IdentityAsk) -> Asked:
    limit = ruling.limits_of(row.entity_id, row.year).anonymous_ore
    return Asked(
        row.ref, row.entity.name, row.year, row.sum_ore, limit, row.donor_id is not None
    )  # fmt: skip
