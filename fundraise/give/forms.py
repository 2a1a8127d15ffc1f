"""What the visitor sends: read once, every sentence in the visitor's language, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from donors import normalise
from donors.errors import InvalidValue
from fundraise.give import amounts
from fundraise.give.monthly_form import MonthlyPart
from fundraise.give.presets import MONTHLY, ONCE
from fundraise.give.terms import Terms
from fundraise.give.typed import Typed, tick

LONGEST_NAME = 120
LONGEST_EMAIL = 254
LONGEST_LINE = 120


def clean_address(typed: str) -> str:
    """An e-mail address as it is kept. Raises ValidationError with a sentence for the visitor."""
    if not typed.strip():
        raise ValidationError(_("Write your e-mail address."))
    try:
        address = normalise.clean_email(typed)
    except InvalidValue:
        address = ""
    if not address or len(address) > LONGEST_EMAIL:
        raise ValidationError(_("Write the e-mail address in full, such as anna@example.se."))
    return address


class GiveForm(MonthlyPart):
    """The donation form. `amount_ore` is there when it is valid."""

    amount_once = Typed()
    other_once = Typed()
    amount_monthly = Typed()
    other_monthly = Typed()
    name = Typed()
    email = Typed()
    register = tick()
    member = tick()
    appeals = tick()
    targeting = tick()
    organisation = tick()
    identity_number = Typed()
    address = Typed()
    postcode = Typed()
    city = Typed()
    declaration = tick()
    way = Typed()
    abroad = tick()

    amount_ore: int = 0
    identity_asked: bool = False

    def __init__(self, terms: Terms, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, use_required_attribute=False, auto_id="%s")
        self.terms = terms

    def clean(self) -> dict[str, Any]:
        for field, read in (
            ("frequency", self._frequency),
            ("amount", self._amount),
            ("name", self._name),
            ("email", self._email),
            ("abroad", self._abroad),
            *self._monthly_fields(),
            ("register", self._register),
            *(() if self.is_monthly else (("way", self._way),)),
        ):
            self._try(field, read)
        if self.identity_asked:
            self._try("declaration", self._declaration)
        if self.identity_asked and not self.by_account:  # the mandate has its payer's number
            self._try("identity", self._identity)
        return self.cleaned_data

    def _try(self, field: str, read: Callable[[], None]) -> None:
        try:
            read()
        except ValidationError as error:
            self.add_error(self._where(field), error)

    def _where(self, field: str) -> str:
        """The field that shows the error; a group's error stands at its first field."""
        if field == "amount":
            return f"amount_{self._chosen_frequency()}"
        return "address" if field == "identity" else field

    def _chosen_frequency(self) -> str:
        return MONTHLY if self.is_monthly else ONCE

    def _amount(self) -> None:
        frequency = self._chosen_frequency()
        self.amount_ore = amounts.read_amount(
            self._said(f"amount_{frequency}"),
            self._said(f"other_{frequency}"),
            ladder=self.terms.ladder(frequency),
            minimum_ore=self.terms.minimum_ore,
            maximum_ore=self.terms.maximum_ore,
        )
        self.identity_asked = self.terms.asks_identity(self.amount_ore)

    def _name(self) -> None:
        self.cleaned_data["name"] = self._line(
            "name",
            _("Write your name."),
            _("Write the name with at most 120 characters."),
            LONGEST_NAME,
        )

    def _line(self, field: str, missing: str, too_long: str, longest: int) -> str:
        try:
            text = normalise.clean_text(self._said(field), longest=longest, code=field)
        except InvalidValue:
            raise ValidationError(too_long) from None
        if not text:
            raise ValidationError(missing)
        return text

    def _email(self) -> None:
        self.cleaned_data["email"] = clean_address(self._said("email"))

    def _abroad(self) -> None:
        """Nothing is asked for of whoever says so, where the rule of the day refuses it."""
        if self.terms.refuses_foreign and self.cleaned_data.get("abroad"):
            said = _("%(name)s takes no gifts from abroad. Nothing has been charged.")
            raise ValidationError(said % {"name": self.terms.payee.name})

    def _register(self) -> None:
        if not self.terms.register_required or self.cleaned_data.get("register"):
            return
        if self.terms.member_enough and self.cleaned_data.get("member"):
            return
        raise ValidationError(
            _("Tick that we may keep your details, or that you are a member.")
            if self.terms.member_enough
            else _("Tick that we may keep your details. The law lets us take the gift only then.")
        )

    def _way(self) -> None:
        methods = [way.method for way in self.terms.ways]
        chosen = self._said("way") or (methods[0] if len(methods) == 1 else "")
        if chosen not in methods:
            raise ValidationError(_("Choose how you want to give."))
        self.cleaned_data["way"] = chosen

    def _declaration(self) -> None:
        if not self.cleaned_data.get("declaration"):
            raise ValidationError(_("Tick that the gift is yours and not somebody else's."))

    def _identity(self) -> None:
        """An organisation's number; a person's address, or a person's number."""
        number = self._said("identity_number")
        if number or self.cleaned_data.get("organisation"):
            self._identity_number(number)
        elif self._said("address") or self._said("postcode") or self._said("city"):
            self._address()
        else:
            raise ValidationError(_("Write your address or your personal identity number."))

    def _identity_number(self, number: str) -> None:
        organisation = bool(self.cleaned_data.get("organisation"))
        clean = (
            normalise.clean_organisation_number if organisation else normalise.clean_personal_number
        )
        try:
            self.cleaned_data["identity_number"] = clean(number)
        except InvalidValue:
            self.add_error(
                "identity_number",
                _("Write the organisation number with ten digits, such as 802002-1234.")
                if organisation
                else _("Write the personal identity number with twelve digits."),
            )

    def _address(self) -> None:
        lines = {
            "address": _("Write the street address."),
            "postcode": _("Write the postcode."),
            "city": _("Write the town."),
        }
        too_long = _("Write at most 120 characters.")
        for field, missing in lines.items():
            try:
                self.cleaned_data[field] = self._line(field, missing, too_long, LONGEST_LINE)
            except ValidationError as error:
                self.add_error(field, error)
