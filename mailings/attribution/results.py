"""What appeals brought, in figures: read anew each time, from few rows, also while one is sent.

Each figure has the rows behind it under the same name in `behind.py`. Kronor are what stands of the
gifts now: what was given back is off. Percentages are the reader's to make; here are whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from fundraise.campaigns.models import Campaign
from mailings.appeals import counting as facts
from mailings.appeals.models import Appeal, Batch, Fate, Message, Variant
from mailings.mail_events.models import Arrival

COMPARED = 10

# Money and givers of gifts, by appeal and by the words that led there. A giver is a donor, or an
# address where nobody knows the donor.
_GIFTS = """
  SELECT t.appeal_id, t.content_id, grouping(t.content_id) = 1 AS whole,
         coalesce(sum(g.amount_ore - g.refunded_ore - g.disputed_ore), 0),
         count(*) FILTER (WHERE g.amount_ore > g.refunded_ore + g.disputed_ore),
         count(DISTINCT coalesce(g.donor_id::text, encode(g.giver_key, 'hex'), 'gift ' || g.id))
           FILTER (WHERE g.amount_ore > g.refunded_ore + g.disputed_ore),
         coalesce(sum(g.amount_ore - g.refunded_ore - g.disputed_ore)
           FILTER (WHERE t.pledge_id IS NOT NULL), 0),
         count(*) FILTER (WHERE t.passed_on)
    FROM attribution_gifttouch t JOIN gifts_gift g ON g.id = t.gift_id
   WHERE t.appeal_id = ANY(%s)
   GROUP BY GROUPING SETS ((t.appeal_id), (t.appeal_id, t.content_id))"""
# New monthly gifts, and what those that go on promise a month (a yearly sum is a twelfth of it).
_PLEDGES = """
  SELECT t.appeal_id, t.content_id, grouping(t.content_id) = 1 AS whole, count(*),
         count(*) FILTER (WHERE p.state <> 'ended'),
         coalesce(sum(p.amount_ore / p.interval_months) FILTER (WHERE p.state <> 'ended'), 0)
    FROM attribution_pledgetouch t JOIN pledges_pledge p ON p.id = t.pledge_id
   WHERE t.appeal_id = ANY(%s)
   GROUP BY GROUPING SETS ((t.appeal_id), (t.appeal_id, t.content_id))"""
# Monthly gifts that were raised, and what those that go on bring more each month.
_RAISES = """
  SELECT t.appeal_id, t.content_id, grouping(t.content_id) = 1 AS whole,
         count(DISTINCT c.pledge_id),
         coalesce(sum(((c.after ->> 'amount_ore')::bigint - (c.before ->> 'amount_ore')::bigint)
                      / p.interval_months) FILTER (WHERE p.state <> 'ended'), 0)
    FROM attribution_raisetouch t JOIN pledges_pledgechange c ON c.id = t.change_id
    JOIN pledges_pledge p ON p.id = c.pledge_id
   WHERE t.appeal_id = ANY(%s) AND c.undone_at IS NULL
   GROUP BY GROUPING SETS ((t.appeal_id), (t.appeal_id, t.content_id))"""
_HOURS = """
  SELECT date_trunc('hour', g.received_at), count(*),
         sum(g.amount_ore - g.refunded_ore - g.disputed_ore)
    FROM attribution_gifttouch t JOIN gifts_gift g ON g.id = t.gift_id
   WHERE t.appeal_id = %s GROUP BY 1 ORDER BY 1"""


@dataclass(slots=True)
class Figures:
    """Of an appeal, or of one version of it. Öre and whole numbers."""

    mails: int = 0  # taken over by the sender
    received_ore: int = 0
    gifts: int = 0
    givers: int = 0
    new_monthly: int = 0
    monthly_going_on: int = 0
    promised_month_ore: int = 0
    monthly_given_ore: int = 0  # part of received_ore
    raised_monthly: int = 0
    raised_month_ore: int = 0  # what they give more each month
    passed_on: int = 0  # gifts by a link that was passed on
    delivered: int = 0
    human_clicks: int = 0
    machine_clicks: int = 0
    human_opens: int = 0
    machine_opens: int = 0
    unsubscribed: int = 0
    complaints: int = 0
    bounced: int = 0
    blocked: int = 0
    dropped: int = 0
    replied: int = 0

    @property
    def per_mail_ore(self) -> int | None:
        """Öre for each mail that was sent, rounded down; None before any was."""
        return self.received_ore // self.mails if self.mails else None


@dataclass(frozen=True, slots=True)
class Result:
    """An appeal's figures, those of its versions, and what does not belong to one version."""

    appeal: Appeal
    total: Figures
    versions: dict[str, Figures]
    left_out: dict[str, int]
    clicks_by_confidence: dict[str, int]
    unnamed_visits: int  # links that name the appeal alone: page shown, of nobody
    compared: dict[str, int | None] = field(default_factory=dict)


