"""A tree as a sentence, in Swedish or English, and what is wrong with one in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override, pgettext_lazy

from fundraise.gifts.models import Channel
from mailings.segments.clauses import kronor, last_of, listed, quoted, ranged, when
from mailings.segments.tree import All, Is, Node, Not, Some

PROBLEMS = {
    "no_node": gettext_lazy("This is no condition and no group."),
    "too_deep": gettext_lazy("Groups go six deep at most."),
    "too_many": gettext_lazy("These are too many conditions; split them into segments."),
    "unknown_kind": gettext_lazy("There is no condition of this kind."),
    "unknown_field": gettext_lazy("The condition has no such field."),
    "bad_value": gettext_lazy("This value can't be used here."),
    "missing": gettext_lazy("Something has to be chosen or written here."),
    "range_turned": gettext_lazy("“At least” is more than “at most”."),
    "latest_has_no_period": gettext_lazy("The last gift has no period: use “last gift” for that."),
    "share_over_hundred": gettext_lazy("The share ends beyond a hundred per cent."),
    "ring": gettext_lazy("A segment can't be inside itself, not by way of others either."),
    "no_segment": gettext_lazy("The segment that is named here is gone."),
}
ERRORS = {
    "name_needed": gettext_lazy("Give the segment a name."),
    "name_too_long": gettext_lazy("The name is too long: at most 90 letters."),
    "newer_version": gettext_lazy(
        "Somebody saved this segment meanwhile. Copy what you need, and open it again."
    ),
    "archived": gettext_lazy("The segment is put away. Take it out again before you change it."),
    "no_such_segment": gettext_lazy("The segment is not there."),
    "too_slow": gettext_lazy(
        "The question took too long and was stopped. Use fewer or simpler conditions."
    ),
}
PURPOSES = {
    "register": gettext_lazy("being kept in the register"),
    "appeals": gettext_lazy("being asked for gifts"),
    "newsletter": gettext_lazy("getting newsletters"),
    "receipts": gettext_lazy("getting receipts"),
    "targeting": gettext_lazy("being chosen by what we know"),
    "tracking": gettext_lazy("having clicks measured"),
}
BASES = {
    "consent": gettext_lazy("consent"),
    "membership": gettext_lazy("membership"),
    "regular_contact": gettext_lazy("regular contact"),
}
PLEDGE_STATES = {
    "pending": gettext_lazy("awaits the bank"),
    "active": gettext_lazy("is going on"),
    "paused": gettext_lazy("is on pause"),
    "halted": gettext_lazy("needs a new account or card"),
    "ended": gettext_lazy("is over"),
}
MANDATE_STATES = {
    "draft": gettext_lazy("not signed"),
    "received": gettext_lazy("to be answered"),
    "created": gettext_lazy("to be sent"),
    "sent": gettext_lazy("sent to the bank"),
    "active": gettext_lazy("approved"),
    "retiring": gettext_lazy("being replaced"),
    "ending": gettext_lazy("being ended"),
    "refused": gettext_lazy("refused"),
    "ended": gettext_lazy("ended"),
}
INTERVALS = {
    1: gettext_lazy("every month"),
    3: gettext_lazy("every quarter"),
    6: gettext_lazy("every half-year"),
    12: gettext_lazy("every year"),
}
LANGUAGES = {"sv": pgettext_lazy("reads", "Swedish"), "en": pgettext_lazy("reads", "English")}
KINDS = {
    "person": gettext_lazy("a person"),
    "organisation": gettext_lazy("an organisation"),
}

METHODS = {"autogiro": gettext_lazy("Autogiro"), "card": gettext_lazy("Card")}
SOURCES = {
    "donation_page": gettext_lazy("the donation page"),
    "import": gettext_lazy("a list that was brought in"),
    "staff": gettext_lazy("staff, by hand"),
    "api": gettext_lazy("another system of ours"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What refs are called, in the reader's language."""

    campaigns: Mapping[str, str] = field(default_factory=dict)
    appeals: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    funds: Mapping[str, str] = field(default_factory=dict)


