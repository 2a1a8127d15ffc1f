"""Take from an allowance. One statement, so that a flood can't slip through between two."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Least
from django.http import HttpRequest

from fundraise import clock, crypto
from fundraise.limits import spent, tally
from fundraise.limits.address import block_of, client_address
from fundraise.limits.models import Bucket

KEPT_FOR = timedelta(days=1)

_TAKE = """
  INSERT INTO limits_bucket AS b (key, tokens, taken_at) VALUES (%(key)s, %(most)s - 1, %(now)s)
  ON CONFLICT (key) DO UPDATE SET
    tokens = least(%(most)s, b.tokens + greatest(0,
               extract(epoch FROM %(now)s - b.taken_at)) * %(rate)s) - 1,
    taken_at = greatest(b.taken_at, %(now)s)
  WHERE least(%(most)s, b.tokens + greatest(0,
          extract(epoch FROM %(now)s - b.taken_at)) * %(rate)s) >= 1
  RETURNING tokens"""


def allow(request: HttpRequest, name: str) -> bool:
    """Whether this request's address block may do `name` (settings.LIMITS) once more, now."""
    return take(name, block_of(address_of(request)), clock.real_now())


def address_of(request: HttpRequest) -> str:
    """The client's address as our own proxies saw it."""
    meta = request.META
    return client_address(
        meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES
    )


def take(name: str, whose: str, now: datetime) -> bool:
    """Take one of an allowance; False when it is spent. An allowance of 0 is always spent."""
    most, seconds = settings.LIMITS[name]
    if most < 1:
        return False
    key = crypto.lookup_hash(f"limit:{name}", whose)
    values: dict[str, bytes | float | datetime] = {
        "key": key,
        "most": float(most),
        "now": now,
        "rate": most / seconds,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return cursor.fetchone() is not None


def give_back(name: str, whose: str) -> None:
    """Give one back that was taken and shall not count."""
    most = float(settings.LIMITS[name][0])
    bucket = Bucket.objects.filter(key=crypto.lookup_hash(f"limit:{name}", whose))
    bucket.update(tokens=Least(F("tokens") + 1, most))


def prune(now: datetime) -> int:
    """Forget allowances that have long been full again, old counts, and what has run out."""
    full = Bucket.objects.filter(taken_at__lt=now - KEPT_FOR).delete()[0]
    return full + tally.prune(now) + spent.prune(now)
