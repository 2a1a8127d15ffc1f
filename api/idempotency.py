"""A write happens once, however often its request is sent.

The request is stored before anything is done. What is only ours (the database) is done in one
transaction with the answer, so that a process that dies leaves both or none. What calls a provider
is done under the stored row's own ref: a process that dies after it leaves the row, and the same
request goes on with the same gift when the lease has run out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import WriteRequest
from api.problems import Problem
from fundraise import clock, crypto

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
FORM = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(seconds=90)  # longer than the longest answer of a provider
KEPT_HEADERS = ("Location",)


@dataclass(frozen=True, slots=True)
class Held:
    """The stored request that is being worked on, by us until `until`."""

    pk: int
    ref: UUID
    until: Any


def once(
    request: Request, client: str, do: Callable[[Held], Response], *, outside: bool = False
) -> Response:
    """Do it, or answer what was answered the first time. `outside`: it calls a provider.

    Raises Problem: idempotency-key, other-request, running.
    """
    row = _stored(request, client)
    if row.state == WriteRequest.State.DONE:
        return _replayed(row)
    held = _hold(row)
    try:
        if outside:
            response = do(held)
            with transaction.atomic():
                _keep(held, response)
        else:
            with transaction.atomic():
                response = do(held)
                _keep(held, response)
    except BaseException:
        _let_go(held)
        raise
    return response


def answered(request: Request, client: str) -> Response | None:
    """What was answered to this request before; None when it was not.

    Ask before anything is looked at that may have changed since: whoever lost the answer gets it.
    Raises Problem: idempotency-key, other-request.
    """
    row = WriteRequest.objects.filter(
        **_named(request, client), created_at__gte=clock.real_now() - KEPT_FOR
    ).first()
    if row is None or row.state != WriteRequest.State.DONE:
        return None
    _must_be_the_same(row, request)
    return _replayed(row)


def _named(request: Request, client: str) -> dict[str, str]:
    route, method = request.path[:200], request.method or ""
    return {"client": client, "method": method, "route": route, "key": _key_of(request)}


def _must_be_the_same(row: WriteRequest, request: Request) -> None:
    if bytes(row.body_hash) != _hash_of(request):
        raise Problem("other-request")


def _stored(request: Request, client: str) -> WriteRequest:
    """The row of this request, made now if it is the first."""
    name, now = _named(request, client), clock.real_now()
    old = WriteRequest.objects.filter(**name, created_at__lt=now - KEPT_FOR)
    old.exclude(state=WriteRequest.State.RUNNING, held_until__gt=now).delete()
    row, _new = WriteRequest.objects.get_or_create(
        **name,
        defaults={"body_hash": _hash_of(request), "created_at": now, "held_until": now},
    )
    _must_be_the_same(row, request)
    return row


def _key_of(request: Request) -> str:
    key = request.headers.get(HEADER, "")
    if FORM.fullmatch(key) is None:
        raise Problem("idempotency-key")
    return key


def _hash_of(request: Request) -> bytes:
    query = request.META.get("QUERY_STRING", "").encode()
    return hashlib.sha256(query + b"\n" + request.body).digest()


def _hold(row: WriteRequest) -> Held:
    """Take the row for a while; whoever comes meanwhile is told to wait."""
    now = clock.real_now()
    until = now + LEASE
    taken = WriteRequest.objects.filter(
        pk=row.pk, state=WriteRequest.State.RUNNING, held_until__lte=now
    ).update(held_until=until)
    if not taken:
        raise Problem("running", headers={"Retry-After": "2"})
    return Held(row.pk, row.ref, until)


def _keep(held: Held, response: Response) -> None:
    """The answer, sealed: it may name a person."""
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    text = json.dumps({"headers": headers, "data": response.data}, default=str)
    kept = WriteRequest.objects.filter(pk=held.pk, held_until=held.until).update(
        state=WriteRequest.State.DONE,
        status=response.status_code,
        answer=crypto.seal(text.encode(), context=f"write:{held.ref}"),
    )
    if not kept:  # it took longer than the lease and somebody else has begun: theirs stands
        raise Problem("running", headers={"Retry-After": "2"})


def _let_go(held: Held) -> None:
    """Nothing was done, or it is not known: the same request may come again at once."""
    WriteRequest.objects.filter(
        pk=held.pk, held_until=held.until, state=WriteRequest.State.RUNNING
    ).update(held_until=clock.real_now())


def _replayed(row: WriteRequest) -> Response:
    kept = json.loads(crypto.unseal(bytes(row.answer or b""), context=f"write:{row.ref}"))
    return Response(kept["data"], status=row.status, headers={**kept["headers"], REPLAYED: "true"})


def tidy() -> int:
    """Forget what is older than a day. Returns how many."""
    now = clock.real_now()
    old = WriteRequest.objects.filter(created_at__lt=now - KEPT_FOR)
    return old.exclude(state=WriteRequest.State.RUNNING, held_until__gt=now).delete()[0]
