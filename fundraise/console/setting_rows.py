"""The settings as they stand: value, default, where it is set. What opens something is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fundraise import crypto, env
from fundraise.console.catalogue import GROUPS, RINGS, SECRET
from fundraise.console.words import Text


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. `value` is None where it may not be shown; `ids` names the keys of a ring."""

    name: str
    meaning: Text
    value: str | None
    ids: tuple[str, ...]
    is_set: bool
    default: str
    source: str


def groups() -> Iterator[tuple[Text, list[Row]]]:
    """Every setting by group, in the order of the catalogue."""
    for title, meanings in GROUPS:
        yield title, [_row(name, meaning) for name, meaning in meanings.items()]


def _row(name: str, meaning: Text) -> Row:
    source, hidden = env.source_of(name), name in SECRET or name in RINGS
    raw = "" if hidden else env.env_str(name, env.READ.get(name, ""))
    return Row(
        name=name,
        meaning=meaning,
        value=None if hidden else raw,
        ids=_ids(name) if name in RINGS else (),
        is_set=source != "default" or bool(_ids(name)),
        default="" if hidden else env.READ.get(name, ""),
        source=source,
    )


def _ids(name: str) -> tuple[str, ...]:
    """The ids of a ring's keys, the current one first; never the keys."""
    if name not in RINGS:
        return ()
    ring = crypto.field_ring if name == "FUNDRAISE_FIELD_KEYS" else crypto.lookup_ring
    try:
        return tuple(key.id for key in ring().keys)
    except env.SettingError:
        return ()
