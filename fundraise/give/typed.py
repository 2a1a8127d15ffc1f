"""Fields that hand on what was typed; the sentences about it are the form's own."""

from __future__ import annotations

from django import forms


class Typed(forms.Field):
    """Text as it was typed."""

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: object) -> str:
        return str(value or "").strip()


def tick() -> forms.BooleanField:
    """A box that may be left empty; whether it may, the form says."""
    return forms.BooleanField(required=False)
