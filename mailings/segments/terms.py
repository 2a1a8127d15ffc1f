"""Every kind of condition with its fields and what they may hold. Plain Python.

A field is checked by a function; a field that is not named here is refused. Öre, whole numbers,
codes, refs of ours and words of staff: nothing else ever reaches the query, and that as parameters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from mailings.segments import periods

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
SOURCE = re.compile(r"[a-z][a-z0-9_]{0,39}(:[A-Za-z0-9-]{1,60})?")
COUNTRY = re.compile(r"[A-Z]{2}")
POSTCODES = re.compile(r"[0-9A-Z]{1,10}(-[0-9A-Z]{1,10})?")
MOST_ORE = 10**12
MOST_WORDS = 200
LONGEST_WORD = 100

CHANNELS = ("card", "autogiro", "swish", "swish_number", "bank", "cash")
PLEDGE_STATES = ("pending", "active", "paused", "halted", "ended")
MANDATE_STATES = (
    "draft", "received", "created", "sent", "active", "retiring", "ending", "refused", "ended",
)  # fmt: skip
MEASURES = ("gifts", "sum", "largest", "latest")

Check = Callable[[Any], bool]


def one_of(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


def some_of(check: Check) -> Check:
    """One or more different values, each of which passes."""
    return lambda value: (
        isinstance(value, list)
        and 0 < len(value) <= MOST_WORDS
        and all(check(one) for one in value)
        and len({str(one) for one in value}) == len(value)
    )


def whole(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def matching(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def word(value: Any) -> bool:
    """Something that staff typed."""
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_WORD and "\0" not in value


def ref(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != 36:
        return False
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def postcodes(value: Any) -> bool:
    """The beginning of a postcode, or a range of two that are equally long: 114, 11100-11999."""
    if not matching(POSTCODES)(value):
        return False
    first, dash, last = value.partition("-")
    return not dash or (len(first) == len(last) and first <= last)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of condition. `needs`: groups of fields of which one at least must be there."""

    fields: Mapping[str, Check] = field(default_factory=dict)
    needs: tuple[tuple[str, ...], ...] = ()
    judge: Callable[[Mapping[str, Any]], str] = lambda args: ""


def _range(args: Mapping[str, Any]) -> str:
    low, high = args.get("at_least"), args.get("at_most")
    return "range_turned" if low is not None and high is not None and low > high else ""


def _gave(args: Mapping[str, Any]) -> str:
    if args.get("measure") == "latest" and "during" in args:
        return "latest_has_no_period"
    return _range(args)


def _share(args: Mapping[str, Any]) -> str:
    return "share_over_hundred" if args["percent"] + args.get("from", 0) > 100 else ""


_ORE = whole(0, MOST_ORE)
_SOME = {"at_least": whole(1, MOST_ORE), "at_most": _ORE}
_TIMES = {"at_least": whole(1, 100_000), "at_most": whole(0, 100_000)}
_CUT = {"campaigns": some_of(ref), "funds": some_of(ref), "channels": some_of(one_of(*CHANNELS))}
_WHEN = {"when": periods.check}
_EITHER = (("at_least", "at_most"),)

KINDS: dict[str, Kind] = {
    "kind": Kind({"one_of": some_of(one_of("person", "organisation"))}, (("one_of",),)),
    "language": Kind({"one_of": some_of(one_of("sv", "en"))}, (("one_of",),)),
    "source": Kind({"one_of": some_of(matching(SOURCE))}, (("one_of",),)),
    "known": Kind(_WHEN, (("when",),)),
    "postcode": Kind({"ranges": some_of(postcodes)}, (("ranges",),)),
    "town": Kind({"one_of": some_of(word)}, (("one_of",),)),
    "country": Kind({"one_of": some_of(matching(COUNTRY))}, (("one_of",),)),
    "allowed": Kind({"purpose": matching(CODE)}, (("purpose",),)),
    "basis": Kind(
        {
            "purpose": matching(CODE),
            "one_of": some_of(one_of("consent", "membership", "regular_contact")),
        },
        (("purpose",), ("one_of",)),
    ),
    "tag": Kind({"one_of": some_of(word)}, (("one_of",),)),
    "gave": Kind(
        {"measure": one_of(*MEASURES), **_SOME, "during": periods.check, **_CUT},
        (("measure",), *_EITHER),
        _gave,
    ),
    "first_gift": Kind({**_WHEN, **_CUT}, (("when",),)),
    "last_gift": Kind({**_WHEN, **_CUT}, (("when",),)),
    "pledge": Kind(
        {
            "states": some_of(one_of(*PLEDGE_STATES)),
            **_SOME,
            "intervals": some_of(lambda value: type(value) is int and value in (1, 3, 6, 12)),
            "methods": some_of(matching(CODE)),
            "started": periods.check,
            "ended": periods.check,
            "campaigns": some_of(ref),
            "funds": some_of(ref),
        },
        judge=_range,
    ),
    "failing": Kind(),
    "card_ends": Kind({"within_days": whole(0, 400)}, (("within_days",),)),
    "mandate": Kind({"states": some_of(one_of(*MANDATE_STATES))}, (("states",),)),
    "mailed": Kind({**_WHEN, **_TIMES}, (("when", "at_least", "at_most"),), _range),
    "clicked": Kind({**_WHEN, **_TIMES}, (("when", "at_least", "at_most"),), _range),
    "appeal": Kind({"ref": ref, "what": one_of("received", "clicked")}, (("ref",), ("what",))),
    "has_email": Kind(),
    "has_address": Kind(),
    "suppressed": Kind(),
    "share": Kind(
        {"percent": whole(1, 100), "from": whole(0, 99), "seed": matching(CODE)},
        (("percent",), ("seed",)),
        _share,
    ),
    "segment": Kind({"ref": ref}, (("ref",),)),
}


def check(kind: str, args: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with a condition's fields: (field, code); no field when it is the whole."""
    known = KINDS[kind]
    wrong = [(str(name), "unknown_field") for name in args if name not in known.fields]
    wrong += [
        (name, "bad_value")
        for name, value in args.items()
        if name in known.fields and not known.fields[name](value)
    ]
    wrong += [
        (group[0], "missing") for group in known.needs if not any(name in args for name in group)
    ]
    if not wrong and (code := known.judge(args)):
        wrong.append(("", code))
    return wrong
