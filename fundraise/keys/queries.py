"""What a key may do: what it was made with, and no more than its maker may do now."""

from __future__ import annotations

from fundraise.keys.models import ApiKey
from fundraise.staff import rights
from fundraise.staff.rights import Rights
from fundraise.staff.roles import PERMISSIONS


def rights_of(key: ApiKey) -> Rights:
    """The key's rights, cut to what its maker holds at this moment.

    Whoever loses a role loses it in their keys too, without anybody having to remember them.
    """
    maker = rights.of(key.made_by)
    chosen = frozenset(key.entities.values_list("pk", flat=True))
    names = [name for name in key.permissions if name in PERMISSIONS]
    held = {name: found for name in names if (found := chosen & maker.entities(name))}
    return Rights(held, maker.tops, maker.every)
