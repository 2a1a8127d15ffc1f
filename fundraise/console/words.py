"""What codes mean, in plain words: purposes, grounds, long work, and who did it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise
NAMES_KEPT = 300


# What a browser says of itself, the telling signs first.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]
WORK_KINDS: dict[str, Text] = {
    "day_proof": gettext_lazy("The daily proof"),
    "export": gettext_lazy("A list as a file"),
    "earlier_book": gettext_lazy("Gifts from before the start are booked"),
    "earlier_undo": gettext_lazy("Gifts from before the start are taken back"),
    "month_pack": gettext_lazy("The month's pack"),
    "year_statements": gettext_lazy("Yearly statements"),
    "year_mails": gettext_lazy("Mails of yearly statements"),
    "year_papers": gettext_lazy("Yearly statements to print"),
}
WORK_CODES: dict[str, Text] = {
    "lost": gettext_lazy("The workers that did it stopped three times. Try again later."),
    "broken": gettext_lazy("Something in the program broke. The log says what."),
    "some_moved": gettext_lazy(
        "Some gifts were sent back or disputed meanwhile and stand. The others are taken back."
    ),
    "too_early": gettext_lazy(
        "It is too early: gifts of the year may still be booked. Come back on the day that is told."
    ),
    "no_papers": gettext_lazy("Nobody is told by post, so there is nothing to print."),
    "no_right": gettext_lazy("Your account may not take this list out any more."),
    "too_many_rows": gettext_lazy("Excel can't hold so many rows. Take it out as CSV."),
}


PURPOSES: dict[str, Text] = {
    "register": gettext_lazy("To be kept as a donor"),
    "appeals": gettext_lazy("To be asked for gifts"),
    "newsletter": gettext_lazy("To get the newsletter"),
    "receipts": gettext_lazy("To get receipts"),
}
GROUNDS: dict[str, Text] = {
    "consent": gettext_lazy("Consent"),
    "membership": gettext_lazy("Membership"),
    "regular_contact": gettext_lazy("Regular contact"),
}
ENTITY_KINDS: dict[str, Text] = {
    "party": gettext_lazy("party"),
    "union": gettext_lazy("union"),
    "charity": gettext_lazy("charity"),
}


def work_kind(kind: str) -> Text:
    """What long work is about."""
    return WORK_KINDS.get(kind, kind)


def work_code(code: str) -> Text:
    """Why long work failed."""
    return WORK_CODES.get(code, code)


def entity_kind(code: str) -> Text:
    """What kind of movement a legal entity is."""
    return ENTITY_KINDS.get(code, code)


# Parts of the program that do things by themselves; names of firms are said as they are.
PARTS: dict[str, Text] = {
    "stripe": "Stripe",
    "appeals": gettext_lazy("appeals that are sent"),
    "backup": gettext_lazy("backups"),
    "bank": gettext_lazy("the bank's files"),
    "beat": gettext_lazy("by the clock"),
    "draws": gettext_lazy("draws"),
    "gate": gettext_lazy("the gate between parts"),
    "gifts": gettext_lazy("gifts that come in"),
    "go-live": gettext_lazy("going live"),
    "inbound": gettext_lazy("mail that comes in"),
    "journeys": gettext_lazy("journeys that go on"),
    "keys": gettext_lazy("change of keys"),
    "mail-events": gettext_lazy("what became of mails"),
    "mailings": gettext_lazy("mail that goes out"),
    "my_pages": gettext_lazy("My pages"),
    "party": gettext_lazy("party finance"),
    "pledges": gettext_lazy("monthly gifts that go on"),
    "proof": gettext_lazy("the daily proof"),
    "refunds": gettext_lazy("refunds that are sent"),
    "restore": gettext_lazy("a restore"),
    "rules": gettext_lazy("rules of matching"),
    "segments": gettext_lazy("ready-made segments"),
    "suppression-check": gettext_lazy("the nightly look at suppressions"),
    "suppressions": gettext_lazy("addresses not mailed"),
    "trials": gettext_lazy("trials of versions"),
    "unsubscribe": gettext_lazy("the link to unsubscribe"),
    "year_statements": gettext_lazy("yearly statements"),
}


def actor(name: str) -> str:
    """Who did it: the log-in name of "staff:3"; "key:abcd2345", "system:stripe" in words."""
    kind, _sep, who = name.partition(":")
    if kind == "staff":
        return _staff(who)
    if kind == "system":
        return _("the system (%(who)s)") % {"who": PARTS.get(who, who)}
    if kind == "key":
        return _("the key %(who)s") % {"who": who}
    return _("the giver") if kind == "donor" else name


def _staff(key: str) -> str:
    """A log-in name by its key, kept for some minutes: lists name the same few people."""
    kept = cache.get(f"console.staff.{key}")
    if kept is None:
        found = User.objects.filter(pk=int(key)).first() if key.isdigit() else None
        kept = found.get_username() if found else _("staff %(who)s") % {"who": key}
        cache.set(f"console.staff.{key}", kept, NAMES_KEPT)
    return str(kept)
