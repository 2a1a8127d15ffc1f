"""One file's work in hand: whose it is, whose rows are whose, and what is to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from fundraise import clock
from fundraise.copying import copy
from fundraise.pledges import states
from fundraise.pledges.models import Collection, Mandate, PayerRange
from fundraise.providers.autogiro.kinds import Section
from fundraise.providers.autogiro.layout import Line
from fundraise.providers.giro import calendar
from fundraise.providers.giro.applying.meaning import Key
from fundraise.providers.giro.models import Agreement, Deposit, InFile, InRow, Order, Question

Result = InRow.Result
ROW_FIELDS = (
    "file", "line", "kind", "key", "nth", "payer_number", "code", "amount_ore", "day", "result",
    "mandate", "collection",
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """What becomes of one line."""

    line: int
    kind: str
    key: Key
    payer: str = ""
    code: str = ""
    ore: int | None = None
    day: date | None = None
    result: str = Result.NOTED
    mandate_id: int | None = None
    collection_id: int | None = None

    @property
    def event_id(self) -> str:
        """The same for the same meaning, whichever file it comes in."""
        return f"giro:{self.key[0].hex()}.{self.key[1]}"


@dataclass(slots=True)
class Draw:
    """A draw of ours as a row may name it."""

    pk: int
    mandate_id: int
    payer: str
    ore: int
    due_on: date
    state: str
    reference: str


@dataclass
class Work:
    """A file, or the part of it that is one agreement's."""

    agreement: Agreement
    file: InFile
    bankgiro: str
    rows: list[Row] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    deposits: list[tuple[int, Deposit]] = field(default_factory=list)
    others: list[tuple[Section, list[Line]]] = field(default_factory=list)
    answers: dict[tuple[str, int], str] = field(default_factory=dict)
    sums: Counter[str] = field(default_factory=Counter)
    answered_files: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.entity_id = self.agreement.account.entity_id
        bounds = PayerRange.objects.filter(entity_id=self.entity_id).first()
        self.range = (bounds.first, bounds.last) if bounds else (0, -1)

    # Whose is it?

    def mandates(self, payers: Iterable[str]) -> dict[str, Mandate]:
        """Our mandates by payer number: of several on one bankgiro the one that is not over."""
        wanted = list(set(payers) - {""})
        rows = Mandate.objects.filter(entity_id=self.entity_id).order_by("pk")
        rows = rows.extra(where=["payer_number = ANY(%s)"], params=[wanted])
        found: dict[str, Mandate] = {}
        for mandate in rows:
            number = str(mandate.payer_number)
            known = found.get(number)
            if known is None or known.state in states.OVER_MANDATE:
                found[number] = mandate
        return found

    def draws(self, references: Iterable[str]) -> dict[str, Draw]:
        """Our draws by reference."""
        wanted = list(set(references) - {""})
        with connection.cursor() as cursor:
            cursor.execute(_DRAWS, [wanted, self.entity_id])
            return {row[-1]: Draw(*row) for row in cursor.fetchall()}

    def open_draws(self, payer: str) -> list[Draw]:
        """What is out on a payer number."""
        found = Collection.objects.filter(
            mandate__entity_id=self.entity_id,
            mandate__payer_number=payer,
            state__in=states.OPEN_COLLECTION,
        ).exclude(state=Collection.State.QUEUED)
        return [
            Draw(
                draw.pk, draw.mandate_id, payer, draw.amount_ore, draw.due_on, draw.state,
                draw.reference,
            )
            for draw in found.order_by("due_on", "pk")
        ]  # fmt: skip

    def in_range(self, payer: str) -> bool:
        """Whether a number is one of those that we give out."""
        return bool(payer) and self.range[0] <= int(payer) <= self.range[1]

    @property
    def written_on(self) -> date:
        """The day that stands in the file, or today where it has none."""
        return self.file.written_on or clock.today()

    # What is to be written

    def keep_others(self, section: Section, rows: list[Row]) -> None:
        """The lines of another system, to be passed on."""
        pairs = zip(section.lines, rows, strict=True)
        others = [line for line, row in pairs if row.result == Result.OTHER]
        if others:
            self.others.append((section, others))

    def ask(self, row: Row, kind: str, *, subject: str = "", **fields: Any) -> None:
        """A person has to look at this row."""
        self.questions.append(
            Question(
                agreement=self.agreement,
                file=self.file,
                line=row.line,
                kind=kind,
                subject=subject or f"{row.key[0].hex()}.{row.key[1]}",
                payer_number=row.payer,
                code=row.code,
                day=row.day,
                mandate_id=row.mandate_id,
                collection_id=row.collection_id,
                asked_at=clock.now(),
                **fields,
            )
        )

    def answer(self, kind: str, pk: int | None, code: str) -> None:
        """The bank has answered an order: `pk` of the draw, or of the mandate."""
        if pk is not None:
            self.answers[kind, pk] = code

    def write(self) -> Counter[str]:
        """Rows, deposits, questions and answers; how many rows had which result."""
        copy(InRow, ROW_FIELDS, (self._values(row) for row in self.rows))
        self._write_deposits()
        Question.objects.bulk_create(self.questions, ignore_conflicts=True)
        self._write_answers()
        return Counter(str(row.result) for row in self.rows)

    def _values(self, row: Row) -> tuple[Any, ...]:
        """Of another system's rows neither number nor name is kept."""
        payer = "" if row.result == Result.OTHER else row.payer
        return (
            self.file.pk, row.line, row.kind, row.key[0], row.key[1], payer, row.code, row.ore,
            row.day, str(row.result), row.mandate_id, row.collection_id,
        )  # fmt: skip

    def _write_deposits(self) -> None:
        lines = [line for line, _deposit in self.deposits]
        ids = dict(self.file.rows.filter(line__in=lines).values_list("line", "pk"))
        for line, deposit in self.deposits:
            deposit.row_id = ids[line]
        Deposit.objects.bulk_create(deposit for _line, deposit in self.deposits)

    def _write_answers(self) -> None:
        for kind, (about, kinds) in ABOUT.items():
            told = {pk: code for (of, pk), code in self.answers.items() if of == kind}
            if told:
                asked: list[Any] = [clock.now(), list(told), list(told.values()), kinds]
                with connection.cursor() as cursor:
                    cursor.execute(_ANSWERS.format(about=about), asked)
                    self.answered_files |= {pk for (pk,) in cursor.fetchall()}


