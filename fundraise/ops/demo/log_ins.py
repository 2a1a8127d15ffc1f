"""Staff log-ins of a demo: made once, their passwords and the secrets of their apps kept for the
person at the terminal, who has no telephone with these apps on it."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User

from fundraise.ledger.models import LegalEntity
from fundraise.staff import factors
from fundraise.staff import services as staff
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import Role

PARTY, DISTRICT = "framtidspartiet", "framtidspartiet-skane"
# Who they are, the role they have, and for whose books (the party's with those of its districts).
STAFF: dict[str, tuple[Role, str]] = {
    "cecilia": (Role.COMMS, PARTY),
    "david": (Role.TREASURER, PARTY),
    "dora": (Role.DONOR_CARE, PARTY),
    "adam": (Role.ADMIN, PARTY),
    "rut": (Role.AUDITOR, PARTY),
    "siv": (Role.SECOND, PARTY),
    "maja": (Role.TREASURER, DISTRICT),
}
BY = "system:demo"


@dataclass(frozen=True, slots=True)
class LogIn:
    """What the person at the terminal needs."""

    password: str = ""
    secret: str = ""


LogIns = dict[str, LogIn]


def ensure() -> LogIns:
    """Everybody's log-in; a password or a secret that got lost is made anew."""
    known = read()
    for name, (role, slug) in STAFF.items():
        user, is_new = User.objects.get_or_create(
            username=name,
            defaults={
                "first_name": name.capitalize(),
                "email": f"{name}@framtidspartiet.example",
                "is_staff": True,
            },
        )
        known[name] = _whole(user, LogIn() if is_new else known.get(name, LogIn()))
        _give(user, role, slug)
    _write(known)
    return known


def _whole(user: User, had: LogIn) -> LogIn:
    password, secret = had.password, had.secret
    if not password:
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save(update_fields=["password"])
    if not secret:
        secret = factors.new_secret()
        factors.put_app(user, secret, by=BY)
    return LogIn(password, secret)


def _give(user: User, role: Role, slug: str) -> None:
    """Each role once; one that a person ended stays ended."""
    for entity in LegalEntity.objects.filter(slug=slug):
        if not RoleHeld.objects.filter(user=user, role=role, entity=entity).exists():
            whole = entity.parent_id is None
            staff.give_role(user, role, entity, with_districts=whole, by=BY)


def read() -> LogIns:
    """The log-ins made so far. One of before apps were asked for has no secret."""
    try:
        kept = json.loads(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {
        name: LogIn(one) if isinstance(one, str) else LogIn(**one) for name, one in kept.items()
    }


def described(log_ins: LogIns) -> str:
    """Lines for the terminal, in line with what the runner prints: name, password, code, role."""
    lines = [
        f"  {'Log-in' if not number else '':<16}{name:<9}{one.password:<18}"
        f"{factors.code_now(one.secret) if one.secret else '':<8}{_role(name)}"
        for number, (name, one) in enumerate(log_ins.items())
    ]
    hint = "manage.py demo_logins prints codes that are good now; each is good once."
    return "\n".join([*lines, f"  {'':<16}{hint}"])


def _role(name: str) -> str:
    role, slug = STAFF.get(name, (None, ""))
    if role is None:
        return ""
    return role.value.replace("_", " ") + (" of a district" if slug == DISTRICT else "")


def _write(log_ins: LogIns) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({name: asdict(one) for name, one in log_ins.items()}, file, indent=1)
    new.replace(path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "demo-logins.json"
