"""Gifts that the bank shows: new ones in bulk, and those that waited for their money."""

from __future__ import annotations

from collections.abc import Sequence

from fundraise.gifts import given, undoing
from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.given import Given
from fundraise.gifts.models import Gift
from fundraise.ledger.models import Journal
from fundraise.ledger.services import post_journals
from fundraise.outbox import services as outbox
from fundraise.reconciliation import givers, references, taking_back
from fundraise.reconciliation.models import Kind, Match
from fundraise.reconciliation.movement import Booked, clearing_of, draft_of, noon_of, source_of
from fundraise.reconciliation.suspense import entry

ORIGIN = "bank"


def is_new(match: Match) -> bool:
    """Whether the gift is made by the match."""
    return match.kind == Kind.GIFT and match.gift_id is None


def book_new(matches: Sequence[Match], done: Booked) -> None:
    """New gifts of known donors or of nobody; of another entity through what is owed to it."""
    if not matches:
        return
    people = givers.of(matches)
    told = [_given(match, people) for match in matches]
    made = given.record_given(told)
    for match, gift in zip(matches, made, strict=True):
        match.gift_id = gift.pk
    givers.keep_details(matches)
    owe(matches, done)
    _find_journals([match for match in matches if match.entity_id is None], done)
    outbox.write_many("GiftReceived", [gift.pk for gift in made])


def _given(match: Match, people: givers.People) -> Given:
    item, campaign = match.item, match.campaign
    if campaign is None:
        raise ValueError("a gift without its campaign")
    clearing = clearing_of(match) if match.entity_id is None else "owed_by_entity"
    at = noon_of(match)
    return Given(
        campaign=campaign,
        donor_id=match.donor_id,
        giver_key=people.key(match.donor_id),
        amount_ore=item.amount_ore,
        channel=item.channel,
        language=people.language(match.donor_id),
        reference=item.reference if references.is_valid(item.reference) else "",
        provider_ref=f"bank:{item.ref}:{match.pk}" if _was_undone(match) else f"bank:{item.ref}",
        received_at=at,
        movement=Movement(source_of(match), at, match.by, f"bank:{item.ref}", clearing),
        event_id=f"bank:{match.ref}",
        origin=ORIGIN,
        residence_country=item.payer_country,
        iban_country=item.account_country,
    )


def _was_undone(match: Match) -> bool:
    """Whether the item was another gift before."""
    return (
        match.item.parked > 0
        and Gift.objects.filter(provider_ref=f"bank:{match.item.ref}").exists()
    )


def owe(matches: Sequence[Match], done: Booked) -> None:
    """The receiver owes the other entity what was meant for it, and less when it was taken back."""
    others = [match for match in matches if match.entity_id is not None]
    drafts = [
        draft_of(match, entry(clearing_of(match), "owed_to_entity", match.item.amount_ore), "Skuld")
        for match in others
    ]
    for match, posted in zip(others, post_journals(drafts), strict=True):
        done.journals[match.pk] = posted.id


def book_known(match: Match) -> None:
    """The money of a gift that waited; of one that staff entered nothing is left to book, but what
    was booked straight on the bank comes back to clearing."""
    gift = match.gift
    if gift is None:
        return
    at = noon_of(match)
    clearing = clearing_of(match) if match.entity_id is None else "owed_by_entity"
    seen = Movement(source_of(match), at, match.by, f"bank:{match.item.ref}", clearing)
    if undoing.is_undone(gift):
        undoing.stand_again(gift.pk, seen)
        return
    if gift.state == Gift.State.RECEIVED:
        taking_back.entered_by_hand(match, gift)
        Gift.objects.filter(pk=gift.pk, iban_country="").update(
            iban_country=match.item.account_country
        )
        return
    gifts.record_gift(
        gift.pk,
        gifts.Receipt(
            channel=match.item.channel,
            amount_ore=match.item.amount_ore,
            provider_ref=f"bank:{match.item.ref}",
            received_at=at,
            movement=seen,
            event_id=f"bank:{match.ref}",
            residence_country=match.item.payer_country,
            iban_country=match.item.account_country,
        ),
    )
    if match.donor_id is not None and gift.donor_id is None:
        Gift.objects.filter(pk=gift.pk, donor=None).update(donor_id=match.donor_id)


def _find_journals(matches: Sequence[Match], done: Booked) -> None:
    sources = {(match.campaign.entity_id, source_of(match)): match.pk for match in matches}  # type: ignore[union-attr]
    rows = Journal.objects.filter(
        entity_id__in={entity for entity, _source in sources},
        source__in=[source for _entity, source in sources],
    )
    for entity, source, pk in rows.values_list("entity_id", "source", "pk"):
        done.journals[sources[entity, source]] = pk
