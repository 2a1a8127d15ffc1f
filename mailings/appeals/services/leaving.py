"""Leaving by a token from a mail: no more appeals, at once, without a log-in, for years.

The address of the message is suppressed, with everybody who shares it, also when its owner was
forgotten; the legal basis of the donor whom the message was for is ended, and of nobody else. No
mail that follows from a gift of the donor's own is touched.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from donors import queries as donor_queries
from donors import services as donors
from donors.models import ConsentWording, Donor
from fundraise import clock
from mailings import tokens
from mailings.appeals.models import Appeal, Message
from mailings.appeals.services import fates
from mailings.suppressions import queries as suppressions
from mailings.suppressions import services
from mailings.suppressions.models import Suppression

BY = "system:unsubscribe"
Reason, Scope = Suppression.Reason, Suppression.Scope


@dataclass(frozen=True)
class Leaver:
    """Whom a token was mailed to: the message, its appeal, and the donor unless forgotten."""

    appeal: Appeal
    message: Message
    donor: Donor | None

    @property
    def by(self) -> str:
        """Who acts, as the log has it."""
        return f"donor:{self.donor.ref}" if self.donor is not None else BY

    @property
    def keys(self) -> list[bytes]:
        """What the address of the message is known by: then, and now."""
        then = bytes(self.message.email_key or b"")
        now = donor_queries.keys_beside(self.donor.pk, then) if self.donor is not None else []
        return list(dict.fromkeys([then, *now])) if then else now

    @property
    def has_left(self) -> bool:
        """Whether this appeal's campaign writes to nobody at the address any more."""
        standing = suppressions.of_keys(self.keys).filter(lifted_at=None)
        return standing.filter(reason=Reason.UNSUBSCRIBED).exclude(scope=Scope.CAMPAIGN).exists()

    @property
    def has_left_the_campaign(self) -> bool:
        """Whether only this campaign's appeals are kept away."""
        rows = suppressions.of_keys(self.keys).filter(lifted_at=None, reason=Reason.UNSUBSCRIBED)
        return rows.filter(campaign=self.appeal.campaign_id).exists()

    @property
    def may_be_asked(self) -> bool:
        """Whether appeals may be mailed: the donor allows it, and the address is not suppressed."""
        if self.donor is None or suppressions.suppressed(self.keys):
            return False
        return donor_queries.may(self.donor.pk, self.appeal.purpose)


def is_of_a_test(text: str) -> bool:
    """Whether a token stood in a test mail to staff: it is for the appeal and for nobody.

    Raises TokenError on what is no such token of ours.
    """
    return tokens.read(text, tokens.Purpose.LEAVE).seq == 0


def leaver_of(text: str) -> Leaver | None:
    """Whom a token of a mail's unsubscribe link belongs to; None when its message is not there.

    Raises TokenError on what is no such token of ours.
    """
    token = tokens.read(text, tokens.Purpose.LEAVE)
    rows = Message.objects.select_related("appeal__campaign__entity")
    message = rows.filter(appeal_id=token.appeal_id, seq=token.seq).first()
    if message is None:
        return None
    living = Donor.objects.exclude(status=Donor.Status.ERASED)
    return Leaver(message.appeal, message, living.filter(pk=message.donor_id).first())


@transaction.atomic
def leave(leaver: Leaver, *, way: str, campaign_only: bool = False) -> bool:
    """No more appeals to the address, or no more of this campaign's. False when it was so already.

    `way` says how the wish came (one_click, unsubscribe_page, mailto, reply).
    """
    source = f"{way}:{leaver.appeal.ref}"
    campaign = leaver.appeal.campaign_id if campaign_only else None
    scope = Scope.CAMPAIGN if campaign_only else Scope.APPEALS
    event = f"{leaver.message.appeal_id}/{leaver.message.seq}"
    new = [
        services.New(key, Reason.UNSUBSCRIBED, source, scope, campaign, event)
        for key in leaver.keys
    ]
    made = services.suppress_many(new, by=leaver.by)
    refused = False
    if leaver.donor is not None and not campaign_only:
        refused = _refuse(leaver, leaver.donor, source)
    fact = fates.Fact(
        leaver.message.appeal_id, leaver.message.seq, "unsubscribed", clock.real_now()
    )
    fates.note([fact])
    return bool(made) or refused


def _refuse(leaver: Leaver, donor: Donor, source: str) -> bool:
    """The donor says no to what the appeal was sent for; quick when that was said before."""
    purpose = leaver.appeal.purpose
    if not donor_queries.may(donor.pk, purpose) and donor_queries.has_refused(donor.pk, purpose):
        return False
    donors.object_to(donor_id=donor.pk, purpose=purpose, source=source, by=leaver.by)
    return True


@transaction.atomic
def take_back(leaver: Leaver, *, wording: ConsentWording | None, way: str, proof: str) -> bool:
    """The person wants appeals after all: the no is lifted, and a yes to the words noted.

    False when there is nobody to write to, or the person must agree to words and has not.
    """
    if leaver.donor is None:
        return False
    needs_yes = not donor_queries.may(leaver.donor.pk, leaver.appeal.purpose)
    if needs_yes and wording is None:
        return False
    services.lift_many(leaver.keys, reasons=[Reason.UNSUBSCRIBED], why="took_back", by=leaver.by)
    if needs_yes and wording is not None:
        donors.give_consent(
            donor_id=leaver.donor.pk,
            wording=wording,
            source=f"{way}:{leaver.appeal.ref}",
            proof=proof,
            by=leaver.by,
        )
    return True


@transaction.atomic
def hear_of_the_campaign_again(leaver: Leaver) -> int:
    """Only this campaign's appeals had been kept away, and no longer are."""
    return services.lift_many(
        leaver.keys,
        reasons=[Reason.UNSUBSCRIBED],
        why="took_back",
        by=leaver.by,
        campaign_id=leaver.appeal.campaign_id,
    )
