"""What the treasurer types: files, accounts, what a line is, how an exception was settled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.console.days import day
from fundraise.console.fields import DayField, names_nobody, parse
from fundraise.console.treasury import words
from fundraise.gifts.models import Refund
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import (
    AccountNumber,
    BankAccount,
    ExpectedFile,
    Kind,
    RuleVersion,
)

NOT_BY_HAND = {Kind.PAYOUT, Kind.AUTOGIRO, Kind.REFUND, Kind.RETURN, Kind.OTHER_BOOKS, Kind.GIFT,
               Kind.SETTLEMENT, Kind.AUTHORITY}  # fmt: skip
MOST_NUMBERS = 6


class DropFileForm(forms.Form):
    """A bank's file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "camt, the bank's CSV, Swish, autogiro or Stripe. It is recognised by what stands in "
            "it, and nothing is booked before you say so."
        ),
    )
    account = forms.ModelChoiceField(
        BankAccount.objects.none(), required=False, label=_("Account, when the file names none")
    )

    def __init__(self, *args: Any, accounts: Iterable[BankAccount], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """A bank account and the numbers that files call it by."""

    entity = forms.ModelChoiceField(LegalEntity.objects.none(), label=_("Legal entity"))
    name = forms.CharField(max_length=80, label=_("Name"))
    bank = forms.CharField(max_length=40, required=False, label=_("Bank"))
    numbers = forms.CharField(
        label=_("Numbers"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One on each row: the kind and the number, such as “iban SE45 5000 0000 0583 9825 "
            "7466” or “bankgiro 991-2346”. Kinds: iban, bban, bankgiro, plusgiro, swish."
        ),
    )
    opened_on = DayField(label=_("The books follow it from"))
    opening = forms.CharField(
        initial="0", label=_("Balance at the beginning of that day"), max_length=40
    )
    ledger_number = forms.IntegerField(
        required=False,
        min_value=1000,
        max_value=9999,
        label=_("Account in the books"),
        help_text=_("Empty for 1930. A second bank account needs a number of its own."),
    )
    is_shared = forms.BooleanField(
        required=False, label=_("Shared: salaries, suppliers or other books use it too")
    )
    details_follow = forms.BooleanField(
        required=False, label=_("The single payments of a batch come in a file of their own")
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), required=False, label=_("Gifts that name no campaign are for")
    )
    days = forms.ChoiceField(
        choices=ExpectedFile.Days.choices, label=_("Its file comes"), initial="bank_days"
    )

    def __init__(
        self, *args: Any, entities: Iterable[LegalEntity], campaigns: Iterable[Campaign], **o: Any
    ) -> None:
        super().__init__(*args, **o)
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]

    def clean_opening(self) -> int:
        typed = str(self.cleaned_data["opening"]).strip()
        sign = -1 if typed.startswith(("-", "−")) else 1
        plain = typed.lstrip("-− ")
        return 0 if plain.strip("0 ,") == "" else sign * parse(plain)

    def clean_numbers(self) -> list[tuple[str, str]]:
        return read_numbers(self.cleaned_data["numbers"])


class ChangeForm(forms.Form):
    """What may change of an account. Whose it is, whether shared and since when, stays."""

    name = forms.CharField(max_length=80, label=_("Name"))
    bank = forms.CharField(max_length=40, required=False, label=_("Bank"))
    details_follow = forms.BooleanField(
        required=False, label=_("The single payments of a batch come in a file of their own")
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), required=False, label=_("Gifts that name no campaign are for")
    )
    closed_on = DayField(
        required=False, label=_("Closed at the bank"), help_text=_("Empty while it is in use.")
    )

    def __init__(self, data: Any = None, *, account: BankAccount) -> None:
        given = {name: getattr(account, name) for name in self.base_fields}
        super().__init__(data, initial=given)
        own = Campaign.objects.filter(entity=account.entity_id).order_by("title_sv")
        self.fields["campaign"].queryset = own  # type: ignore[attr-defined]


WORDS_OF_NUMBERS = {
    "iban": "iban", "bban": "bban", "konto": "bban", "bankgiro": "bgnr", "bg": "bgnr",
    "bgnr": "bgnr", "plusgiro": "pgnr", "pg": "pgnr", "pgnr": "pgnr", "swish": "swish",
}  # fmt: skip


