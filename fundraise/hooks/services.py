"""Endpoints: make, change the secret, pause, resume; facts noted for them; a test; a replay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.hooks import addresses, signing
from fundraise.hooks.kinds import KINDS, PING
from fundraise.hooks.models import Delivery, Endpoint
from fundraise.jobs import services as jobs
from fundraise.ledger.models import LegalEntity
from fundraise.outbox import courier
from fundraise.refs import new_ref

BOTH_SIGN_FOR = timedelta(hours=24)
PAUSED = "webhook-paused"


@dataclass(frozen=True, slots=True)
class Secret:
    """An endpoint with its secret in clear, shown once."""

    endpoint: Endpoint
    text: str = field(repr=False)


# --- Endpoints ------------------------------------------------------------------------------------
@transaction.atomic
def make_endpoint(
    *, entity: LegalEntity, name: str, url: str, kinds: Collection[str], by: str
) -> Secret:
    """Choose an address for facts. Raises AddressRefused; KeyError for a kind that is not known."""
    addresses.read(url)
    for kind in kinds:
        KINDS[kind]
    now, ref, text = clock.real_now(), new_ref(), signing.new_secret()
    endpoint = Endpoint.objects.create(
        ref=ref,
        entity=entity,
        name=name,
        url=url,
        kinds=sorted(set(kinds)),
        secret=_sealed(text, ref),
        made_by=by,
        made_at=now,
        well_since=now,
    )
    _log(endpoint, "webhook.made", by, {"entity": entity.ref, "kinds": endpoint.kinds})
    return Secret(endpoint, text)


@transaction.atomic
def change_secret(endpoint_id: int, *, by: str) -> Secret:
    """A new secret; the old one signs beside it for a day, so that no message is refused."""
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)
    text = signing.new_secret()
    endpoint.old_secret, endpoint.old_until = endpoint.secret, clock.real_now() + BOTH_SIGN_FOR
    endpoint.secret = _sealed(text, endpoint.ref)
    endpoint.save(update_fields=["secret", "old_secret", "old_until"])
    _log(endpoint, "webhook.secret_changed", by)
    return Secret(endpoint, text)


@transaction.atomic
def pause(endpoint_id: int, *, why: str, by: str) -> bool:
    """Send nothing more there. False when it was paused before."""
    rows = Endpoint.objects.filter(pk=endpoint_id, is_active=True)
    if not rows.update(is_active=False, paused_why=why):
        return False
    _log(Endpoint.objects.get(pk=endpoint_id), "webhook.paused", by, {"why": why})
    return True


@transaction.atomic
def resume(endpoint_id: int, *, by: str) -> bool:
    """Send there again; what waited goes at once. False when it was not paused."""
    now = clock.real_now()
    rows = Endpoint.objects.filter(pk=endpoint_id, is_active=False)
    if not rows.update(is_active=True, paused_why="", well_since=now):
        return False
    endpoint = Endpoint.objects.get(pk=endpoint_id)
    endpoint.deliveries.filter(state=Delivery.State.WAITING).update(next_try_at=now)
    jobs.resolve_alarms(PAUSED, subject=str(endpoint.ref))
    _log(endpoint, "webhook.resumed", by)
    return True


def secrets_of(endpoint: Endpoint) -> list[str]:
    """What signs now: the secret, and the one before it for a while."""
    found = [_opened(bytes(endpoint.secret), endpoint.ref)]
    until = endpoint.old_until
    if endpoint.old_secret is not None and until is not None and until > clock.real_now():
        found.append(_opened(bytes(endpoint.old_secret), endpoint.ref))
    return found


# --- Facts ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Fact:
    """What happened to what; `once` names it where it can happen once only."""

    kind: str
    subject: str
    ref: UUID
    once: str


def announce(fact: Fact, endpoints: Iterable[Endpoint]) -> list[int]:
    """A delivery for each endpoint that wants the fact; noted before, it is not noted again."""
    now = clock.real_now()
    wanted = [one for one in endpoints if fact.kind in one.kinds or fact.kind == PING]
    rows = [
        Delivery(
            endpoint=endpoint,
            kind=fact.kind,
            subject=fact.subject,
            subject_ref=fact.ref,
            once=fact.once,
            next_try_at=now,
            happened_at=clock.now(),
        )
        for endpoint in wanted
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    found = _fresh(fact, wanted)
    ids = list(found.values_list("pk", flat=True))
    if ids:
        transaction.on_commit(lambda: _queue(ids), robust=True)
    return ids


def _fresh(fact: Fact, endpoints: list[Endpoint]) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(endpoint__in=endpoints, once=fact.once)
    return rows.filter(state=Delivery.State.WAITING, tries=0)


def _queue(ids: list[int]) -> None:
    from fundraise.hooks.tasks import deliver  # its module imports this one's neighbours

    courier.send(deliver, ids)


def ping(endpoint: Endpoint, *, by: str) -> Delivery:
    """A message that says nothing, to try the line."""
    ref = new_ref()
    with transaction.atomic():
        announce(Fact(PING, "endpoint", endpoint.ref, f"ping:{ref}"), [endpoint])
        _log(endpoint, "webhook.tried", by)
    return Delivery.objects.get(endpoint=endpoint, once=f"ping:{ref}")


def replay(delivery_id: int, *, by: str) -> None:
    """Send once more, under the same id: the receiver sees that it is the same."""
    with transaction.atomic():
        delivery = Delivery.objects.select_related("endpoint").get(pk=delivery_id)
        Delivery.objects.filter(pk=delivery_id).update(
            state=Delivery.State.WAITING, tries=0, done_at=None, next_try_at=clock.real_now()
        )
        _log(delivery.endpoint, "webhook.replayed", by, {"delivery": delivery.ref})
        transaction.on_commit(lambda: _queue([delivery_id]), robust=True)


def _sealed(text: str, ref: UUID) -> bytes:
    return crypto.seal(text.encode(), context=f"webhook:{ref}")


def _opened(sealed: bytes, ref: UUID) -> str:
    return crypto.unseal(bytes(sealed), context=f"webhook:{ref}").decode()


def _log(endpoint: Endpoint, action: str, by: str, after: dict[str, object] | None = None) -> None:
    audit.log_change(
        by=by, action=action, subject_type="webhook", subject_ref=endpoint.ref, after=after
    )
