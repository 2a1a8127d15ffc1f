"""Everything that is kept of one donor, for the donor (GDPR Art. 15 and 20), as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from donors import merged, services
from donors.cards import DonorCard
from donors.models import Donor, DonorMerge, LegalBasis
from donors.services import merging
from donors.values import PostalAddress
from fundraise.audit import queries as log
from fundraise.audit import services as audit
from fundraise.console.privacy import promises
from fundraise.gifts.models import Gift
from fundraise.gifts.queries import giver_of
from fundraise.pledges.models import Pledge
from mailings.appeals import received
from mailings.appeals.models import Appeal
from mailings.inbound import acts
from mailings.inbound.models import Reply
from mailings.models import TransactionalMessage
from mailings.monthly import subjects
from mailings.suppressions import queries as suppressions
from mailings.suppressions import wishes

VERSION = 1
# Codes of the house's own, which say nothing to the donor.
ANOTHERS = {"apart_from"}  # whose record it is says something of somebody else
NOT_TOLD = {"register_wording_id", "appeals_wording_id", "targeting_wording_id"}


@transaction.atomic
def everything_of(
    *,
    donor_ref: UUID,
    gifts: QuerySet[Gift],
    pledges: QuerySet[Pledge],
    appeals: QuerySet[Appeal],
    by: str,
    reason: str,
) -> bytes:
    """The donor's own copy. The look and the taking out are written down, with the reason.

    Raises Donor.DoesNotExist; Unreadable when the donor's key is gone.
    """
    card = services.read_card(donor_ref=donor_ref, by=by, purpose="export.donor")
    numbers = {
        kind: services.read_identity(donor_ref=donor_ref, kind=kind, by=by, purpose="export.donor")
        for kind, _masked in card.identities
    }
    audit.log_change(
        by=by,
        action="donor.exported",
        subject_type="donor",
        subject_ref=donor_ref,
        reason=reason,
    )
    whole = {
        "version": VERSION,
        "donor": _donor(card) | {"identity_numbers": numbers},
        "legal_bases": [_basis(row) for row in card.legal_bases],
        "gifts": [_gift(gift) for gift in gifts.order_by("pk")],
        "pledges": promises.of(pledges),
        "mails": list(_mails(gifts, pledges)),
        "appeals": list(_appeals(card.id, appeals)),
        "written_to_us": list(_replies(donor_ref)),
        "mail_at_most_every_days": wishes.of_donor_ref(donor_ref) or None,
        "not_mailed": list(_suppressions(card)),
        "merged_records": list(_merged(card.id)),
        "changes": list(_changes(donor_ref)),
        "looks": list(_looks(donor_ref)),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=str).encode()


def _donor(card: DonorCard) -> dict[str, Any]:
    register = Donor.objects.filter(ref=card.ref)
    died_on, no_contact_at = register.values_list("died_on", "no_contact_at").get()
    return {
        "ref": card.ref,
        "kind": card.kind,
        "name": card.name.full if card.name else None,
        "language": card.language,
        "status": card.status,
        "source": card.source,
        "since": card.created_at,
        "died": died_on,
        "wants_no_contact_since": no_contact_at,
        "tags": list(card.tags),
        "contact_points": [
            {
                "kind": point.kind,
                "value": asdict(point.value)
                if isinstance(point.value, PostalAddress)
                else point.value,
                "state": point.state,
                "primary": point.is_primary,
            }
            for point in card.contact_points
        ],
    }


def _basis(row: LegalBasis) -> dict[str, Any]:
    return {
        "purpose": row.purpose,
        "basis": row.basis,
        "source": row.source,
        "since": row.given_at or row.informed_on,
        "words": row.wording.text_sv if row.wording else None,
        "proof": row.proof,
        "withdrawn": row.withdrawn_at,
        "objected": row.objection_at,
        "ended": row.ended_at,
    }


def _gift(gift: Gift) -> dict[str, Any]:
    """A gift with what was typed for it; empty boxes are left out."""
    typed = giver_of(gift.pk)
    said = asdict(typed) if typed else {}
    return {
        "ref": gift.ref,
        "to": gift.entity.name,
        "campaign": gift.campaign.title_sv,
        "state": gift.state,
        "channel": gift.channel,
        "ore": gift.amount_ore,
        "currency": gift.currency,
        "sent_back_ore": gift.refunded_ore,
        "disputed_ore": gift.disputed_ore,
        "began": gift.created_at,
        "received": gift.received_at,
        "typed": {name: value for name, value in said.items() if value and name not in NOT_TOLD},
    }


def _mails(gifts: QuerySet[Gift], pledges: QuerySet[Pledge]) -> Iterator[dict[str, Any]]:
    refs = [str(ref) for ref in gifts.values_list("receipt__ref", flat=True) if ref]
    refs += subjects.of_pledges(pledges)
    for mail in TransactionalMessage.objects.filter(subject_ref__in=refs).order_by("pk"):
        yield {"kind": mail.kind, "state": mail.state, "sent": mail.sent_at}


def _appeals(donor_id: int, appeals: QuerySet[Appeal]) -> Iterator[dict[str, Any]]:
    """Which mails to many the donor got, or why not, and what became of each."""
    for row in reversed(received.of_donor(donor_id, appeals)):
        yield {
            "appeal": row.appeal.ref,
            "campaign": row.appeal.campaign.title_sv,
            "at": row.at,
            "outcome": row.outcome or row.state,
            **row.facts,
        }


def _replies(donor_ref: UUID) -> Iterator[dict[str, Any]]:
    """What the donor wrote back to appeals, while the words are kept."""
    for reply in Reply.objects.filter(donor__ref=donor_ref).order_by("pk"):
        words = acts.opened(reply) or {}
        yield {
            "at": reply.at,
            "from": words.get("from"),
            "subject": words.get("subject"),
            "text": words.get("text"),
            "became": reply.outcome or reply.state,
        }


def _suppressions(card: DonorCard) -> Iterator[dict[str, Any]]:
    """Why the donor's addresses are not mailed, or were not for a time."""
    for point in card.contact_points:
        if isinstance(point.value, str) and point.kind == "email":
            for row in suppressions.of_address(point.value):
                yield {
                    "address": point.value,
                    "reason": row.reason,
                    "keeps_away": row.scope,
                    "campaign": row.campaign.title_sv if row.campaign else None,
                    "since": row.created_at,
                    "lifted": row.lifted_at,
                }


