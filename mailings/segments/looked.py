"""What a condition looked at for one donor, in words: what `seen.py` reads, said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from fundraise.money import format_kronor
from mailings.segments import words
from mailings.segments.tree import Is

Words = Mapping[str, str | Promise]


def said(one: Is, value: object, language: str) -> str:
    """In words; empty where yes or no says it all."""
    if value is None:
        return ""
    with override(language):
        return _KINDS.get(one.kind, _plain)(one, str(value))


def _plain(_one: Is, value: str) -> str:
    return value


def _word(known: Words) -> Callable[[Is, str], str]:
    return lambda _one, value: str(known.get(value, value))


def _some(known: Words) -> Callable[[Is, str], str]:
    """Codes with commas between; none is said too."""

    def said(_one: Is, value: str) -> str:
        codes = list(dict.fromkeys(value.split(","))) if value else []
        return ", ".join(str(known.get(code, code)) for code in codes) or _("none")

    return said


def _gave(one: Is, value: str) -> str:
    if one.args["measure"] != "gifts":
        return format_kronor(int(value))
    number = int(value)
    return ngettext("%(n)s gift", "%(n)s gifts", number) % {"n": number}


def _pledges(_one: Is, value: str) -> str:
    """ "is going on, 200 kr; is over, 100 kr"."""
    told = []
    for one in value.split(",") if value else []:
        state, _colon, ore = one.partition(":")
        told.append(f"{words.PLEDGE_STATES.get(state, state)}, {format_kronor(int(ore))}")
    return "; ".join(told) or _("none")


def _stood(_one: Is, value: str) -> str:
    number, _comma, day = value.partition(",")
    if not day:
        return _("never")
    times = ngettext("%(n)s time, last %(day)s", "%(n)s times, last %(day)s", int(number))
    return times % {"n": number, "day": day}


def _share(_one: Is, value: str) -> str:
    return _("drew %(place)s of 100") % {"place": value}


_KINDS: dict[str, Callable[[Is, str], str]] = {
    "kind": _word(words.KINDS),
    "language": _word(words.LANGUAGES),
    "source": _word(words.SOURCES),
    "gave": _gave,
    "allowed": _some(words.BASES),
    "basis": _some(words.BASES),
    "tag": lambda _one, value: value or _("none"),
    "pledge": _pledges,
    "mandate": _some(words.MANDATE_STATES),
    "card_ends": lambda _one, value: value or _("none"),
    "mailed": _stood,
    "clicked": _stood,
    "share": _share,
}
