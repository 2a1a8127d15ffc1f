"""Make, use and end keys of the API."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.keys.models import LONGEST_LIFE, ApiKey
from fundraise.keys.text import new_text, read_text
from fundraise.ledger.models import LegalEntity
from fundraise.staff import rights

TOUCHED_EVERY = timedelta(minutes=1)


class KeyRefused(Exception):
    """The key opens nothing; `code`: unreadable, other_mode, unknown, ended, expired, maker_gone.

    From making one: nothing_chosen, not_yours, too_long, past.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Made:
    """A new key and its text, which is shown once and kept nowhere."""

    key: ApiKey
    text: str = field(repr=False)


def make_key(
    maker: User,
    *,
    name: str,
    permissions: Collection[str],
    entities: Collection[LegalEntity],
    expires_at: datetime,
) -> Made:
    """Make a key with some of the maker's own rights.

    Raises KeyRefused: nothing_chosen, not_yours (a right that the maker has not for an entity
    that was chosen), past, too_long. KeyError for a permission that does not exist.
    """
    now = clock.real_now()
    if not permissions or not entities:
        raise KeyRefused("nothing_chosen")
    if expires_at <= now:
        raise KeyRefused("past")
    if expires_at > now + LONGEST_LIFE:
        raise KeyRefused("too_long")
    held, chosen = rights.of(maker), frozenset(entity.pk for entity in entities)
    if not all(held.entities(permission) >= chosen for permission in permissions):
        raise KeyRefused("not_yours")
    return _written(maker, name, sorted(set(permissions)), list(entities), now, expires_at)


@transaction.atomic
def _written(
    maker: User,
    name: str,
    permissions: list[str],
    entities: list[LegalEntity],
    now: datetime,
    expires_at: datetime,
) -> Made:
    text = new_text(settings.MODE)
    key = ApiKey.objects.create(
        name=name,
        prefix=text.prefix,
        digest=text.digest,
        mode=text.mode,
        permissions=permissions,
        made_by=maker,
        made_at=now,
        expires_at=expires_at,
    )
    key.entities.set(entities)
    after = {
        "permissions": permissions,
        "entities": [entity.ref for entity in entities],
        "expires_on": clock.local_date(expires_at),
    }
    _log(key, "key.made", key.person, after)
    return Made(key, text.full)


@transaction.atomic
def end_key(key_id: int, *, by: str) -> bool:
    """The key opens nothing from now on. False when it was ended before."""
    ended = ApiKey.objects.filter(pk=key_id, ended_at=None).update(
        ended_at=clock.real_now(), ended_by=by
    )
    if ended:
        _log(ApiKey.objects.get(pk=key_id), "key.ended", by, {})
    return bool(ended)


@transaction.atomic
def end_keys_of(user_id: int, *, by: str) -> int:
    """Everything that somebody made opens nothing from now on. Returns how many were ended."""
    living = ApiKey.objects.filter(made_by_id=user_id, ended_at=None).order_by("pk")
    return sum(end_key(pk, by=by) for pk in living.values_list("pk", flat=True))


def open_with(typed: str) -> ApiKey:
    """The key that was sent, when it opens something here and now. Raises KeyRefused."""
    text = read_text(typed)
    if text is None:
        raise KeyRefused("unreadable")
    if text.mode != settings.MODE:
        raise KeyRefused("other_mode")
    key = ApiKey.objects.select_related("made_by").filter(digest=text.digest).first()
    if key is None or key.mode != settings.MODE:
        raise KeyRefused("unknown")
    _must_live(key)
    _touch(key)
    return key


def _must_live(key: ApiKey) -> None:
    if key.ended_at is not None:
        raise KeyRefused("ended")
    if key.expires_at <= clock.real_now():
        raise KeyRefused("expired")
    if not (key.made_by.is_active and key.made_by.is_staff):
        raise KeyRefused("maker_gone")


def _touch(key: ApiKey) -> None:
    """When it was last used, to the minute: not a write for every request."""
    now = clock.real_now()
    if key.last_used_at is None or key.last_used_at < now - TOUCHED_EVERY:
        older = Q(last_used_at=None) | Q(last_used_at__lt=now - TOUCHED_EVERY)
        ApiKey.objects.filter(older, pk=key.pk).update(last_used_at=now)


def _log(key: ApiKey, action: str, by: str, after: dict[str, object]) -> None:
    audit.log_change(
        by=by, action=action, subject_type="api_key", subject_ref=key.prefix, after=after
    )