def _merged(donor_id: int) -> Iterator[dict[str, Any]]:
    """Records that were the same donor's, and the other names they stood under."""
    donor = Donor.objects.get(pk=donor_id)
    names = merging.names_of(donor) if donor.status != Donor.Status.ERASED else {}
    for row in DonorMerge.objects.filter(kept=donor).select_related("gone").order_by("at"):
        yield {
            "record": row.gone.ref,
            "name": names.get(row.gone_id),
            "merged_at": row.at,
            "why": row.why,
            "moved": row.moved,
        }


def _changes(donor_ref: UUID) -> Iterator[dict[str, Any]]:
    """What was done, and not by whom, nor whose record looked alike: they are people too
    (Art. 15(4))."""
    for line in _lines(log.changes_of, donor_ref):
        after = {name: what for name, what in line.after.items() if name not in ANOTHERS}
        yield {"at": line.at, "action": line.action, "before": line.before, "after": after}


def _looks(donor_ref: UUID) -> Iterator[dict[str, Any]]:
    for line in _lines(log.reads_of, donor_ref):
        yield {"at": line.at, "purpose": line.purpose}


def _lines(of: Callable[[str, UUID], QuerySet[Any]], donor_ref: UUID) -> list[Any]:
    """Lines of a log about the donor and about every record that was merged into it."""
    every = [of("donor", ref) for ref in merged.refs_of(donor_ref)]
    return sorted((line for rows in every for line in rows), key=lambda line: line.pk)
