"""Reading settings from the environment: a wrong value fails loudly, a secret may be a file.

Every reader takes the variable's name; `NAME_FILE` may name a file that holds the value instead,
as containers and systemd credentials give secrets.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class SettingError(ValueError):
    """A setting has a value that can't be used; the text says what to write instead."""


READ: dict[str, str] = {}  # every name that was asked for, with its default as text


def source_of(name: str) -> str:
    """Where a setting's value comes from: "file", "environment" or "default"."""
    if os.environ.get(f"{name}_FILE"):
        return "file"
    return "environment" if os.environ.get(name) else "default"


def env_str(name: str, default: str = "") -> str:
    """The text of NAME, or of the file that NAME_FILE names."""
    READ.setdefault(name, default)
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE: can't read {file!r}: {error.strerror}") from None
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool) -> bool:
    """True or False, written so."""
    READ.setdefault(name, str(default))
    raw = env_str(name)
    if not raw:
        return default
    if raw not in {"True", "False"}:
        raise SettingError(f"{name}: use 'True' or 'False', not {raw!r}")
    return raw == "True"


def env_int(name: str, default: int) -> int:
    """A whole number."""
    READ.setdefault(name, str(default))
    raw = env_str(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise SettingError(f"{name}: use a whole number, not {raw!r}") from None


def env_list(name: str, default: str = "") -> list[str]:
    """Values parted by commas."""
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_json(name: str, default: Any) -> Any:
    """A value written as JSON."""
    READ.setdefault(name, json.dumps(default))
    raw = env_str(name)
    if not raw:
        return default
    try:
        return json.loads(raw)
    except json.JSONDecodeError as error:
        raise SettingError(f"{name}: this is no JSON (line {error.lineno})") from None


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """One of the given words."""
    raw = env_str(name, default)
    if raw not in choices:
        raise SettingError(f"{name}: use one of {', '.join(choices)}, not {raw!r}")
    return raw


def env_day(name: str, default: int) -> int:
    """A day that every month has, 1 to 28, or 31 for the last bank day."""
    day = env_int(name, default)
    if not (1 <= day <= 28 or day == 31):
        raise SettingError(f"{name}: use 1 to 28, or 31 for the last bank day, not {day}")
    return day


def env_days(name: str, default: str) -> tuple[int, ...]:
    """Such days with commas between."""
    days = []
    for raw in env_list(name, default):
        if not raw.isdigit() or not (1 <= int(raw) <= 28 or int(raw) == 31):
            raise SettingError(
                f"{name}: use days 1 to 28 and 31 for the last bank day, not {raw!r}"
            )
        days.append(int(raw))
    return tuple(sorted(set(days)))


def database_from_url(url: str) -> dict[str, object]:
    """Django's dict for `postgresql://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingError("DATABASE_URL: use postgresql://user:password@host:port/name")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": dict(query),
    }
