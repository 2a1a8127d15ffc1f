"""What the builder of segments offers: each kind of condition with its fields, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from donors.models import Tag
from fundraise.campaigns.models import Campaign, Fund
from fundraise.console.fields import FundField
from fundraise.gifts.models import Channel
from mailings.appeals.models import Appeal
from mailings.segments import words
from mailings.segments.models import Segment

Field = dict[str, Any]
MOST_OFFERED = 300


def kinds(language: str, inside: Segment | None = None) -> list[dict[str, Any]]:
    """Groups of kinds for the menu; each kind begins with values that can be counted at once."""
    appeals = appeal_titles()
    places = [_many("campaigns", _("To the campaigns"), campaign_titles(language), free=True)]
    if len(funds := fund_names()) > 1:
        places.append(_many("funds", _("For the funds"), funds, free=True))
    return [
        {"title": _("What they gave"), "kinds": _giving(places)},
        {"title": _("Monthly gifts"), "kinds": _monthly(places)},
        {"title": _("Mail"), "kinds": _mail(appeals)},
        {"title": _("Who and where"), "kinds": _people()},
        {"title": _("What we may"), "kinds": _grounds()},
        {"title": _("Other"), "kinds": _other(language, inside)},
    ]


def campaign_titles(language: str) -> dict[str, str]:
    """Ref and title, the newest first."""
    rows = Campaign.objects.order_by("-starts_on", "-pk")[:MOST_OFFERED]
    return {str(one.ref): one.title(language) for one in rows}


def fund_names() -> dict[str, str]:
    """Ref and name of what money can be for."""
    funds = Fund.objects.select_related("entity").order_by("entity", "pk")
    field = FundField(funds)
    return {str(one.ref): field.label_from_instance(one) for one in funds[:MOST_OFFERED]}


def appeal_titles() -> dict[str, str]:
    """Appeals that left, the newest first."""
    rows = Appeal.objects.exclude(started_at=None).order_by("-started_at")[:MOST_OFFERED]
    return {str(ref): title for ref, title in rows.values_list("ref", "title")}


def segment_names(language: str, inside: Segment | None = None) -> dict[str, str]:
    """Segments that are in use, by name; less the one `inside` which one would be put."""
    rows = Segment.objects.filter(archived_at=None).exclude(pk=inside.pk if inside else 0)
    rows = rows.order_by("name")[:MOST_OFFERED]
    return {str(one.ref): one.called(language) for one in rows}


def _kind(code: str, title: str, fields: list[Field], **first: Any) -> dict[str, Any]:
    return {"code": code, "title": title, "fields": fields, "first": {"is": code, **first}}


def _many(name: str, label: str, options: dict[Any, Any], *, free: bool = False) -> Field:
    shown = [{"value": value, "label": str(text)} for value, text in options.items()]
    return {"name": name, "as": "many", "label": label, "options": shown, "free": free}


def _one(name: str, label: str, options: dict[Any, Any]) -> Field:
    shown = [{"value": value, "label": str(text)} for value, text in options.items()]
    return {"name": name, "as": "one", "label": label, "options": shown}


def _plain(name: str, kind: str, label: str, *, free: bool = False) -> Field:
    return {"name": name, "as": kind, "label": label, "free": free}


def _money() -> list[Field]:
    return [
        _plain("at_least", "kronor", _("At least"), free=True),
        _plain("at_most", "kronor", _("At most"), free=True),
    ]


def _times() -> list[Field]:
    return [
        _plain("at_least", "number", _("At least"), free=True),
        _plain("at_most", "number", _("At most"), free=True),
    ]


def _giving(places: list[Field]) -> list[dict[str, Any]]:
    during = _plain("during", "when", _("When"), free=True)
    day = {"last": 12, "unit": "months"}
    cut = [*places, _many("channels", _("Paid by"), dict(Channel.choices), free=True)]
    return [
        _kind("gave", _("Sum given"), [*_money(), during, *cut],
              measure="sum", at_least=500_00, during=day),
        _kind("gave", _("Number of gifts"), [*_times(), during, *cut],
              measure="gifts", at_least=1, during=day),
        _kind("gave", _("Largest gift"), [*_money(), during, *cut],
              measure="largest", at_least=1000_00),
        _kind("gave", _("Sum of the last gift"), [*_money(), *cut],
              measure="latest", at_least=200_00),
        _kind("first_gift", _("First gift"), [_plain("when", "when", _("When")), *cut],
              when={"last": 90, "unit": "days"}),
        _kind("last_gift", _("Last gift"), [_plain("when", "when", _("When")), *cut], when=day),
    ]  # fmt: skip


def _monthly(places: list[Field]) -> list[dict[str, Any]]:
    return [
        _kind(
            "pledge", _("Monthly gift"),
            [
                _many("states", _("That"), words.PLEDGE_STATES, free=True), *_money(),
                _many("intervals", _("How often"), words.INTERVALS, free=True),
                _many("methods", _("Paid by"), words.METHODS, free=True),
                _plain("started", "when", _("Begun"), free=True),
                _plain("ended", "when", _("Ended"), free=True),
                *places,
            ],
            states=["active"],
        ),
        _kind("failing", _("Monthly gift that could not be drawn"), []),
        _kind("card_ends", _("Card that ends soon"),
              [_plain("within_days", "number", _("Within days"))], within_days=60),
        _kind("mandate", _("Mandate"),
              [_many("states", _("That is"), words.MANDATE_STATES)], states=["active"]),
    ]  # fmt: skip


def _mail(appeals: dict[str, str]) -> list[dict[str, Any]]:
    stood = [_plain("when", "when", _("When"), free=True), *_times()]
    month = {"last": 30, "unit": "days"}
    found = [
        _kind("mailed", _("Was sent an appeal"), stood, when=month),
        _kind("clicked", _("Clicked in an appeal"), stood, when={"last": 180, "unit": "days"}),
        _kind("has_email", _("Has an e-mail address"), []),
        _kind("has_address", _("Has a postal address"), []),
        _kind("suppressed", _("Has an address that must not be mailed"), []),
    ]
    if appeals:
        did = {"received": _("got it"), "clicked": _("clicked in it")}
        fields = [_one("ref", _("Appeal"), appeals), _one("what", _("And"), did)]
        first = next(iter(appeals))
        found.insert(
            2, _kind("appeal", _("One certain appeal"), fields, ref=first, what="received")
        )
    return found


def _people() -> list[dict[str, Any]]:
    return [
        _kind("language", _("Language"),
              [_many("one_of", _("Reads"), words.LANGUAGES)], one_of=["sv"]),
        _kind("kind", _("Person or organisation"),
              [_many("one_of", _("Is"), words.KINDS)], one_of=["person"]),
        _kind("postcode", _("Postcode"),
              [_plain("ranges", "words", _("Beginnings or ranges: 114, 12000-12999"))],
              ranges=["1"]),
        _kind("town", _("Town"), [_plain("one_of", "words", _("Towns"))], one_of=["Stockholm"]),
        _kind("country", _("Country"),
              [_plain("one_of", "words", _("Codes: SE, FI"))], one_of=["SE"]),
        _kind("known", _("Came to the register"), [_plain("when", "when", _("When"))],
              when={"last": 12, "unit": "months"}),
        _kind("source", _("Came from"),
              [_many("one_of", _("Is"), words.SOURCES)], one_of=["donation_page"]),
    ]  # fmt: skip


def _grounds() -> list[dict[str, Any]]:
    purpose = _one("purpose", _("For"), words.PURPOSES)
    bases = _many("one_of", _("Basis"), words.BASES)
    return [
        _kind("allowed", _("May be used for"), [purpose], purpose="appeals"),
        _kind("basis", _("Legal basis"), [purpose, bases], purpose="appeals", one_of=["consent"]),
    ]


def _other(language: str, inside: Segment | None) -> list[dict[str, Any]]:
    segments = segment_names(language, inside)
    tags = dict(Tag.objects.order_by("label").values_list("label", "label")[:MOST_OFFERED])
    share = [
        _plain("percent", "number", _("Per cent")),
        _plain("from", "number", _("From per cent"), free=True),
        _plain("seed", "text", _("Draw (another word is another draw)")),
    ]
    found = [_kind("share", _("Some by lot"), share, percent=10, seed="a")]
    if tags:
        first = next(iter(tags))
        found.insert(0, _kind("tag", _("Tag"), [_many("one_of", _("Bears"), tags)], one_of=[first]))
    if segments:
        fields = [_one("ref", _("Segment"), segments)]
        found.insert(0, _kind("segment", _("Another segment"), fields, ref=next(iter(segments))))
    return found
