"""What staff choose about a member list: the file, what each column holds, and why we may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from donors.importing import words
from donors.importing.columns import FIELDS, faults
from donors.importing.table import Table
from donors.importing.terms import Terms, source_code
from fundraise.console.fields import DayField
from fundraise.console.forms import not_later
from fundraise.console.words import GROUNDS, Text

SAMPLE = 3
LANGUAGES = {"sv": _("Swedish"), "en": _("English")}
NO_BASIS = _("as the rows say")
PROOF = r"^[A-Za-z0-9][A-Za-z0-9 ./_:-]*$"


class UploadForm(forms.Form):
    """The member list."""

    file = forms.FileField(
        label=_("Member list"),
        help_text=_("CSV or XLSX with headings. Nothing happens before you have seen what will."),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv", "autocomplete": "off"}
        ),
    )


class SheetForm(forms.Form):
    """Which sheet of the workbook."""

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int)

    def __init__(self, sheets: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sheet"].choices = list(enumerate(sheets))  # type: ignore[attr-defined]


class TermsForm(forms.Form):
    """What holds for every row that does not say otherwise."""

    basis = forms.ChoiceField(
        label=_("Legal basis of new people"), required=False,
        choices=[("", NO_BASIS), *GROUNDS.items()],
    )  # fmt: skip
    basis_on = DayField(
        label=_("Date of the basis"),
        required=False,
        help_text=_("When they were told what we do with the data, or said yes."),
    )
    basis_source = forms.CharField(
        label=_("Source of the basis"), max_length=60, required=False,
        help_text=_("Where it comes from, such as Medlemsregistret. No name of a person."),
    )  # fmt: skip
    basis_proof = forms.RegexField(
        PROOF, label=_("Proof of consent"), max_length=100, required=False,
        help_text=_("Only for consents: what shows them, such as the number of the form."),
        error_messages={"invalid": _("Use letters a–z, digits, spaces and . / _ - only.")},
    )  # fmt: skip
    appeals = forms.BooleanField(
        label=_("The consents are also to be asked for gifts"), required=False
    )
    language = forms.ChoiceField(label=_("Language of new people"), choices=list(LANGUAGES.items()))
    tags = forms.CharField(
        label=_("Tags for everybody in the list"), max_length=300, required=False,
        help_text=_("Parted by commas. No opinions and no illness."),
    )  # fmt: skip
    shared = forms.BooleanField(
        label=_("Couples share an address: another name is another person"), required=False
    )

    def clean_basis_on(self) -> Any:
        on = self.cleaned_data["basis_on"]
        return not_later(on) if on else None

    def clean_basis_source(self) -> str:
        source: str = self.cleaned_data["basis_source"]
        if source and not source_code(source):
            raise forms.ValidationError(_("Write the source in letters."))
        return source

    def terms(self) -> Terms:
        """As the import takes them."""
        return Terms(**self.cleaned_data)


class ColumnsForm(forms.Form):
    """A choice for each column, with some of its cells beside it. `columns` is for the page."""

    meanings: ClassVar[dict[str, Text]] = {field: words.FIELDS[field] for field in FIELDS}

    def __init__(self, table: Table, suggested: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table
        choices = [("", _("leave out")), *self.meanings.items()]
        for place, heading in enumerate(table.header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=suggested[place],
                label=heading or _("no heading"),
            )

    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column's field, and its first cells that hold something."""
        return [(self[f"column_{place}"], self._sample(place)) for place in range(len(self.fields))]

    def _sample(self, place: int) -> list[str]:
        cells = (line.cells[place].strip() for line in self.table.lines[:50])
        return [cell[:60] for cell in cells if cell][:SAMPLE]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for sentence in self.wrong():
            self.add_error(None, sentence)
        return cleaned

    def wrong(self) -> list[str]:
        """What is wrong with the choice, in words."""
        return [str(words.FILE[code]) for code in faults(self.meant())]

    def meant(self) -> list[str]:
        """What was chosen, column by column."""
        return [
            self.cleaned_data.get(f"column_{place}", "") for place in range(len(self.table.header))
        ]


def terms_shown(kept: Terms) -> list[tuple[str, str]]:
    """What was chosen for the list, as pairs of a word and its value."""
    shown = [
        (TermsForm.base_fields["basis"].label, str(GROUNDS.get(kept.basis, NO_BASIS))),
        (TermsForm.base_fields["basis_on"].label, str(kept.basis_on or "")),
        (TermsForm.base_fields["basis_source"].label, kept.basis_source),
        (TermsForm.base_fields["basis_proof"].label, kept.basis_proof),
        (TermsForm.base_fields["language"].label, str(LANGUAGES[kept.language])),
        (TermsForm.base_fields["tags"].label, kept.tags),
    ]
    return [(str(word), value) for word, value in shown if value]
