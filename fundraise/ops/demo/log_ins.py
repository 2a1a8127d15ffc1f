"""Staff log-ins of a demo: made once, their passwords kept for the person at the terminal."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User

# Who they are and the group whose work they do; in a demo both may do everything.
STAFF = {"cecilia": "comms", "david": "treasurer"}
LogIns = dict[str, str]


def ensure() -> LogIns:
    """User names and passwords; a password that got lost is made anew."""
    known = read()
    for name, group in STAFF.items():
        user, is_new = User.objects.get_or_create(
            username=name,
            defaults={
                "first_name": name.capitalize(),
                "email": f"{name}@framtidspartiet.example",
                "is_staff": True,
                "is_superuser": True,
            },
        )
        if is_new or name not in known:
            known[name] = secrets.token_urlsafe(12)
            user.set_password(known[name])
            user.save(update_fields=["password"])
            user.groups.add(*Group.objects.filter(name=group))
    _write(known)
    return known


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