def sentence(node: Node, language: str, names: Names | None = None) -> str:
    """All of it: "Everybody who gave …"."""
    with override(language):
        if node == All(()):
            return _("Everybody.")
        return _("Everybody who %(conditions)s.") % {"conditions": _said(node, names or Names())}


def phrase(node: Node, language: str, names: Names | None = None) -> str:
    """One condition, or what it is turned round to."""
    with override(language):
        return _said(node, names or Names())


def _said(node: Node, names: Names, *, inside: bool = False) -> str:
    match node:
        case Is(kind, args):
            return _KINDS[kind](args, names)
        case Not(Is() as one) if not _is_double(one):
            return _("is not somebody who %(condition)s") % {"condition": _said(one, names)}
        case Not(inner):
            return _("does not fit this (%(condition)s)") % {"condition": _said(inner, names)}
        case All(nodes):
            return _group([_said(one, names, inside=True) for one in nodes], _("and"), inside)
        case Some(nodes):
            if not nodes:
                return _("fits nothing")
            return _group([_said(one, names, inside=True) for one in nodes], _("or"), inside)


def _is_double(one: Is) -> bool:
    """Whether a condition says two things, so that "not" needs a bracket around them."""
    return one.kind in ("mailed", "clicked") and "when" in one.args and len(one.args) > 1


def _group(parts: list[str], word: str, inside: bool) -> str:
    if not parts:
        return _("fits anything")
    text = f" {word} ".join(parts)
    return f"({text})" if inside and len(parts) > 1 else text


def _gave(args: Mapping[str, Any], names: Names) -> str:
    tail = _tail(args, names, args.get("during"))
    if args["measure"] in ("gifts", "sum") and args.get("at_most") == 0:
        return _("gave nothing") + tail
    if args["measure"] == "gifts":
        if (args.get("at_least"), args.get("at_most")) == (1, None):
            return _("gave") + tail
        times = ngettext("gave %(range)s time", "gave %(range)s times", last_of(args))
        return times % {"range": ranged(args, str)} + tail
    texts = {
        "sum": _("gave %(range)s in all"),
        "largest": _("gave %(range)s as the largest gift"),
        "latest": _("gave %(range)s the last time"),
    }
    return texts[args["measure"]] % {"range": ranged(args, kronor)} + tail


def _tail(args: Mapping[str, Any], names: Names, period: Mapping[str, Any] | None) -> str:
    parts = []
    if "campaigns" in args:
        titles = [quoted(names.campaigns.get(ref, ref)) for ref in args["campaigns"]]
        parts.append(_("to %(campaigns)s") % {"campaigns": listed(titles)})
    if "funds" in args:
        called = [quoted(names.funds.get(ref, ref)) for ref in args["funds"]]
        parts.append(_("for the fund %(funds)s") % {"funds": listed(called)})
    if "channels" in args:
        ways = [str(Channel(one).label) for one in args["channels"]]
        parts.append(_("by %(channels)s") % {"channels": listed(ways)})
    if period is not None:
        parts.append(when(period))
    return "".join(f" {part}" for part in parts)


def _end_gift(text: str) -> Callable[[Mapping[str, Any], Names], str]:
    def said(args: Mapping[str, Any], names: Names) -> str:
        return _(text) + _tail(args, names, args["when"])

    return said


def _pledge(args: Mapping[str, Any], names: Names) -> str:
    text = _("has a monthly gift") if "states" in args or args else _("ever had a monthly gift")
    if {"at_least", "at_most"} & args.keys():
        text += " " + _("of %(range)s") % {"range": ranged(args, kronor)}
    if "intervals" in args:
        text += " " + listed([INTERVALS[one] for one in args["intervals"]])
    text += _tail(
        {name: args[name] for name in ("campaigns", "funds") if name in args}, names, None
    )
    if "methods" in args:
        ways = [str(METHODS.get(one, one)).lower() for one in args["methods"]]
        text += " " + _("by %(channels)s") % {"channels": listed(ways)}
    if "states" in args:
        text += " " + _("that %(states)s") % {
            "states": listed([PLEDGE_STATES[one] for one in args["states"]])
        }
    if "started" in args:
        text += " " + _("begun %(when)s") % {"when": when(args["started"])}
    if "ended" in args:
        text += " " + _("ended %(when)s") % {"when": when(args["ended"])}
    return text


