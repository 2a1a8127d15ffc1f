"""Who is on My pages: links to log in by, visits, changes of address. Times are real."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q

from donors.models import Donor
from fundraise.refs import new_ref


class LoginLink(models.Model):
    """A link was asked for. The address is sealed (context "login-link:<ref>") and soon forgotten.

    `expires_at` is set when the mail is made, and only for an address that we know: the page that
    takes the question neither knows nor tells.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    address_sealed = models.BinaryField(null=True)
    language = models.CharField(max_length=2)
    going_to = models.CharField(max_length=200, blank=True, help_text="A path of My pages.")
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(used_at=None) | Q(expires_at__isnull=False),
                name="login_link_used_was_mailed",
            ),
            CheckConstraint(
                condition=Q(going_to="") | Q(going_to__regex=r"^/[^/\\\\]"),
                name="login_link_leads_home",
            ),
        ]


class Visit(models.Model):
    """Somebody who showed that an e-mail address is theirs, until they leave or it ends.

    The browser holds a secret; here is its hash. The one before it is good for a minute after a
    change of it, so that two presses at once both arrive.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    key_hash = models.BinaryField(max_length=32, unique=True)
    previous_hash = models.BinaryField(max_length=32, null=True, db_index=True)
    address_sealed = models.BinaryField()
    begun_at = models.DateTimeField()
    turned_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)


class AddressMove(models.Model):
    """A donor wants mails at another address: what the old and the new mailbox have answered.

    The new address is sealed (context "address-move:<ref>") and forgotten with the change.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="+")
    point_id = models.BigIntegerField()  # the contact point of the old address; may be gone
    new_sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    old_at = models.DateTimeField(null=True)
    new_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(done_at=None) | Q(old_at__isnull=False, new_at__isnull=False),
                name="address_moves_when_both_have_answered",
            ),
        ]