def read_numbers(typed: str) -> list[tuple[str, str]]:
    """A kind and a number from each row. Raises ValidationError."""
    found = []
    for row in typed.splitlines():
        kind, _space, number = row.strip().partition(" ")
        if not row.strip():
            continue
        if kind.lower() not in WORDS_OF_NUMBERS or not number.strip():
            raise ValidationError(_("Write the kind first, then the number, one on each row."))
        found.append((WORDS_OF_NUMBERS[kind.lower()], number.strip()))
    if not 1 <= len(found) <= MOST_NUMBERS:
        raise ValidationError(_("Write between one and six numbers."))
    return found


def written_numbers(numbers: Iterable[AccountNumber]) -> str:
    """The same the other way."""
    kinds = {"bgnr": "bankgiro", "pgnr": "plusgiro"}
    return "\n".join(f"{kinds.get(one.kind, one.kind)} {one.number}" for one in numbers)


class NumbersForm(forms.Form):
    """Other numbers; a second person must agree."""

    numbers = forms.CharField(label=_("Numbers"), widget=forms.Textarea(attrs={"rows": 4}))
    why = forms.CharField(max_length=200, label=_("Why"), validators=[names_nobody])

    def clean_numbers(self) -> list[tuple[str, str]]:
        return read_numbers(self.cleaned_data["numbers"])


class ExpectForm(forms.Form):
    """When a file is expected."""

    days = forms.ChoiceField(choices=ExpectedFile.Days.choices, label=_("Its file comes"))
    late_after_days = forms.IntegerField(
        min_value=0, max_value=30, label=_("Late after so many bank days")
    )


class GiftForm(forms.Form):
    """Whose gift a line is, and to which campaign."""

    email = forms.EmailField(
        required=False,
        label=_("The donor's e-mail address"),
        help_text=_("Empty when nobody knows who gave."),
    )
    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("Campaign"))
    learn = forms.BooleanField(
        required=False, initial=True, label=_("Remember that this donor pays from there")
    )

    def __init__(self, *args: Any, campaigns: Iterable[Campaign], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]


class KindForm(forms.Form):
    """What a line is, when it is no gift."""

    kind = forms.ChoiceField(
        choices=[one for one in Kind.choices if one[0] not in NOT_BY_HAND], label=_("It is")
    )
    why = forms.CharField(
        max_length=200, required=False, label=_("Remark"), validators=[names_nobody]
    )


class RefundField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A refund by its gift's short name and its own day: nobody's name stands in a list."""

    def label_from_instance(self, obj: Refund) -> str:
        asked = day(clock.local_date(obj.created_at))
        return gettext("Gift %(gift)s, asked for %(day)s") % {
            "gift": obj.gift.ref.hex[:8],
            "day": asked,
        }


class ReturnForm(forms.Form):
    """Which refund came back."""

    refund = RefundField(Refund.objects.none(), label=_("Refund"), empty_label=None)

    def __init__(self, *args: Any, refunds: QuerySet[Refund], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["refund"].queryset = refunds  # type: ignore[attr-defined]


class SplitForm(forms.Form):
    """The sums of the parts."""

    sums = forms.CharField(
        label=_("Sums of the parts"),
        help_text=_("In kronor, with a semicolon between, such as “200; 50”."),
        max_length=300,
    )

    def clean_sums(self) -> list[int]:
        return [parse(one) for one in str(self.cleaned_data["sums"]).split(";") if one.strip()]


class NoteForm(forms.Form):
    """A remark that names nobody."""

    note = forms.CharField(max_length=200, label=_("Remark"), validators=[names_nobody])


class UndoForm(forms.Form):
    """Why a decision is undone."""

    why = forms.CharField(max_length=200, label=_("Why"), validators=[names_nobody])


class RuleForm(forms.Form):
    """What a rule does from now on."""

    mode = forms.ChoiceField(choices=RuleVersion.Mode.choices, label=_("What it does"))
    why = forms.CharField(max_length=200, label=_("Why"), validators=[names_nobody])


class SettleForm(forms.Form):
    """How an exception was settled."""

    how = forms.ChoiceField(
        choices=[(code, words.HOW[code]) for code in exceptions.HOW], label=_("What was done")
    )
    note = forms.CharField(
        max_length=200, required=False, label=_("Remark"), validators=[names_nobody]
    )
