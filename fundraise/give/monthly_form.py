"""The part of the donation form that is about giving every month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from donors import normalise
from donors.errors import InvalidValue
from fundraise.give import monthly
from fundraise.give.monthly import (
    AT_THE_BANK,
    AUTOGIRO,
    BANKGIRO,
    INTERVALS,
    PERSON,
    VARIANTS,
)
from fundraise.give.presets import MONTHLY
from fundraise.give.terms import Terms
from fundraise.give.typed import Typed, tick
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services.starting import NewAccount
from fundraise.providers import account_words
from fundraise.providers.autogiro.numbers import clean_bankgiro, identity12, shown_bankgiro


class MonthlyPart(forms.Form):
    """Reads how often, from what and by whom; `new_account` is there when all of it is good."""

    frequency = Typed()
    monthly_way = Typed()
    every = Typed()
    day = Typed()
    payer = Typed()
    payer_number = Typed()
    account = Typed()
    mandate = tick()

    terms: Terms
    account16: str = ""
    account_hint: str = ""

    @property
    def is_monthly(self) -> bool:
        """Whether every month was chosen, open or not."""
        return self._said("frequency") == MONTHLY

    @property
    def by_account(self) -> bool:
        """Whether an account that is written here is drawn on."""
        return self.is_monthly and self.method == AUTOGIRO and not self.at_the_bank

    @property
    def at_the_bank(self) -> bool:
        """Whether the mandate is given in the Internet bank instead, by a number to type there."""
        return self._said("monthly_way") == AT_THE_BANK and self.method == AUTOGIRO

    @property
    def method(self) -> str:
        """autogiro, card …: what was chosen, else the first that is open."""
        open_now = self.terms.monthly.ways if self.terms.monthly else ()
        chosen = self._said("monthly_way")
        chosen = AUTOGIRO if chosen == AT_THE_BANK else chosen
        return chosen if chosen in open_now else (open_now[0] if open_now else "")

    @property
    def variant(self) -> str:
        """Which kind of payer."""
        chosen = self._said("payer")
        return chosen if chosen in VARIANTS else PERSON

    @property
    def interval_months(self) -> int:
        """1, 3, 6 or 12."""
        return next((n for n in INTERVALS if str(n) == self._said("every")), 1)

    @property
    def chosen_day(self) -> int:
        """1-28 or 31."""
        about = self.terms.monthly
        days = [choice.number for choice in about.days] if about else []
        first = about.day if about else 0
        return next((day for day in days if str(day) == self._said("day")), first)

    def new_account(self) -> NewAccount:
        """The account as the mandate keeps it."""
        text = self.terms.monthly.text if self.terms.monthly else None
        number = identity12(self.cleaned_data["payer_number"])
        return NewAccount(
            details=AccountDetails(self.account16, number),
            hint=self.account_hint,
            variant=self.variant,
            wording_id=text.id_of(self.variant) if text else None,
        )

    def _said(self, field: str) -> str:
        return str(self.cleaned_data.get(field, ""))

    def _monthly_fields(self) -> list[tuple[str, Callable[[], None]]]:
        """What is read when every month is chosen, in the order of the page."""
        if not self.by_account:
            return []
        fields = [("payer_number", self._payer_number), ("account", self._account)]
        about = self.terms.monthly
        return [*fields, ("mandate", self._mandate)] if about and about.tick_signs else fields

    def _frequency(self) -> None:
        if self.is_monthly and not self.terms.takes_monthly:
            raise ValidationError(_("Monthly giving is not open here. Choose to give once."))

    def _payer_number(self) -> None:
        number = self._said("payer_number")
        person = self.variant == PERSON
        clean = normalise.clean_personal_number if person else normalise.clean_organisation_number
        try:
            self.cleaned_data["payer_number"] = clean(number)
        except InvalidValue:
            raise ValidationError(_number_wrong(number, person=person)) from None

    def _account(self) -> None:
        if self.variant == BANKGIRO:
            self._bankgiro()
            return
        look = account_words.look(self._said("account"))
        if look.account is None:
            raise ValidationError(str(look.said))
        self.account16 = look.account.field16
        self.account_hint = f"{look.bank} {look.account.masked}".strip()

    def _bankgiro(self) -> None:
        if self.terms.monthly and BANKGIRO not in self.terms.monthly.variants:
            said = _("Organisations with a bankgiro number sign on paper. Write to %(email)s.")
            raise ValidationError(said % {"email": self.terms.payee.email})
        try:
            number = clean_bankgiro(self._said("account"))
        except ValueError:
            raise ValidationError(
                _("Write the bankgiro number with seven or eight digits, such as 5050-1055.")
            ) from None
        self.account16 = number.rjust(16, "0")
        self.account_hint = f"Bankgiro {shown_bankgiro(number)}"

    def _mandate(self) -> None:
        if not self.cleaned_data.get("mandate"):
            raise ValidationError(_("Tick that you agree to the mandate: it is your signature."))


def _number_wrong(typed: str, *, person: bool) -> str:
    if not person:
        return _("Write the organisation number with ten digits, such as 802002-1234.")
    if not typed.strip():
        return _("Write your personal identity number. Your bank checks it against the account.")
    return _("Write the personal identity number with twelve digits, and compare each one.")


def values_at_first(about: monthly.Monthly | None) -> dict[str, Any]:
    """What stands chosen when the page opens."""
    if about is None:
        return {}
    return {"monthly_way": about.ways[0], "every": "1", "day": str(about.day), "payer": PERSON}
