"""The addresses that appeals may come from and be answered to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class VerifiedSender(models.Model):
    """An address of a legal entity's own, shown to be its own by a code that was mailed there.

    It is the house's address and no person's: it stands in every appeal. Until `verified_at` it is
    of no use; when it is not used any more it ends and stays, since old appeals came from it.
    """

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=70)
    domain = models.CharField(max_length=253)
    code_hash = models.BinaryField(max_length=32, null=True)
    code_sent_at = models.DateTimeField(null=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, blank=True)
    by = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "address"],
                condition=Q(ended_at=None),
                name="sender_address_once_for_an_entity",
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, how="") | Q(verified_at__isnull=False, how="code"),
                name="sender_verified_says_how",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def state(self) -> str:
        """waiting, verified or ended."""
        if self.ended_at is not None:
            return "ended"
        return "waiting" if self.verified_at is None else "verified"