def result(appeal: Appeal) -> Result:
    """Everything about one appeal."""
    letters = _letters([appeal.pk])
    by_content = _by_content([appeal.pk])
    versions: dict[str, Figures] = {letter: Figures() for letter in sorted(set(letters.values()))}
    for (_appeal, content), some in by_content.items():
        if content in letters:
            _add(versions[letters[content]], some)
    return Result(
        appeal=appeal,
        total=totals([appeal.pk])[appeal.pk],
        versions=versions,
        left_out=_left_out(appeal.pk),
        clicks_by_confidence=_confidence(appeal.pk),
        unnamed_visits=Arrival.objects.filter(appeal_id=appeal.pk, seq=0, beacon=True).count(),
        compared=medians(appeal),
    )


def totals(appeal_ids: Sequence[int]) -> dict[int, Figures]:
    """The figures of many appeals, in a handful of queries."""
    ids = list(appeal_ids)
    found = {pk: Figures() for pk in ids}
    for pk, counts in facts.counts_of(ids).items():
        _take_facts(found[pk], counts)
    accepted = Batch.objects.filter(appeal__in=ids, state=Batch.State.ACCEPTED)
    for pk, mails in accepted.values_list("appeal").annotate(Sum("sent")).order_by():
        found[pk].mails = mails or 0
    for pk, _content, whole, *money in _rows(_GIFTS, ids):
        if whole:
            _take_gifts(found[pk], money)
    for pk, _content, whole, *promised in _rows(_PLEDGES, ids):
        if whole:
            _take_pledges(found[pk], promised)
    for pk, _content, whole, *raised in _rows(_RAISES, ids):
        if whole:
            _take_raises(found[pk], raised)
    return found


def medians(appeal: Appeal) -> dict[str, int | None]:
    """The middle of each figure over the last ten appeals before this one; {} without any."""
    before = Appeal.objects.filter(
        campaign__entity=appeal.campaign.entity_id, kind=appeal.kind, started_at__isnull=False
    ).exclude(pk=appeal.pk)
    if appeal.started_at is not None:
        before = before.filter(started_at__lt=appeal.started_at)
    ids = list(before.order_by("-started_at").values_list("pk", flat=True)[:COMPARED])
    if not ids:
        return {}
    past = list(totals(ids).values())
    found: dict[str, int | None] = {"appeals": len(past)}
    for one in fields(Figures):
        found[one.name] = int(median(getattr(figures, one.name) for figures in past))
    each = [figures.per_mail_ore for figures in past if figures.per_mail_ore is not None]
    found["per_mail_ore"] = int(median(each)) if each else None
    return found


