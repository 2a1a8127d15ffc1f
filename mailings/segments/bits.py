"""What the marks of a profile mean; the same numbers stand in migration 0002."""

from __future__ import annotations

from collections.abc import Sequence

USABLE, PERSON, SWEDISH, EMAIL, POSTAL, PHONE, PLEDGED, MONTHLY = (1 << n for n in range(8))
PURPOSES = ("register", "appeals", "newsletter", "receipts", "targeting", "tracking")
BASES = ("consent", "membership", "regular_contact")
REFUSED = 3
FIRST = 8
EACH = 4


def basis(purpose: str, place: int) -> int:
    """The mark that a basis for a purpose stands (its place in BASES), or that it was refused."""
    return 1 << (FIRST + EACH * PURPOSES.index(purpose) + place)


def any_basis(purpose: str, bases: Sequence[str]) -> int:
    """The marks of several bases."""
    found = 0
    for one in bases:
        found |= basis(purpose, BASES.index(one))
    return found


def allowed_sql(purpose: str, enough: Sequence[str]) -> str:
    """SQL of whether the profile `p` may be used for a purpose, as donors.queries.allowed says.

    A consent that is enough, or another basis that is enough and was not refused; a consent lifts
    a refusal. Numbers of this file alone.
    """
    consent = basis(purpose, 0)
    related = any_basis(purpose, [one for one in enough if one != "consent"])
    ways = []
    if "consent" in enough:
        ways.append(f"p.bits & {consent} <> 0")
    if related:
        refused = basis(purpose, REFUSED)
        ways.append(f"(p.bits & {related} <> 0 AND p.bits & {refused | consent} <> {refused})")
    carried = " OR ".join(ways) or "false"
    return f"(p.bits & {USABLE} <> 0 AND ({carried}))"
