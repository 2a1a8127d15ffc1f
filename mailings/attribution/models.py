"""Which appeal gifts and pledges are counted to. Money itself stays where it is: on the gift."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from stdnum import luhn

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge, PledgeChange
from fundraise.refs import new_ref
from mailings.appeals.models import Appeal


class SourceCode(models.Model):
    """A short code that staff print on a letter or a poster: gifts that name it are counted to it.

    It stands in a link (`?ref=CODE`) and in the QR code made of it. A code in use is never changed
    or deleted: it is printed.
    """

    class Medium(models.TextChoices):
        LETTER = "letter", _("Letter")
        POSTER = "poster", _("Poster")
        QR = "qr", _("QR code")
        OTHER = "other", _("Something else")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=90, help_text=_("For staff: where it is printed."))
    medium = models.CharField(max_length=6, choices=Medium.choices, default=Medium.OTHER)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="source_codes")
    appeal = models.ForeignKey(
        Appeal, null=True, on_delete=models.PROTECT, related_name="source_codes"
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)
    closed_at = models.DateTimeField(null=True, help_text=_("Staff no longer use it."))

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("code"), name="source_code_once"),
            CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,19}$"),
                name="source_code_fits_a_link",
            ),
            CheckConstraint(
                condition=Q(medium__in=["letter", "poster", "qr", "other"]),
                name="source_code_medium_known",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Touch(models.Model):
    """What led to money: the last touch is what it is counted to, the first is told beside it.

    Made anew from what is known; never edited by hand.
    """

    class Way(models.TextChoices):
        LINK = "link", _("A link in the appeal")
        CODE = "code", _("A printed code")
        WINDOW = "window", _("Was mailed shortly before")
        PLEDGE = "pledge", _("As its monthly gift")
        NONE = "none", _("No appeal")

    way = models.CharField(max_length=6, choices=Way.choices)
    appeal = models.ForeignKey(Appeal, null=True, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField(
        null=True, help_text=_("The giver's own message; empty when a link was passed on.")
    )
    content_id = models.BigIntegerField(null=True, help_text=_("Whose words led there."))
    code = models.ForeignKey(SourceCode, null=True, on_delete=models.PROTECT, related_name="+")
    passed_on = models.BooleanField(
        default=False, help_text=_("Somebody else than the message's receiver gave.")
    )
    first_appeal = models.ForeignKey(Appeal, null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True, help_text=_("When the mail counted to had left."))
    donor_id = models.BigIntegerField(null=True, help_text=_("The giver, as known when counted."))

    class Meta:
        abstract = True


def _ways(of: str, *ways: str) -> list[models.BaseConstraint]:
    """How it may have come to the appeal; who came by none is counted to none."""
    return [
        CheckConstraint(condition=Q(way__in=[*ways, "none"]), name=f"{of}_way_known"),
        CheckConstraint(
            condition=~Q(way="none") | Q(appeal=None, code=None, first_appeal=None),
            name=f"{of}_none_is_none",
        ),
    ]


class GiftTouch(Touch):
    """What a received gift is counted to: one row for each, also for none."""

    gift = models.OneToOneField(
        Gift, on_delete=models.PROTECT, primary_key=True, related_name="touch"
    )
    pledge_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = _ways("gift_touch", "link", "code", "window", "pledge")
        indexes = [
            models.Index(fields=["pledge_id"], condition=Q(pledge_id__isnull=False),
                         name="gift_touch_of_pledge"),
        ]  # fmt: skip


class PledgeTouch(Touch):
    """What a pledge is counted to, by when it was begun; its gifts follow it."""

    pledge = models.OneToOneField(
        Pledge, on_delete=models.PROTECT, primary_key=True, related_name="touch"
    )

    class Meta:
        constraints = _ways("pledge_touch", "link", "code", "window")


class RaiseTouch(Touch):
    """What a raised monthly gift is counted to: what is given more each month, not its gifts."""

    change = models.OneToOneField(
        PledgeChange, on_delete=models.PROTECT, primary_key=True, related_name="touch"
    )

    class Meta:
        constraints = _ways("raise_touch", "link", "code", "window")


class Letter(models.Model):
    """One letter to one donor of an appeal: the list that was frozen, with the OCR number on it.

    Name and address are opened only where the file is made.
    """

    FIRST = 10_000_000  # numbers of one length

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="letters")
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="letters")
    targeted = models.BooleanField(help_text=_("May be asked by what she gave."))
    base_ore = models.BigIntegerField(null=True, help_text=_("Her last gift, where she may."))
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appeal", "donor"], name="letter_once_per_donor"),
            CheckConstraint(
                condition=Q(targeted=True) | Q(base_ore=None), name="letter_untargeted_has_no_base"
            ),
        ]

    @classmethod
    def number_of(cls, text: str) -> int | None:
        """The letter that an OCR number names; None when it is none of ours."""
        if not (text.isascii() and text.isdecimal() and 9 <= len(text) <= 18):
            return None
        number = int(text[:-1]) - cls.FIRST
        return number if number > 0 and luhn.is_valid(text) else None

    @property
    def ocr(self) -> str:
        """The number that the giver's bank asks for: digits, the last one a check digit (10)."""
        digits = str(self.FIRST + self.pk)
        return digits + luhn.calc_check_digit(digits)


class Watcher(models.Model):
    """Who of the staff is told what of a campaign, by mail and as a task."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="watchers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="watches"
    )
    large_gift_ore = models.BigIntegerField(
        null=True, help_text=_("Gifts from this sum on are told; empty: none.")
    )
    milestones = models.BooleanField(default=False, help_text=_("A quarter, half … of the goal."))
    weekly = models.BooleanField(default=False, help_text=_("The week's figures, on Mondays."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="watcher_once"),
            CheckConstraint(
                condition=Q(large_gift_ore=None) | Q(large_gift_ore__gt=0),
                name="watcher_sum_above_zero",
            ),
        ]


class StaffTask(models.Model):
    """Something told to one of the staff, once: a large gift to thank for, a milestone, a week."""

    class Kind(models.TextChoices):
        LARGE_GIFT = "large_gift", _("A large gift")
        MILESTONE = "milestone", _("A milestone")
        WEEK = "week", _("The week's report")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_tasks"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.CharField(max_length=40, help_text=_("The gift's ref, percents, or the week."))
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "user", "kind", "about"], name="staff_task_once"
            ),
            CheckConstraint(
                condition=Q(kind__in=["large_gift", "milestone", "week"]),
                name="staff_task_kind_known",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "at"], condition=Q(done_at=None), name="staff_task_open")
        ]