def _stood(verb: str, times: Callable[[int], str]) -> Callable[[Mapping[str, Any], Names], str]:
    def said(args: Mapping[str, Any], _names: Names) -> str:
        parts = [f"{_(verb)} {when(args['when'])}"] if "when" in args else []
        if {"at_least", "at_most"} & args.keys():
            parts.append(times(last_of(args)) % {"range": ranged(args, str)})
        return f" {_('and')} ".join(parts)

    return said


def _appeal(args: Mapping[str, Any], names: Names) -> str:
    title = names.appeals.get(args["ref"], args["ref"])
    if args["what"] == "received":
        return _("got the appeal “%(title)s”") % {"title": title}
    return _("clicked in the appeal “%(title)s”") % {"title": title}


def _share(args: Mapping[str, Any], _names: Names) -> str:
    first = args.get("from", 0)
    if first:
        return _("is drawn by lot, from %(first)s to %(last)s %% (draw %(seed)s)") % {
            "first": first, "last": first + args["percent"], "seed": args["seed"],
        }  # fmt: skip
    return _("is drawn by lot, %(percent)s %% (draw %(seed)s)") % args


def _of(text: str, shown: Callable[[Any], object], name: str = "one_of") -> Any:
    def said(args: Mapping[str, Any], _names: Names) -> str:
        return _(text) % {"what": listed([shown(one) for one in args[name]])}

    return said


def _basis(args: Mapping[str, Any], _names: Names) -> str:
    return _("has %(bases)s for %(purpose)s") % {
        "bases": listed([BASES[one] for one in args["one_of"]]),
        "purpose": PURPOSES.get(args["purpose"], args["purpose"]),
    }


_KINDS: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "kind": _of("is %(what)s", KINDS.__getitem__),
    "language": _of("reads %(what)s", LANGUAGES.__getitem__),
    "source": _of("came from %(what)s", lambda code: SOURCES.get(code, code)),
    "known": lambda args, _names: _("came to the register %(when)s") % {"when": when(args["when"])},
    "postcode": _of("has a postcode in %(what)s", str, "ranges"),
    "town": _of("lives in %(what)s", str),
    "country": _of("lives in the country %(what)s", str),
    "allowed": lambda args, _names: (
        _("may be used for %(purpose)s")
        % {"purpose": PURPOSES.get(args["purpose"], args["purpose"])}
    ),
    "basis": _basis,
    "tag": _of("bears the tag %(what)s", quoted),
    "gave": _gave,
    "first_gift": _end_gift("gave the first gift"),
    "last_gift": _end_gift("gave the last gift"),
    "pledge": _pledge,
    "failing": lambda _args, _names: _("has a monthly gift that could not be drawn"),
    "card_ends": lambda args, _names: (
        _("has a card for monthly gifts that ends within %(n)s days") % {"n": args["within_days"]}
    ),
    "mandate": _of("has a mandate that is %(what)s", MANDATE_STATES.__getitem__, "states"),
    "mailed": _stood(
        "was sent an appeal",
        lambda n: ngettext("was sent %(range)s appeal", "was sent %(range)s appeals", n),
    ),
    "clicked": _stood(
        "clicked in an appeal",
        lambda n: ngettext("clicked in %(range)s appeal", "clicked in %(range)s appeals", n),
    ),
    "appeal": _appeal,
    "has_email": lambda _args, _names: _("has an e-mail address"),
    "has_address": lambda _args, _names: _("has a postal address"),
    "suppressed": lambda _args, _names: _("has an address that must not be mailed"),
    "share": _share,
    "segment": lambda args, names: (
        _("is in the segment “%(name)s”") % {"name": names.segments.get(args["ref"], args["ref"])}
    ),
}
