"""What a yearly statement says, in the language that is active."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.gifts.models import Channel
from fundraise.money import format_kronor
from fundraise.reporting.charity import words as tax_words
from fundraise.reporting.frozen import Payee
from fundraise.reporting.models import YearStatement
from fundraise.reporting.yearly import queries

Values = dict[str, object]


def of_statement(row: YearStatement, language: str) -> Values:
    """The words of its PDF, from what was frozen. Raises crypto.CryptoError."""
    said = queries.said(row)
    payee = Payee(**said["payee"])
    return {
        "language": language,
        "title": _("Yearly statement %(number)s") % {"number": row},
        "heading": _("Your gifts in %(year)s") % {"year": row.year},
        "payee": payee.name,
        "facts": [pair for pair in _facts(row, said, payee) if pair[1]],
        "heads": [_("Date"), _("Campaign"), _("Way of giving"), _("Gift"), _("Sent back")],
        "rows": [_line(line, language) for line in said["lines"]],
        "total": [_("In all"), "", "", format_kronor(row.given_ore), _back(row.back_ore)],
        "notes": _notes(row, said, payee),
        "foot": _("%(payee)s, organisation number %(number)s")
        % {"payee": payee.name, "number": payee.org_number},
    }


def _facts(row: YearStatement, said: dict[str, Any], payee: Payee) -> list[tuple[str, str]]:
    issued = date_format(clock.local_date(row.issued_at), "j F Y")
    return [
        (_("Giver"), said["name"]),
        (_("Statement number"), f"{row.year}-{row.number}"),
        (_("Version"), str(row.version) if row.version > 1 else ""),
        (_("Replaces"), said["before"]),
        (_("Gifts"), str(row.gifts)),
        (_("Given in all"), format_kronor(row.total_ore)),
        (_("Payee"), payee.name),
        (_("Organisation number"), payee.org_number),
        (_("Address"), payee.address),
        (_("Phone"), payee.phone),
        (_("Issued"), issued),
    ]


def _line(line: dict[str, Any], language: str) -> list[str]:
    return [
        date_format(date.fromisoformat(line["day"]), "j F Y"),
        line["titles"][language],
        str(Channel(line["channel"]).label),
        format_kronor(line["given_ore"]),
        _back(line["back_ore"]),
    ]


def _back(ore: int) -> str:
    return format_kronor(-ore) if ore else ""


def _notes(row: YearStatement, said: dict[str, Any], payee: Payee) -> list[str]:
    until = date.fromisoformat(said["until"])
    notes = []
    if until < date(row.year, 12, 31):
        notes.append(
            _("It speaks of gifts until %(day)s: the year was not over when it was made.")
            % {"day": date_format(until, "j F Y")}
        )
    notes.append(tax_words.of_year(row.year, lowers_tax=payee.tax_reduction))
    notes.append(
        _(
            "Is something wrong? Write to %(email)s or call %(phone)s and tell us the number,"
            " and we will put it right."
        )
        % {"email": payee.email, "phone": payee.phone}
    )
    return notes
