"""Do SendGrid's lists and ours agree? Looked at every night, list by list.

What SendGrid holds back and we did not know of is put into ours. What it should hold back and does
not (somebody took it off there) and what it holds back though it was lifted here are listed for a
person; the first rings, since a mail would leave. Our own unsubscribes are not expected there: they
are ours alone. A list that grew much in a day rings too: it may be an import, or a broken domain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.jobs.models import JobRun
from fundraise.jobs.services import Counts
from mailings.senders.sendgrid.calls import Listed
from mailings.suppressions import services
from mailings.suppressions.models import Difference, Suppression
from mailings.suppressions.queries import keys_of

JOB = "suppression-check"
BY = "system:suppression-check"
SOURCE = "sendgrid"  # also the source of what events brought (mailings/mail_events/people.py)
AT_ONCE = 1000
FRESH = timedelta(days=1)  # what came to us since then may be on its way to their list
GREW_BY, GREW_TO = 100, 1.2
DIFFER, GREW = "suppressions-differ", "suppressions-grew"
Reason = Suppression.Reason
REASONS: dict[str, str] = {
    "bounces": Reason.BOUNCE,
    "invalid_emails": Reason.INVALID,
    "spam_reports": Reason.COMPLAINT,
    "unsubscribes": Reason.UNSUBSCRIBED,
    "group": Reason.UNSUBSCRIBED,
}
# Of these SendGrid keeps a list by itself; an address on any of them is held back there.
EXPECTED = (Reason.BOUNCE, Reason.INVALID, Reason.COMPLAINT)


def agree(listed: Iterable[Listed]) -> Counts:
    """Compare their lists with ours; the counts of the run. Raises what `listed` raises."""
    began, held = clock.real_now(), set[bytes]()
    counts: Counter[str] = Counter()
    found: list[Difference] = []
    for rows in _in_parts(listed):
        keyed = [(row, keys) for row in rows if (keys := keys_of(row.email))]
        held |= {key for _row, keys in keyed for key in keys}
        counts.update(row.list for row in rows)
        lifted = _lifted(keyed)
        found += lifted
        counts["completed"] += _complete(keyed, {one.suppression_id for one in lifted})
    missing = _missing_there(held, began)
    _keep(found + missing)
    counts["held_there"], counts["missing_there"] = len(found), len(missing)
    _ring(counts, len(missing))
    return dict(counts)


def _in_parts(listed: Iterable[Listed]) -> Iterator[list[Listed]]:
    rows = iter(listed)
    while part := list(islice(rows, AT_ONCE)):
        yield part


Keyed = list[tuple[Listed, list[bytes]]]


def _lifted(keyed: Keyed) -> list[Difference]:
    """Rows of ours that were lifted after SendGrid put the address on its list: it still holds."""
    at = {key: row for row, keys in keyed for key in keys}
    rows = Suppression.objects.filter(email_key__in=list(at)).exclude(lifted_at=None)
    standing = Suppression.objects.filter(email_key__in=list(at), lifted_at=None)
    still = {bytes(key) for key in standing.values_list("email_key", flat=True)}
    return [
        Difference(suppression=row, kind=Difference.Kind.HELD_THERE, list=at[key].list)
        for row in rows.order_by("pk")
        if (key := bytes(row.email_key)) not in still
        and row.reason == REASONS.get(at[key].list)
        and row.lifted_at is not None
        and row.lifted_at > at[key].at
    ]


def _complete(keyed: Keyed, lifted: set[int]) -> int:
    """What we did not know of; a list of refusals for a while (blocks) suppresses nobody."""
    known = {
        bytes(key)
        for key in Suppression.objects.filter(pk__in=lifted).values_list("email_key", flat=True)
    }
    every = [key for _row, keys in keyed for key in keys]
    rows = Suppression.objects.filter(email_key__in=every, lifted_at=None)
    standing = {(bytes(key), reason) for key, reason in rows.values_list("email_key", "reason")}
    new = [
        services.New(keys[0], REASONS[row.list], SOURCE, event=row.list)
        for row, keys in keyed
        if row.list in REASONS
        and not known & set(keys)
        and not standing & {(key, REASONS[row.list]) for key in keys}
    ]
    return services.suppress_many(new, by=BY)


def _missing_there(held: set[bytes], began: datetime) -> list[Difference]:
    """What its events told us to keep away, and it no longer keeps away itself."""
    ours = Suppression.objects.filter(
        source=SOURCE, reason__in=EXPECTED, lifted_at=None, same_as=None
    )
    old = ours.filter(created_at__lt=began - FRESH).order_by("pk")
    return [
        Difference(suppression=row, kind=Difference.Kind.MISSING_THERE, list="")
        for row in old.iterator()
        if bytes(row.email_key) not in held
    ]


@transaction.atomic
def _keep(found: list[Difference]) -> None:
    """The differences of tonight in place of last night's."""
    now = clock.real_now()
    for one in found:
        one.seen_at = now
    Difference.objects.all().delete()
    Difference.objects.bulk_create(found, batch_size=AT_ONCE)


def _ring(counts: Counter[str], missing: int) -> None:
    if missing:
        text = f"SendGrid no longer holds back {missing} addresses that it told us to keep away."
        jobs.raise_alarm(DIFFER, "sendgrid", text)
    else:
        jobs.resolve_alarms(DIFFER)
    grown = _grown(counts)
    for name in sorted(grown):
        text = f"SendGrid's list {name} grew from {grown[name]} to {counts[name]} in a night."
        jobs.raise_alarm(GREW, name, text)


def _grown(counts: Counter[str]) -> dict[str, int]:
    """Lists that are much longer than at the last run that was done, with their length then."""
    last = JobRun.objects.filter(name=JOB, state=JobRun.State.DONE).order_by("-pk").first()
    if last is None:
        return {}
    before = {name: int(last.counts.get(name, 0)) for name in REASONS}
    return {
        name: was
        for name, was in before.items()
        if counts[name] > max(was + GREW_BY, was * GREW_TO)
    }
