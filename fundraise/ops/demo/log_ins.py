"""Staff log-ins of a demo: made once, their passwords kept for the person at the terminal."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User

from fundraise.ledger.models import LegalEntity
from fundraise.staff import services as staff
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import Role

# Who they are, and the roles they have for the party and its districts.
STAFF: dict[str, tuple[Role, ...]] = {
    "cecilia": (Role.COMMS, Role.DONOR_CARE, Role.ADMIN),
    "david": (Role.TREASURER,),
}
BY = "system:demo"
LogIns = dict[str, str]


def ensure() -> LogIns:
    """User names and passwords; a password that got lost is made anew."""
    known = read()
    for name, roles in STAFF.items():
        user, is_new = User.objects.get_or_create(
            username=name,
            defaults={
                "first_name": name.capitalize(),
                "email": f"{name}@framtidspartiet.example",
                "is_staff": True,
            },
        )
        if is_new or name not in known:
            known[name] = secrets.token_urlsafe(12)
            user.set_password(known[name])
            user.save(update_fields=["password"])
        _give(user, roles)
    _write(known)
    return known


def _give(user: User, roles: tuple[Role, ...]) -> None:
    """Each role once, for every entity at the top; one that a person ended stays ended."""
    for entity in LegalEntity.objects.filter(parent=None):
        for role in roles:
            if not RoleHeld.objects.filter(user=user, role=role, entity=entity).exists():
                staff.give_role(user, role, entity, with_districts=True, by=BY)


def read() -> LogIns:
    """The log-ins made so far."""
    try:
        kept: LogIns = json.loads(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return kept


def described(log_ins: LogIns) -> str:
    """Lines for the terminal, in line with what the runner prints."""
    return "\n".join(
        f"  {'Log-in' if first else '':<16}{name:<9}{password}"
        for first, (name, password) in zip([True, *[False] * 9], log_ins.items(), strict=False)
    )


def _write(log_ins: LogIns) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(log_ins, file, indent=1)
    new.replace(path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "demo-logins.json"
