"""The list of control statements (KU65) as a workbook, with whole identity numbers.

Skatteverket's schema could not be read (UNVERIFIED), so no XML is written: the columns are those of
the form, and what is keyed in or sent on is checked by a person.
"""

from __future__ import annotations

from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from donors import services as donors
from donors.models import Donor
from fundraise.reporting.charity import numbers
from fundraise.reporting.charity.models import ControlList
from fundraise.reporting.exports.writers import harmless


def write(file: IO[bytes], filed: ControlList, *, by: str) -> int:
    """Every statement of a version; each number that is opened stands in the read log."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    sheet, bold = book.add_worksheet("KU65"), book.add_format({"bold": True})
    heads = (
        _("Specification number (570)"), _("Personal identity number (215)"), _("Name"),
        _("Gifts, whole kronor"), _("Year"), _("Organisation number (201)"),
    )  # fmt: skip
    sheet.set_column(0, len(heads) - 1, 24)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    rows = filed.rows.select_related("donor").order_by("specification")
    for at, row in enumerate(rows, start=1):
        number, name = _who(row.donor, by)
        sheet.write_number(at, 0, row.specification)
        sheet.write_string(at, 1, number)
        sheet.write_string(at, 2, harmless(name))
        sheet.write_number(at, 3, row.kronor)
        sheet.write_number(at, 4, filed.year)
        sheet.write_string(at, 5, filed.entity.org_number)
    sheet.write_string(filed.number + 1, 0, _("Total"), bold)
    sheet.write_number(filed.number + 1, 3, filed.total_kronor, bold)
    book.close()
    return filed.number


def _who(donor: Donor, by: str) -> tuple[str, str]:
    """Number and name; empty for somebody who was forgotten since."""
    if donor.status == Donor.Status.ERASED:
        return "", ""
    card = donors.read_card(donor_ref=donor.ref, by=by, purpose=numbers.PURPOSE)
    return numbers.read(donor, by=by), card.name.full if card.name is not None else ""
