"""Files to Bankgirot, and every record in them."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.pledges.models import Collection, Mandate
from fundraise.providers.giro.models.agreement import Agreement
from fundraise.refs import new_ref

MANDATE_ORDERS = ["new", "approve", "reject", "end"]
DRAW_ORDERS = ["draw", "cancel"]


class OutFile(models.Model):
    """A sealed file, kept as it was made (crypto context "giro-out:<ref>"), and where it is.

    `deadline` is the last moment at which it still does what it was made for. Once it is being
    delivered nobody knows where it is until somebody says so: it is then delivered or in doubt. Nor
    does anybody once it was fetched: it is carried by hand from then on, and never withdrawn.
    """

    class Kind(models.TextChoices):
        MANDATES = "mandates", _("Mandates")
        PAYMENTS = "payments", _("Draws")
        CANCELLATIONS = "changes", _("Cancellations")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for approval")
        READY = "ready", _("To be delivered")
        DELIVERING = "delivering", _("Being delivered")
        DELIVERED = "delivered", _("Delivered")
        DOUBT = "doubt", _("Not known whether it arrived")
        WITHDRAWN = "withdrawn", _("Withdrawn: it never left")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="out_files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField(help_text="The bank day whose file it is.")
    serial = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    sealed = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    size = models.PositiveIntegerField()
    orders_number = models.PositiveIntegerField()
    sum_ore = models.BigIntegerField(default=0)
    first_due = models.DateField(null=True)
    deadline = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices)
    built_at = models.DateTimeField()
    built_by = models.CharField(max_length=60)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=60, blank=True)
    fetched_at = models.DateTimeField(null=True, help_text="When it was first fetched by hand.")
    fetched_by = models.CharField(max_length=60, blank=True)
    delivering_since = models.DateTimeField(null=True, help_text="Real time.")
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=60, blank=True, help_text="A code: what was in the way.")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["agreement", "serial"], name="giro_out_serial_once"),
            UniqueConstraint(fields=["agreement", "name"], name="giro_out_name_once"),
            CheckConstraint(
                condition=Q(
                    state__in=[
                        "waiting",
                        "ready",
                        "delivering",
                        "delivered",
                        "doubt",
                        "withdrawn",
                    ]
                ),
                name="giro_out_state_known",
            ),
            CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False),
                name="giro_out_delivered_has_time",
            ),
            CheckConstraint(condition=Q(orders_number__gt=0), name="giro_out_never_empty"),
            CheckConstraint(
                condition=Q(fetched_at=None, fetched_by="")
                | Q(fetched_at__isnull=False) & ~Q(fetched_by=""),
                name="giro_out_fetched_by_whom",
            ),
            CheckConstraint(
                condition=Q(fetched_at=None) | ~Q(state__in=["waiting", "delivering", "withdrawn"]),
                name="giro_out_fetched_is_carried",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"],
                condition=~Q(state__in=["delivered", "withdrawn"]),
                name="giro_out_undelivered",
            ),
            models.Index(fields=["agreement", "-day"], name="giro_out_by_day"),
        ]

    def __str__(self) -> str:
        return f"autogiro file {self.ref}"


class Order(models.Model):
    """One record that was sent. `line` is its line in the file as it was sealed.

    An order and its cancellation never stand in files of the same day: Bankgirot takes files in the
    order in which they arrive (technical manual 6.1.1).
    """

    class Kind(models.TextChoices):
        NEW = "new", _("New mandate")
        APPROVE = "approve", _("Yes to a mandate of the Internet bank")
        REJECT = "reject", _("No to a mandate of the Internet bank")
        END = "end", _("End of a mandate")
        DRAW = "draw", _("Draw")
        CANCEL = "cancel", _("Cancellation of a draw")

    file = models.ForeignKey(OutFile, on_delete=models.PROTECT, related_name="orders")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    day = models.DateField()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="orders")
    collection = models.ForeignKey(
        Collection, null=True, on_delete=models.PROTECT, related_name="orders"
    )
    answer = models.CharField(max_length=10, blank=True, help_text="The bank's code.")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["file", "line"], name="giro_order_line_once"),
            UniqueConstraint(
                fields=["collection"], condition=Q(kind="draw"), name="giro_draw_sent_once"
            ),
            UniqueConstraint(
                fields=["mandate"],
                condition=Q(kind__in=["new", "approve", "reject"]),
                name="giro_mandate_sent_once",
            ),
            UniqueConstraint(
                fields=["collection", "day"],
                condition=Q(collection__isnull=False),
                name="giro_draw_and_cancel_on_two_days",
            ),
            UniqueConstraint(
                fields=["mandate", "day"],
                condition=Q(collection=None),
                name="giro_mandate_and_end_on_two_days",
            ),
            CheckConstraint(
                condition=Q(kind__in=DRAW_ORDERS, collection__isnull=False)
                | Q(kind__in=MANDATE_ORDERS, collection=None),
                name="giro_order_of_a_kind",
            ),
        ]
