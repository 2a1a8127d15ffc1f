"""What was chosen of a list, as one line: what a phone shows instead of ten fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from fundraise.console.days import day
from fundraise.console.fields import KronorField
from fundraise.console.tables.base import SHOW_ALL, Chosen
from fundraise.console.tables.filters import SHOW
from fundraise.console.tables.named import NamedField
from fundraise.money import format_kronor


def sentence(chosen: Chosen) -> str:
    """ "Received, to Two million, of at least 500 kr"; or that everything is shown."""
    parts = [_part(chosen.form.fields[name], chosen.said[name]) for name in chosen.codes]
    return ", ".join(part for part in parts if part) or _("everything is shown")


def _part(field: forms.Field, value: Any) -> str:
    shown = _shown(field, value)
    label = str(field.label).partition(",")[0]  # "of at least, kr," before its field
    return shown if not shown or field.label == str(SHOW) else f"{label} {shown}"


def _shown(field: forms.Field, value: Any) -> str:
    if value in (None, "", SHOW_ALL):
        return ""
    if isinstance(field, forms.ModelChoiceField):
        return str(field.label_from_instance(value))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices)[value])  # type: ignore[arg-type]
    if isinstance(field, NamedField):
        return field.called(value)
    if isinstance(field, KronorField):
        return format_kronor(value)
    return day(value) if isinstance(value, date) else str(value)
