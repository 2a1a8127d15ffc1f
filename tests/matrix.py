"""Who tries what: every role held for a party, its district or both, and what must come of it.

What is expected is worked out from the table of roles alone, never from the code under trial.
A package adds what it answers to settings.PERMISSION_ENTRIES and tries each of its entries with
`ACTORS`, `allowed` and `snapshot`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from fundraise.ledger.models import LegalEntity
from fundraise.staff.entries import ANYBODY, Entry
from fundraise.staff.roles import PERMISSIONS, Role, of_role
from fundraise.staff.services import give_role


@dataclass(frozen=True)
class Actor:
    """Somebody with one role (or none) for "party", "district" or "both"."""

    role: str
    held: str = ""

    def __str__(self) -> str:
        return f"{self.role}-{self.held}" if self.held else self.role

    def entities(self, party: LegalEntity, district: LegalEntity) -> set[int]:
        """The legal entities for which the role is held."""
        wide = {"party": [party], "district": [district], "both": [party, district], "": []}
        named = [party, district] if self.role == "superuser" else wide[self.held]
        return {entity.pk for entity in named}

    def roles(self) -> set[str]:
        """A superuser is an administrator; nobody else has a role that was not given."""
        named = {"superuser": {Role.ADMIN.value}, "none": set[str]()}
        return named.get(self.role, {self.role})

    def user(self, party: LegalEntity, district: LegalEntity) -> User:
        """The account, with its role given."""
        user = User.objects.create_user(str(self), password="a long enough password", is_staff=True)
        if self.role == "superuser":
            User.objects.filter(pk=user.pk).update(is_superuser=True)
        elif self.held:
            top = district if self.held == "district" else party
            wide = self.held == "both"
            give_role(user, self.role, top, with_districts=wide, by="system:test")
        return User.objects.get(pk=user.pk)


# A role with its districts is the two others together, and held for the party it meets the rows of
# both entities. The widest role and the one with most acts show the rest; `make prove` tries all.
# Which of the roles held for the party show the right that an entry asks for: `tells`.
FULL = os.environ.get("SCALE") == "full"
OF_A_DISTRICT = (Role.TREASURER.value, Role.ADMIN.value)
ACTORS = [
    Actor("none"),
    Actor("superuser"),
    *(Actor(role, "party") for role in Role.values),
    *(Actor(role, "district") for role in Role.values if FULL or role in OF_A_DISTRICT),
    *(Actor(role, "both") for role in Role.values if FULL or role == Role.TREASURER),
]


def allowed(actor: Actor, permission: str, held: set[int], top: int) -> set[int] | None:
    """The entities for which an actor may do something; None when nowhere at all.

    What concerns the house is held for every entity by whoever has the role at the top.
    """
    one = PERMISSIONS[permission]
    if not actor.roles() & {str(role) for role in one.roles}:
        return None
    if one.house:
        return held if top in held else None
    return held or None


def tells(actor: Actor, permission: str) -> bool:
    """Whether this actor's answer is no other's: of those who hold one role for the party, who may
    with the fewest rights and who may not with the most; for a district, one who may.
    `make prove` asks all of them."""
    if FULL or not actor.held:
        return True
    if permission == ANYBODY:
        return False
    may = {str(role) for role in PERMISSIONS[permission].roles}
    if actor.held != "party":
        return actor.role == next((role for role in OF_A_DISTRICT if role in may), None)
    rights = {str(role): len(of_role(role)) for role in Role}
    fewest = min(sorted(may), key=rights.__getitem__)
    most = max(sorted(rights.keys() - may), key=rights.__getitem__, default=fewest)
    return actor.role in {fewest, most}


def told_by(actor: Actor, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that the actor tells. That a role reaches its districts is a matter of the right
    and of no page: one of each right's. `make prove` tries all."""
    told = [one for one in entries if tells(actor, one.permission)]
    if actor.held == "both" and not FULL:
        return list({one.permission: one for one in told}.values())
    return told


def snapshot(*without: str) -> str:
    """A hash of every row of every table of ours, without sessions and the named apps' tables."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in {"sessions", *without}
    )
    parts = [
        f"SELECT '{table}', count(*), "
        f"md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {table} t"
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return hashlib.sha256(repr(sorted(cursor.fetchall())).encode()).hexdigest()
