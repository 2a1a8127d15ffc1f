"""A file from Bankgirot is recognised by its content and checked against our agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fundraise.providers.autogiro import files
from fundraise.providers.autogiro.errors import FormatError
from fundraise.providers.autogiro.files import MOST_TITLES, File
from fundraise.providers.autogiro.kinds import Section, kind_of
from fundraise.providers.autogiro.layout import WIDTH
from fundraise.providers.giro.applying.work import day_of
from fundraise.providers.giro.models import Agreement
from fundraise.providers.giro.terms import TermsError, bankgiro_of, customer_number_of

# The order in which files of a day are worked in: mandates first, money last.
ORDER = [
    "e_mandates",
    "mandate_advice",
    "mandate_advice_old",
    "changes",
    "changes_old",
    "rejected_payments",
    "rejected_payments_old",
    "payment_specification",
    "payment_specification_old",
    "mandate_register",
    "mandate_register_old",
    "watch_register",
]


class NotOurs(Exception):
    """The whole file is stopped. Codes: other_bankgiro_number, other_customer_number,
    not_a_report, several_entities; `line` is the opening record's."""

    def __init__(self, code: str, line: int = 0, agreement: Agreement | None = None) -> None:
        super().__init__(code)
        self.code, self.line, self.agreement = code, line, agreement


@dataclass(frozen=True)
class Ours:
    """A file with the agreement of each section."""

    file: File
    parts: list[tuple[Agreement, Section]]

    @property
    def written_on(self) -> date | None:
        """The day in the first opening record."""
        opening = self.file.sections[0].opening
        return day_of(opening.written_on) if opening is not None else None


def read(content: bytes) -> Ours:
    """Raises FormatError (broken) and NotOurs (whole, but not for us)."""
    file = files.read(content)
    if file.kind.name not in ORDER:
        raise NotOurs("not_a_report")
    known = {_number(agreement): agreement for agreement in _agreements()}
    parts = [_part(section, known) for whole in file.sections for section in _by_payee(whole)]
    return Ours(file, parts)


def glance(content: bytes) -> tuple[str, date | None]:
    """Kind and day of a file from its first record, unread as yet; ("", None) when unknown."""
    for raw in content[: 100 * MOST_TITLES].splitlines()[: MOST_TITLES + 1]:
        line = raw.decode("latin-1").replace("\t", " ").rstrip().ljust(WIDTH)
        kind = kind_of(line)
        if kind is None:
            continue
        try:
            opening = None if kind.opening is None else kind.opening.read(line)
        except FormatError:
            return kind.name, None
        return kind.name, None if opening is None else day_of(opening.written_on)
    return "", None


def _agreements() -> list[Agreement]:
    return list(Agreement.objects.select_related("account").order_by("pk"))


def _number(agreement: Agreement) -> str:
    try:
        return bankgiro_of(agreement.account)
    except TermsError:
        return ""


def _by_payee(section: Section) -> list[Section]:
    """The mandate register has no opening record: its lines say whose they are."""
    if section.opening is not None:
        return [section]
    by_number: dict[str, list[Any]] = {}
    for line in section.lines:
        by_number.setdefault(line[1].bankgiro, []).append(line)
    return [Section(None, lines[0][0], lines) for lines in by_number.values()]


def _part(section: Section, known: dict[str, Agreement]) -> tuple[Agreement, Section]:
    opening = section.opening
    number = section.lines[0][1].bankgiro if opening is None else opening.bankgiro
    agreement = known.get(number) if number else None
    if agreement is None:
        raise NotOurs("other_bankgiro_number", section.opened_at)
    said = getattr(opening, "customer_number", "")
    try:
        ours = customer_number_of(agreement.account)
    except TermsError:
        ours = ""
    if said and said != ours:
        raise NotOurs("other_customer_number", section.opened_at, agreement)
    return agreement, section


__all__ = ["ORDER", "FormatError", "NotOurs", "Ours", "glance", "read"]
