"""What a person says an item is, where no rule could tell or the rule was wrong."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from donors.models import Donor
from fundraise import clock
from fundraise.audit import reasons
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.models import LegalEntity
from fundraise.providers.giro.models import Deposit
from fundraise.providers.models import Payout
from fundraise.reconciliation import givers, suspense, watching
from fundraise.reconciliation.deciding import standing
from fundraise.reconciliation.deciding.errors import DecideError
from fundraise.reconciliation.models import Item, Kind, Match
from fundraise.reconciliation.paying import debts
from fundraise.refs import new_ref

MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """What an item is. A gift names its campaign, or the gift that waited; its donor if known.

    `ends` are slips or holds whose end the item shows; who decides has seen that the sums agree.
    """

    kind: str
    donor: Donor | None = None
    campaign: Campaign | None = None
    gift: Gift | None = None
    payout: Payout | None = None
    deposit: Deposit | None = None
    refund: Refund | None = None
    other_item: Item | None = None
    entity: LegalEntity | None = None  # of a settlement: the other one
    ends: tuple[UUID, ...] = ()


@transaction.atomic
def decide(item_id: int, choice: Choice, *, by: str, why: str = "", learn: bool = True) -> Match:
    """Say what an item is; it is booked at once. Raises DecideError."""
    _names_nobody(why)
    item = standing.open_item(item_id)
    _checked(item, choice)
    campaign = choice.campaign or (choice.gift.campaign if choice.gift else None)
    other = campaign is not None and campaign.entity_id != item.account.entity_id
    match = Match(
        item=item,
        state=Match.State.STANDS,
        kind=choice.kind,
        evidence={"found": ["by_hand"]},
        donor=choice.donor,
        campaign=campaign,
        entity_id=campaign.entity_id if campaign is not None and other else _other(choice),
        gift=choice.gift,
        makes_gift=choice.kind == Kind.GIFT and choice.gift is None,
        payout=choice.payout,
        deposit=choice.deposit,
        refund=choice.refund,
        other_item=choice.other_item,
        why=why[:200],
        by=by[:60],
        made_at=clock.now(),
    )
    if watching.is_stale(match):
        raise DecideError("stale")
    standing.keep(match)
    standing.stand(match, by=by, learn=learn)
    standing.log(match, "match.decided", by)
    return match


def _other(choice: Choice) -> int | None:
    return choice.entity.pk if choice.entity is not None else None


def _checked(item: Item, choice: Choice) -> None:
    """What the kind needs, and the way the money went. Raises DecideError."""
    kind = choice.kind
    if kind not in Kind.values or kind == Kind.OTHER_BOOKS:
        raise DecideError("kind")
    if kind == Kind.GIFT:
        if item.amount_ore < 0:
            raise DecideError("sign")
        if choice.campaign is None and choice.gift is None:
            raise DecideError("campaign")
    if choice.donor is not None and not givers.is_living(choice.donor.pk):
        raise DecideError("donor")
    if kind == Kind.REFUND and (choice.refund is None or item.amount_ore > 0):
        raise DecideError("sign" if choice.refund is not None else "kind")
    if kind == Kind.PAYOUT and choice.payout is None:
        raise DecideError("kind")
    if kind == Kind.AUTOGIRO and choice.deposit is None:
        raise DecideError("kind")
    if kind == Kind.AUTHORITY and not choice.ends:
        raise DecideError("kind")
    if kind == Kind.SETTLEMENT and (choice.entity is None or not _is_owed(item)):
        raise DecideError("sum" if choice.entity is not None else "kind")
    outgoing = {Kind.BANK_FEE, Kind.AUTHORITY}
    if (kind in outgoing and item.amount_ore > 0) or (
        kind == Kind.CASH_DEPOSIT and item.amount_ore < 0
    ):
        raise DecideError("sign")


def _is_owed(item: Item) -> bool:
    """Whether so much is owed to other entities, or by them, as the books say now."""
    owed = debts.owed_now(item.account.entity_id, is_in=item.amount_ore > 0)
    return abs(item.amount_ore) <= owed


def to_donor(
    item_id: int, donor: Donor | None, campaign: Campaign, *, by: str, learn: bool = True
) -> Match:
    """A gift of this donor (of nobody known: None) to this campaign. Raises DecideError."""
    return decide(item_id, Choice(Kind.GIFT, donor=donor, campaign=campaign), by=by, learn=learn)


@transaction.atomic
def split(item_id: int, sums: Sequence[int], *, by: str) -> list[Item]:
    """One payment is several things: its parts are items of their own, together the whole.

    Raises DecideError: sum (two parts at least, all the same way, and together the whole).
    """
    item = standing.open_item(item_id)
    same_way = all(ore * item.amount_ore > 0 for ore in sums)
    if not (2 <= len(sums) <= MOST_PARTS and same_way and sum(sums) == item.amount_ore):
        raise DecideError("sum")
    watching.end(
        list(Match.objects.filter(item=item, state=Match.State.SUGGESTED)), by=by, why="split"
    )
    standing.book_line(item, by)
    suspense.release(item, by=by)
    places = itertools.count(item.parts.count())  # after those of a split that was joined again
    parts = Item.objects.bulk_create([_part(item, next(places), ore) for ore in sums])
    item.state = Item.State.SPLIT
    item.save(update_fields=["state"])
    for part in parts:
        part.account = item.account
    suspense.park(parts, by=by)
    audit.log_change(
        by=by,
        action="bank_item.split",
        subject_type="bank_item",
        subject_ref=item.ref,
        after={"count": len(parts)},
    )
    return parts


def _part(item: Item, place: int, ore: int) -> Item:
    told = bytes(item.fingerprint) + item.nth.to_bytes(4, "big") + place.to_bytes(4, "big")
    return Item(
        ref=new_ref(),
        account=item.account,
        statement=item.statement,
        line=item.line,
        part_of=item,
        batch_ref=item.batch_ref,
        at=item.at,
        booked_on=item.booked_on,
        amount_ore=ore,
        bank_ref=item.bank_ref,
        code=item.code,
        channel=item.channel,
        payer_key=item.payer_key,
        payer_country=item.payer_country,
        account_country=item.account_country,
        fingerprint=hashlib.blake2b(told, digest_size=16).digest(),
        state=Item.State.UNKNOWN,
    )


@transaction.atomic
def park(item_id: int, note: str, *, by: str) -> Item:
    """Leave it for later with a remark that names no person; it is ours, so its line is booked."""
    _names_nobody(note)
    item = standing.open_item(item_id)
    standing.book_line(item, by)
    if item.state == Item.State.NEW:
        item.state = Item.State.UNKNOWN
    item.note = note[:200]
    item.save(update_fields=["note", "state"])
    suspense.park([item], by=by)
    audit.log_change(
        by=by, action="bank_item.parked", subject_type="bank_item", subject_ref=item.ref
    )
    return item


@transaction.atomic
def class_others(item_ids: Sequence[int], *, by: str) -> int:
    """Lines of a shared account that other books keep: summed, never booked. Returns how many.

    Raises DecideError: dedicated, booked (it is in our books), batch (some of the line is ours).
    """
    items = [standing.open_item(pk) for pk in sorted(set(item_ids))]
    standing.keep_out(items)
    for item in items:
        match = Match.objects.create(
            item=item,
            state=Match.State.STANDS,
            kind=Kind.OTHER_BOOKS,
            evidence={"found": ["by_hand"]},
            by=by[:60],
            made_at=clock.now(),
        )
        standing.stand(match, by=by, learn=False)
        standing.log(match, "match.decided", by)
    return len(items)


def _names_nobody(text: str) -> None:
    if reasons.tell_of_a_person(text):
        raise DecideError("personal")
