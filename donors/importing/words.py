"""What codes of an import mean, in a sentence that says what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.importing.table import FileRefused

Text = str | Promise

FIELDS: dict[str, Text] = {
    "given": gettext_lazy("Given name"),
    "family": gettext_lazy("Family name"),
    "name": gettext_lazy("Whole name"),
    "organisation": gettext_lazy("Organisation"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "co": gettext_lazy("c/o"),
    "address": gettext_lazy("Street address"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("Town"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "basis": gettext_lazy("Legal basis"),
    "basis_on": gettext_lazy("Date of the basis"),
    "basis_source": gettext_lazy("Source of the basis"),
    "basis_proof": gettext_lazy("Proof of consent"),
    "tags": gettext_lazy("Tags"),
}
OUTCOMES: dict[str, Text] = {
    "created": gettext_lazy("New"),
    "added": gettext_lazy("Added to"),
    "unchanged": gettext_lazy("Unchanged"),
    "person": gettext_lazy("Needs a person"),
    "error": gettext_lazy("Error"),
}
FILE: dict[str, Text] = {
    "file_empty": gettext_lazy("The file is empty."),
    "no_rows": gettext_lazy("There are headings and no rows below them."),
    "no_header": gettext_lazy("The first row has no headings. Write what each column holds above."),
    "too_many_columns": gettext_lazy("There are too many columns. Keep those that are needed."),
    "too_many_rows": gettext_lazy("There are too many rows. Bring the list in in parts."),
    "too_many_cells": gettext_lazy(
        "The row has more cells than there are headings. Is a separator written within a cell?"
    ),
    "cell_too_long": gettext_lazy("The cell is too long."),
    "encoding_unknown": gettext_lazy("The letters can't be read. Save the file as CSV UTF-8."),
    "not_text": gettext_lazy("It is neither CSV nor XLSX. Save the list as one of them."),
    "quotes_broken": gettext_lazy("A quotation mark is missing or one too many. Look at the row."),
    "xls_or_locked": gettext_lazy(
        "The workbook is of old Excel or locked with a password. Save it as XLSX without one."
    ),
    "no_such_sheet": gettext_lazy("The workbook has no such sheet."),
    "xlsx_broken": gettext_lazy("The workbook can't be opened. Save it again as XLSX, or as CSV."),
    "too_large_unpacked": gettext_lazy("The workbook holds too much. Save the list as CSV."),
    "too_large": gettext_lazy("The file is too large. Bring the list in in parts."),
    "file_gone": gettext_lazy("The file is not kept any more. Bring it in again."),
    "file_unreadable": gettext_lazy("The file can't be opened again. Bring it in again."),
    "gave_up": gettext_lazy("It was tried several times and did not work. An alarm tells why."),
    "field_unknown": gettext_lazy("Choose what each column holds."),
    "field_twice": gettext_lazy("Two columns can't hold the same. Leave one of them out."),
    "name_column_missing": gettext_lazy("Choose the column that holds names."),
    "contact_column_missing": gettext_lazy(
        "Choose a column with e-mail, phone or postcode: nobody is known by the name alone."
    ),
}
ROW: dict[str, Text] = {
    "name_missing": gettext_lazy("There is no name."),
    "name_too_long": gettext_lazy("The name is too long."),
    "name_invalid": gettext_lazy("The name has signs that can't be kept."),
    "email_invalid": gettext_lazy("It is no e-mail address."),
    "phone_invalid": gettext_lazy("It is no phone number. Write the area or country code too."),
    "number_shortened": gettext_lazy(
        "The program has shortened the number. Make the column text and write it again."
    ),
    "postal_incomplete": gettext_lazy("The address needs a street, a postcode and a town."),
    "postal_too_long": gettext_lazy("The address is too long."),
    "postal_invalid": gettext_lazy("The address has signs that can't be kept."),
    "postcode_invalid": gettext_lazy("It is no Swedish postcode. Is the country missing?"),
    "country_unknown": gettext_lazy("Write the country as two letters, such as SE."),
    "language_unknown": gettext_lazy("Write sv or en."),
    "tag_too_long": gettext_lazy("A tag is longer than 60 signs."),
    "tag_invalid": gettext_lazy("A tag has signs that can't be kept."),
    "too_many_tags": gettext_lazy("A row may have 30 tags at most."),
    "basis_unknown": gettext_lazy("Write membership, consent or regular contact."),
    "basis_missing": gettext_lazy("A new person needs a legal basis."),
    "basis_undated": gettext_lazy("The legal basis needs a date."),
    "basis_unsourced": gettext_lazy("The legal basis needs a source."),
    "basis_unproved": gettext_lazy("A consent needs proof, such as the number of the form."),
    "basis_not_enough": gettext_lazy("This basis is not enough to keep a donor, by the settings."),
    "proof_invalid": gettext_lazy("Write the proof as a number or code, without å, ä, ö and @."),
    "no_wording": gettext_lazy(
        "No words of consent were in force on that day. Publish the words that were agreed to."
    ),
    "date_invalid": gettext_lazy("Write the day as 2026-11-02."),
    "date_ahead": gettext_lazy("The day has not come yet."),
    "unreachable": gettext_lazy("An e-mail address, a phone number or an address is needed."),
    "several_with_address": gettext_lazy("Several donors have this e-mail address."),
    "several_with_name": gettext_lazy("Several donors have this name and phone or address."),
    "other_name": gettext_lazy("A donor with another name has this e-mail address."),
    "other_email": gettext_lazy("A donor with this name has another e-mail address."),
    "restricted": gettext_lazy("The donor is kept and not used."),
    "refused": gettext_lazy("The donor has said no to being kept."),
    "refused_address": gettext_lazy("Somebody with this address has said no."),
    "forgotten": gettext_lazy("The person was forgotten on request. Ask before bringing it back."),
}


def refusal(error: FileRefused) -> str:
    """Why a file is not read, and where: "Row 17, column 3: …"."""
    text = str(FILE[error.code])
    if error.line is None:
        return text
    place = {"line": error.line, "column": error.column, "text": text}
    if error.column is None:
        return _("Row %(line)d: %(text)s") % place
    return _("Row %(line)d, column %(column)d: %(text)s") % place


def reason(code: str, field: str) -> str:
    """Why a row waits or is left out: "E-mail: It is no e-mail address."."""
    text = str(ROW.get(code, code))
    return f"{FIELDS[field]}: {text}" if field in FIELDS else text