_DRAWS = """
  SELECT c.id, c.mandate_id, m.payer_number, c.amount_ore, c.due_on, c.state, c.reference
  FROM pledges_collection c JOIN pledges_mandate m ON m.id = c.mandate_id
  WHERE c.reference = ANY(%s) AND m.entity_id = %s"""
_ANSWERS = """
  UPDATE giro_order o SET answer = told.code, answered_at = %s
  FROM unnest(%s::bigint[], %s::text[]) AS told(id, code)
  WHERE o.answered_at IS NULL AND o.kind = ANY(%s) AND o.{about}_id = told.id
  RETURNING o.file_id"""
ABOUT = {
    Order.Kind.DRAW: ("collection", [Order.Kind.DRAW]),
    Order.Kind.CANCEL: ("collection", [Order.Kind.CANCEL]),
    Order.Kind.END: ("mandate", [Order.Kind.END]),
    Order.Kind.NEW: ("mandate", [Order.Kind.NEW, Order.Kind.APPROVE]),
}


def day_of(text: str) -> date | None:
    """A day of a record; None where a report repeats one that is none."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a date alone
    except ValueError:
        return None


def instant(day: date) -> datetime:
    """The beginning of a bank day in Stockholm: when its money moved, for the books."""
    return calendar.at(day, time())
