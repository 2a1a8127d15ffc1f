"""What is typed to log in and to set a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_PASSWORD = 200
CODE_HELP = _("Six digits from your app. A recovery code of eight digits is good too.")


class LogInForm(forms.Form):
    """The name or address of an account, and its password."""

    username = forms.CharField(
        label=_("E-mail address or name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A code of the app or a recovery code, or what a passkey answered."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        required=False,
        help_text=CODE_HELP,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )
    passkey = forms.CharField(required=False, widget=forms.HiddenInput)


class PasskeyForm(forms.Form):
    """What a passkey answered."""

    passkey = forms.CharField(max_length=20_000)


class AddressForm(forms.Form):
    """Where a link for a new password is sent."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class PasswordForm(forms.Form):
    """A new password, typed once: it can be shown while it is typed."""

    username = forms.CharField(  # for the password manager; it changes nothing
        required=False,
        label=_("Account"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "readonly": True}),
    )
    password = forms.CharField(
        label=_("New password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=_("At least twelve signs. Three or four words that don't belong together do."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"username": user.get_username()})
        super().__init__(*args, **options)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, self.user)
        except ValidationError as error:
            said = [WEAK.get(one.code or "", WEAK[""]) for one in error.error_list]
            raise ValidationError(said) from None
        return password


WEAK = {
    "password_too_short": _("Write at least twelve signs."),
    "password_too_common": _("Too many people use that password. Choose another one."),
    "password_too_similar": _("The password is too like your name or address."),
    "": _("Choose another password."),
}
