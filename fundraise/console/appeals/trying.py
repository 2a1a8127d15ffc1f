"""A test mail: which words, as whom, to which of the staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fundraise.console.appeals.checks import LANGUAGES
from mailings.appeals.models import Content

Choices = list[tuple[str, str]]


class TryForm(forms.Form):
    """What is mailed to whom. `once` names the page that was opened: sent twice, mailed once."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    content = forms.ChoiceField(label=_("Which version"))
    who = forms.ChoiceField(label=_("As whom"))
    to = forms.TypedMultipleChoiceField(
        label=_("To"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        contents: Sequence[Content],
        people: Choices,
        staff: Sequence[User],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["content"].choices = [(str(c.pk), named(c)) for c in contents]  # type: ignore[attr-defined]
        self.fields["who"].choices = people  # type: ignore[attr-defined]
        self.fields["to"].choices = [(user.pk, user.get_username()) for user in staff]  # type: ignore[attr-defined]

    def clean_to(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["to"]
        if not chosen:
            raise ValidationError(_("Choose somebody to mail it to."))
        return chosen


def named(content: Content) -> str:
    """ "A, svenska: Sista veckan"."""
    language = LANGUAGES[content.language]
    return f"{content.variant.letter}, {language}: {content.compiled_subject or '–'}"


def fresh() -> uuid.UUID:
    """A new name for a press of the button."""
    return uuid.uuid4()
