"""Conditions on who somebody is, where, and what we may."""

from __future__ import annotations

from collections.abc import Callable

from donors import normalise
from donors.queries import stands_sql
from mailings.segments import bits, periods
from mailings.segments.compiling.parts import Known, Sql, among, both, joined, within
from mailings.segments.tree import Is


def _mark(mark: int) -> Callable[[Is, Known], Sql]:
    return lambda _one, _known: Sql(f"p.bits & {mark} <> 0")


def _either(one: Is, mark: int, yes: str) -> Sql:
    """A thing of two values: one of them, the other, or both."""
    wanted = set(one.args["one_of"])
    if len(wanted) == 2:
        return Sql("true")
    return Sql(f"p.bits & {mark} {'<>' if yes in wanted else '='} 0")


def _kind(one: Is, _known: Known) -> Sql:
    return _either(one, bits.PERSON, "person")


def _language(one: Is, _known: Known) -> Sql:
    return _either(one, bits.SWEDISH, "sv")


def _source(one: Is, _known: Known) -> Sql:
    """A source that names a thing ("gift:…") is found by its first word too."""
    whole = [source for source in one.args["one_of"] if ":" in source]
    first = [source for source in one.args["one_of"] if ":" not in source]
    parts = []
    if whole:
        parts.append(Sql("p.source = ANY(%s)", (whole,)))
    if first:
        parts.append(Sql("split_part(p.source, ':', 1) = ANY(%s)", (first,)))
    return joined("OR", parts, empty="false")


def _known_since(one: Is, known: Known) -> Sql:
    found = within("p.known_on", periods.span(one.args["when"], known.today))
    return Sql(found.text, found.params)  # everybody has a day


def _postcode(one: Is, _known: Known) -> Sql:
    parts = []
    for text in one.args["ranges"]:
        first, _dash, last = text.partition("-")
        last = last or first
        # The end is the last code that begins so, in the order of bytes.
        parts.append(Sql("p.postcode >= %s AND p.postcode < %s", (first, after(last))))
    return joined("OR", parts, empty="false")


def after(beginning: str) -> str:
    """The first text, in the order of bytes, behind all that begin so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def _town(one: Is, _known: Known) -> Sql:
    return Sql("p.town = ANY(%s)", ([normalise.name_key(town) for town in one.args["one_of"]],))


def _country(one: Is, _known: Known) -> Sql:
    return Sql("p.country = ANY(%s)", (list(one.args["one_of"]),))


def _allowed(one: Is, known: Known) -> Sql:
    purpose = one.args["purpose"]
    enough = list(known.enough.get(purpose, ["consent"]))
    if purpose in bits.PURPOSES:
        return Sql(bits.allowed_sql(purpose, enough))
    return both(
        Sql(f"p.bits & {bits.USABLE} <> 0"), among(Sql(_ALLOWED, (purpose, enough, enough)))
    )


_ALLOWED = f"""
  SELECT donor_id FROM (
    SELECT donor_id, basis, withdrawn_at IS NOT NULL OR objection_at IS NOT NULL AS refused,
           {stands_sql()} AS stands
      FROM donors_legalbasis WHERE purpose = %s) b
   GROUP BY donor_id
  HAVING (bool_or(stands AND basis = 'consent') AND 'consent' = ANY(%s))
      OR (bool_or(stands AND basis <> 'consent' AND basis = ANY(%s))
          AND (NOT bool_or(refused) OR bool_or(stands AND basis = 'consent')))"""  # noqa: S608 - columns of ours


_HAS = f"""
  SELECT donor_id FROM donors_legalbasis
   WHERE purpose = %s AND basis = ANY(%s) AND {stands_sql()}"""  # noqa: S608 - columns of ours


def _basis(one: Is, _known: Known) -> Sql:
    purpose, wanted = one.args["purpose"], list(one.args["one_of"])
    if purpose in bits.PURPOSES:
        return Sql(f"p.bits & {bits.any_basis(purpose, wanted)} <> 0")
    return among(Sql(_HAS, (purpose, wanted)))


def _tag(one: Is, _known: Known) -> Sql:
    keys = [normalise.name_key(label) for label in one.args["one_of"]]
    return among(
        Sql(
            "SELECT b.donor_id FROM donors_donortag b JOIN donors_tag t ON t.id = b.tag_id"
            " WHERE t.key = ANY(%s)",
            (keys,),
        )
    )


KINDS: dict[str, Callable[[Is, Known], Sql]] = {
    "kind": _kind,
    "language": _language,
    "source": _source,
    "known": _known_since,
    "postcode": _postcode,
    "town": _town,
    "country": _country,
    "allowed": _allowed,
    "basis": _basis,
    "tag": _tag,
    "has_email": _mark(bits.EMAIL),
    "has_address": _mark(bits.POSTAL),
}
