"""Which column of a CSV is which: data that a treasurer saves, and that our own profiles are too.

As JSON a mapping is an object; `of_json` checks it and `SCHEMA` describes it. A column is named as
the header names it, or by its number from 1 when there is no header. Several columns of a field are
joined with a blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError

from fundraise.reconciliation.formats.base import Kind

Names = tuple[str, ...]  # names that mean the same column: the first that is there
Field = Literal[
    "booked_on", "value_on", "amount", "paid_in", "paid_out", "direction", "balance", "currency",
    "account", "sender", "recipient", "text", "message", "payer_name", "payer_account",
    "payer_phone", "payer_number", "bank_ref", "end_to_end", "reference", "order_id", "code",
    "status",
]  # fmt: skip
DateFormat = Literal[
    "YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYYMMDD", "DD-MM-YYYY", "DD/MM/YYYY", "DD.MM.YYYY",
    "MM/DD/YYYY",
]  # fmt: skip
AccountKind = Literal["", "iban", "bban", "bgnr", "pgnr", "swish"]
FIELDS: tuple[str, ...] = get_args(Field)
PENDING = ("reserver", "preliminär", "pending", "väntande")
SUMS = ("summa", "totalt", "total", "*")
MOST_SKIPPED, MOST_COLUMNS = 100, 200
OUT_WORDS = ("debet", "debit", "uttag", "utbetalning", "återbetalning", "refund", "d", "-")


class MappingError(ValueError):
    """A mapping that can't be saved: `problems` are pairs of where and a stable code."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{where}: {code}" for where, code in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of CSV is read."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    columns: dict[Field, tuple[Names, ...]]
    kind: Literal[Kind.BANK_CSV, Kind.SWISH] = Kind.BANK_CSV
    bank: str = ""
    signature: tuple[Names, ...] = ()  # what the header must have besides, to be known by it
    has_header: bool = True
    skip_rows: int = 0  # before the header; what is no header is passed over anyhow
    delimiter: Literal["", ";", ",", "\t", "|"] = ""  # nothing: found out
    decimal: Literal["", ",", "."] = ""  # nothing: found out, and refused where it is unclear
    dates: tuple[DateFormat, ...] = ("YYYY-MM-DD", "YYYY/MM/DD")
    balance: Literal["row", "day"] = "row"  # after each row, or once for all rows of a day
    newest_first: bool = True  # where the file itself does not tell
    account: str = ""  # when no column has it; nothing: a person is asked
    account_kind: AccountKind = ""
    many_accounts: bool = False  # then each run of rows of one account is a statement
    out_words: tuple[str, ...] = OUT_WORDS  # in `direction`: money out
    pending: tuple[str, ...] = PENDING  # how a date or a status begins of what is not booked yet
    sums_begin: tuple[str, ...] = SUMS  # a row at the end that is short and no movement
    only: tuple[int, str] | None = None  # rows whose cell has this text, such as record type 02
    ends_with: str = ""  # the first cell of the last row of a whole file, such as record type 03
    name_in_message: tuple[str, ...] = ()  # payer_name says this: the message is the payer's name


_ADAPTER: TypeAdapter[Mapping] = TypeAdapter(Mapping)
SCHEMA: dict[str, Any] = _ADAPTER.json_schema()


def of_json(saved: object) -> Mapping:
    """A mapping from what was saved. Raises MappingError."""
    if not isinstance(saved, AbstractMapping):
        raise MappingError([("mapping", "object")])
    columns = saved.get("columns")
    if isinstance(columns, AbstractMapping):
        saved = {**saved, "columns": {key: _columns(value) for key, value in columns.items()}}
    try:
        mapping = _ADAPTER.validate_python(saved)
    except ValidationError as error:
        raise MappingError(
            [(".".join(map(str, one["loc"])), one["type"]) for one in error.errors()]
        ) from None
    problems = list(_problems(mapping))
    if problems:
        raise MappingError(problems)
    return mapping


def to_json(mapping: Mapping) -> dict[str, Any]:
    """What is saved of a mapping."""
    saved: dict[str, Any] = _ADAPTER.dump_python(mapping, mode="json", exclude_defaults=True)
    return saved


def _columns(value: object) -> object:
    """ "Datum" and ["Namn", "Meddelande"] in short for a column and for two that are joined."""
    if isinstance(value, str):
        return ((value,),)
    if isinstance(value, (list, tuple)):
        return tuple((one,) if isinstance(one, str) else one for one in value)
    return value


def _problems(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """What no schema says."""
    columns = mapping.columns
    if not 1 <= len(mapping.name.strip()) <= 60:
        yield "name", "length"
    if not columns.get("booked_on"):
        yield "columns.booked_on", "missing"
    halves = bool(columns.get("paid_in")), bool(columns.get("paid_out"))
    if bool(columns.get("amount")) == any(halves):
        yield "columns.amount", "one_of"  # one column of sums, or two of money in and out
    if not mapping.dates:
        yield "dates", "missing"
    if not 0 <= mapping.skip_rows <= MOST_SKIPPED:
        yield "skip_rows", "range"
    for name, joined in columns.items():
        for names in joined:
            if not names or not all(one.strip() for one in names):
                yield f"columns.{name}", "empty"
            elif not mapping.has_header and not all(_is_number(one) for one in names):
                yield f"columns.{name}", "number"
    if mapping.only is not None and not 1 <= mapping.only[0] <= MOST_COLUMNS:
        yield "only", "range"


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and 1 <= int(name) <= MOST_COLUMNS
