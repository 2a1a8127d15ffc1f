"""What SendGrid refuses of the personalizations: addresses, values, headers, moments."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.errors import ApiError, bad, text_of

MOST = 1000
MOST_BYTES = 10_000
FARTHEST = 72 * 3600
KEYS = frozenset((
    "from", "to", "cc", "bcc", "subject", "headers", "substitutions", "dynamic_template_data",
    "custom_args", "send_at",
))  # fmt: skip
RESERVED = frozenset((
    "to", "from", "subject", "reply-to", "cc", "bcc", "received", "dkim-signature",
))  # fmt: skip
RESERVED_BEGINNINGS = ("content-", "x-sg-")
PERSONS = "personalizations"
HEADER_NAME = re.compile(r"[!-9;-~]+")
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?=[A-Za-z0-9.-]{1,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
good_address = ADDRESS.fullmatch


def check(given: Json, now: int, *, across: bool, dynamic: bool) -> int:
    """How many recipients there are. Raises ApiError at the first thing that is wrong."""
    found = given.get(PERSONS)
    if type(found) is not list or not found:
        raise bad("The personalizations field is required and must have at least one"
                  " personalization.", PERSONS, PERSONS)  # fmt: skip
    if len(found) > MOST:
        raise bad(f"The personalizations field may have at most {MOST} personalizations.",
                  PERSONS, PERSONS)  # fmt: skip
    shared = given.get("custom_args", {})
    everybody: set[str] = set()
    count = 0
    for place, person in enumerate(found):
        seen = everybody if across else set()
        count += _person(person, place, seen, shared)
        if "send_at" in person:
            send_at(person["send_at"], now, f"{PERSONS}.{place}.send_at")
        if dynamic and "substitutions" in person:
            raise bad(
                "Substitutions may not be used with dynamic templating",
                f"{PERSONS}.{place}.substitutions",
                "personalizations.substitutions",
            )
    if count > MOST:
        raise bad(f"The total number of recipients must be no more than {MOST}.", PERSONS,
                  "personalizations.recipients")  # fmt: skip
    return count


def _person(person: Any, place: int, seen: set[str], shared: Json) -> int:
    # Where something stands is only put into words when it is wrong: this runs for everybody.
    if type(person) is not dict:
        raise bad("Each personalization must be an object.", f"{PERSONS}.{place}", PERSONS)
    if not person.keys() <= KEYS:
        name = text_of(min(person.keys() - KEYS))
        raise bad(f"Additional property {name} is not allowed", f"{PERSONS}.{place}")
    if type(person.get("to")) is not list or not person["to"]:
        raise bad("The to array is required for all personalization objects, and must have at least"
                  " one email object with a valid email address.", f"{PERSONS}.{place}.to",
                  "personalizations.to")  # fmt: skip
    count = _addresses(person["to"], place, "to", seen)
    for kind in ("cc", "bcc"):
        if kind in person:
            count += _addresses(person[kind], place, kind, seen)
    if "substitutions" in person:
        strings(person["substitutions"], "substitutions", place)
    if "custom_args" in person:
        strings(person["custom_args"], "custom_args", place, shared)
    if "headers" in person:
        headers(person["headers"], place)
    if "subject" in person and (type(person["subject"]) is not str or not person["subject"]):
        raise bad("The subject must be a string at least one character in length.",
                  f"{PERSONS}.{place}.subject", "personalizations.subject")  # fmt: skip
    if "from" in person:
        address(person["from"], f"{PERSONS}.{place}.from")
    return count


def _addresses(found: Any, place: int, kind: str, seen: set[str]) -> int:
    if type(found) is not list:
        raise bad(f"The {kind} parameter must be an array.", f"{PERSONS}.{place}.{kind}",
                  f"personalizations.{kind}")  # fmt: skip
    for number, one in enumerate(found):
        email = one.get("email") if type(one) is dict else None
        if type(email) is not str or not good_address(email) or "name" in one:
            email = address(one, f"{PERSONS}.{place}.{kind}.{number}", recipient=True)
        email = email.lower()
        if email in seen:
            raise bad(
                "Each unique email address in the personalizations array should only be included"
                f" once. You have included [{email}] more than once.",
                f"{PERSONS}.{place}.{kind}", "recipient-errors",
            )  # fmt: skip
        seen.add(email)
    return len(found)


def address(found: Any, where: str, *, recipient: bool = False) -> str:
    """The address of an object with `email` and perhaps `name`. Raises ApiError."""
    email = found.get("email") if type(found) is dict else None
    if type(email) is not str or not good_address(email):
        raise bad("Does not contain a valid address.", f"{where}.email",
                  where.partition(".")[0])  # fmt: skip
    if "name" in found:
        _name(found["name"], where, recipient)
    return email


def _name(name: Any, where: str, recipient: bool) -> None:
    if type(name) is not str:
        raise bad("The name must be a string.", f"{where}.name")
    if recipient and ("," in name or ";" in name):
        raise bad("The name may not have a comma or a semicolon.", f"{where}.name",
                  "personalizations.to")  # fmt: skip


def strings(found: Any, name: str, place: int | None = None, shared: Json | None = None) -> None:
    """An object of strings, at most 10 000 bytes with what it shares with the whole request."""
    if type(found) is not dict:
        raise bad(f"The {name} must be an object of strings.", _where(name, place), name)
    try:
        # One call that fails on anything but strings.
        characters = len("".join(found.values())) + len("".join(found))
    except TypeError:
        key = next(key for key, value in found.items() if type(value) is not str)
        raise bad("The value must be a string.", f"{_where(name, place)}.{text_of(key)}",
                  name) from None  # fmt: skip
    if shared:
        characters += len(str(shared))
    if characters * 4 > MOST_BYTES and _bytes({**(shared or {}), **found}) > MOST_BYTES:
        raise bad(f"The {name} may be no more than {MOST_BYTES} bytes.", _where(name, place), name)


def _where(name: str, place: int | None) -> str:
    return name if place is None else f"{PERSONS}.{place}.{name}"


def _bytes(found: Json) -> int:
    return sum(len(name.encode()) + len(value.encode()) for name, value in found.items())


@lru_cache(maxsize=1024)
def _header_name(name: str) -> str:
    """Why a header may not have that name; empty when it may."""
    small = name.lower()
    if small in RESERVED or small.startswith(RESERVED_BEGINNINGS):
        return f"The header {text_of(name)} may not be overridden."
    if not HEADER_NAME.fullmatch(name):
        return "The name of a header must be printable ASCII without spaces."
    return ""


def headers(found: Any, place: int | None = None) -> None:
    strings(found, "headers", place)
    for name, value in found.items():
        wrong = _header_name(name)
        if wrong:
            raise bad(wrong, f"{_where('headers', place)}.{text_of(name)}", "headers")
        if "\n" in value or "\r" in value:
            raise bad("The value of a header may not have a line break.",
                      f"{_where('headers', place)}.{text_of(name)}", "headers")  # fmt: skip


def send_at(found: Any, now: int, where: str) -> None:
    if type(found) is not int:
        raise bad("The send_at must be an integer: a unix timestamp.", where, "send_at")
    if found > now + FARTHEST:
        raise bad("Scheduled sends may not be more than 72 hours in advance.", where, "send_at")


def first_of(given: Json, addresses: set[str]) -> str:
    """The first recipient that is in a set, or nothing."""
    for person in given[PERSONS]:
        for kind in ("to", "cc", "bcc"):
            for one in person.get(kind, ()):
                if one["email"].lower() in addresses:
                    return str(one["email"])
    return ""


def refuse(email: str) -> ApiError:
    """What a scripted refusal of an address says."""
    return bad(f"Does not contain a valid address: [{email}].", PERSONS, "personalizations.to")