def of_campaign(campaign: Campaign) -> list[tuple[Appeal, Figures]]:
    """What each appeal of a campaign brought, the most kronor first ("this appeal brought …")."""
    appeals = list(Appeal.objects.filter(campaign=campaign, started_at__isnull=False))
    figures = totals([appeal.pk for appeal in appeals])
    pairs = [(appeal, figures[appeal.pk]) for appeal in appeals]
    return sorted(pairs, key=lambda pair: (-pair[1].received_ore, pair[0].pk))


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of an appeal: what came back, and what was given."""

    hour: datetime
    facts: dict[str, int]
    gifts: int
    received_ore: int


def by_hour(appeal: Appeal) -> list[Hour]:
    """The curve of an appeal, hour by hour, empty hours left out."""
    seen: dict[datetime, dict[str, int]] = defaultdict(dict)
    for one in facts.by_hour(appeal.pk):
        seen[one.hour][one.fact] = one.messages
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, [appeal.pk])
        given = {hour: (gifts, int(ore)) for hour, gifts, ore in cursor.fetchall()}
    return [
        Hour(hour, seen.get(hour, {}), *given.get(hour, (0, 0))) for hour in sorted({*seen, *given})
    ]


# --- By version -----------------------------------------------------------------------------------
Key = tuple[int, int]


def _by_content(ids: list[int]) -> dict[Key, Figures]:
    found: dict[Key, Figures] = defaultdict(Figures)
    for pk in ids:
        for content, counts in facts.counts_by_content(pk).items():
            _take_facts(found[(pk, content)], counts)
    accepted = Batch.objects.filter(appeal__in=ids, state=Batch.State.ACCEPTED)
    rows = accepted.values_list("appeal", "content").annotate(Sum("sent")).order_by()
    for pk, content, mails in rows:
        found[(pk, content)].mails = mails or 0
    for pk, content, whole, *money in _rows(_GIFTS, ids):
        if not whole and content is not None:
            _take_gifts(found[(pk, content)], money)
    for pk, content, whole, *promised in _rows(_PLEDGES, ids):
        if not whole and content is not None:
            _take_pledges(found[(pk, content)], promised)
    for pk, content, whole, *raised in _rows(_RAISES, ids):
        if not whole and content is not None:
            _take_raises(found[(pk, content)], raised)
    return found


def _letters(ids: Iterable[int]) -> dict[int, str]:
    rows = Variant.objects.filter(appeal__in=ids, contents__isnull=False)
    return dict(rows.values_list("contents", "letter"))


def _add(total: Figures, more: Figures) -> None:
    """Two languages of one version; a giver of both would count twice, and nobody gets both."""
    for one in fields(Figures):
        setattr(total, one.name, getattr(total, one.name) + getattr(more, one.name))


# --- What is read ---------------------------------------------------------------------------------
def _rows(statement: str, ids: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _take_facts(figures: Figures, counts: dict[str, int]) -> None:
    figures.delivered = counts.get("delivered", 0)
    figures.human_clicks = counts.get("human_click", 0)
    figures.machine_clicks = counts.get("machine_click", 0)
    figures.human_opens = counts.get("human_open", 0)
    figures.machine_opens = counts.get("machine_open", 0)
    figures.unsubscribed = counts.get("unsubscribed", 0)
    figures.complaints = counts.get("complained", 0)
    figures.bounced = counts.get("bounced", 0)
    figures.blocked = counts.get("blocked", 0)
    figures.dropped = counts.get("dropped", 0)
    figures.replied = counts.get("replied", 0)


def _take_gifts(figures: Figures, money: list[Any]) -> None:
    ore, figures.gifts, figures.givers, monthly, figures.passed_on = money
    figures.received_ore, figures.monthly_given_ore = int(ore), int(monthly)


def _take_pledges(figures: Figures, promised: list[Any]) -> None:
    figures.new_monthly, figures.monthly_going_on, ore = promised
    figures.promised_month_ore = int(ore)


def _take_raises(figures: Figures, raised: list[Any]) -> None:
    figures.raised_monthly, ore = raised
    figures.raised_month_ore = int(ore)


def _left_out(appeal_id: int) -> dict[str, int]:
    rows = Message.objects.filter(appeal=appeal_id).exclude(outcome=Message.Outcome.SENT)
    return dict(rows.values_list("outcome").annotate(Count("seq")).order_by())


def _confidence(appeal_id: int) -> dict[str, int]:
    rows = Fate.objects.filter(appeal=appeal_id, human_click_at__isnull=False)
    return dict(rows.values_list("click_confidence").annotate(Count("seq")).order_by())
