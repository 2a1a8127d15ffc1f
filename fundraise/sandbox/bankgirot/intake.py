"""A file to Bankgirot: its seal and shape. What is wrong with either refuses it whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from fundraise.sandbox.bankgirot import seal
from fundraise.sandbox.bankgirot.config import Payee

WIDTH = 80
ALLOWED = bytes(byte for byte in range(256) if 0x20 <= byte <= 0x7E or byte in seal.LETTERS)
SORTS = {**dict.fromkeys(("03", "04", "05"), "mandates"), **dict.fromkeys(("82", "32"), "payments"),
         **dict.fromkeys(("23", "24", "25", "26", "27", "28", "29"), "changes")}  # fmt: skip
# First and last position that must be blank, by record.
BLANKS = {
    "00": ((13, 80),), "99": ((73, 80),), "01": ((19, 62), (79, 80)),
    "03": ((29, 80),), "04": ((57, 76), (79, 80)), "05": ((55, 80),),
    "82": ((15, 15), (70, 80)), "32": ((15, 15), (70, 80)),
    **dict.fromkeys(("23", "24", "25", "26", "27", "28", "29"), ((75, 80),)),
}  # fmt: skip


class Refused(Exception):
    """The whole file, and the line where it was seen (0: the file itself)."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


@dataclass
class Section:
    bankgiro: str
    sort: str
    written: date
    orders: list[str] = field(default_factory=list)


FindPayee = Callable[[str, str], Payee | None]


def read(data: bytes, find: FindPayee) -> list[Section]:
    """The sections of a sealed file. Raises Refused."""
    raw = _lines(data)
    _check_seal_records(raw)
    sections, key = _sections([line.decode("latin-1") for line in raw[1:-1]], find)
    _check_seal(raw, key)
    return sections


def _lines(data: bytes) -> list[bytes]:
    if not data:
        raise Refused(0, "the file is empty")
    ended = data.removesuffix(b"\n").removesuffix(b"\r")
    lines = [line.removesuffix(b"\r") for line in ended.split(b"\n")]
    for number, line in enumerate(lines, 1):
        if len(line) != WIDTH:
            raise Refused(number, f"the record has {len(line)} positions, not {WIDTH}")
        if line.translate(None, ALLOWED):
            raise Refused(number, "a character is outside the set that may be used")
    if len(lines) < 4:
        raise Refused(0, "a seal, an opening record and an order are needed")
    return lines


def _check_seal_records(raw: list[bytes]) -> None:
    first, last = raw[0].decode("latin-1"), raw[-1].decode("latin-1")
    if first[:2] != "00" or first[8:12] != "HMAC":
        raise Refused(1, "the file does not begin with a seal record (TK00, HMAC)")
    if last[:2] != "99":
        raise Refused(len(raw), "the file does not end with a seal record (TK99)")
    _check_blanks(1, first)
    _check_blanks(len(raw), last)
    for number, line in ((1, first), (len(raw), last)):
        try:
            datetime.strptime(line[2:8], "%y%m%d")  # noqa: DTZ007 - a date without a time
        except ValueError:
            raise Refused(number, "the date of the seal is no date") from None
    if first[2:8] != last[2:8]:
        raise Refused(len(raw), "the two dates of the seal differ")


def _check_seal(raw: list[bytes], key: str) -> None:
    last = raw[-1].decode("latin-1")
    if last[8:40] != seal.key_check(key):
        raise Refused(len(raw), "the seal was made with another key (KVV)")
    if last[40:72] != seal.of_lines(key, raw[:-1]):
        raise Refused(len(raw), "the seal does not fit the content (MAC)")


def _check_blanks(number: int, line: str) -> None:
    for first, last in BLANKS[line[:2]]:
        if not line[first - 1 : last].isspace():
            raise Refused(number, f"positions {first}-{last} must be blank")


def _sections(lines: list[str], find: FindPayee) -> tuple[list[Section], str]:
    found: list[Section] = []
    keys: set[str] = set()
    for number, line in enumerate(lines, 2):
        code = line[:2]
        if code == "01":
            _check_not_empty(found, number)
            section, key = _open(line, number, find)
            found.append(section)
            keys.add(key)
        elif code not in SORTS:
            raise Refused(number, "the record is of no kind that is known")
        elif not found:
            raise Refused(number, "an opening record (TK01) is missing")
        else:
            _check_blanks(number, line)
            _add(found[-1], line, number)
    _check_not_empty(found, len(lines) + 1)
    if len(keys) != 1:
        raise Refused(0, "the sections belong to payees with different seals")
    return found, keys.pop()


def _check_not_empty(found: list[Section], number: int) -> None:
    if found and not found[-1].orders:
        raise Refused(number, "a section holds no order")


def _add(section: Section, line: str, number: int) -> None:
    sort = SORTS[line[:2]]
    if section.sort not in ("", sort):
        raise Refused(number, f"an order of {sort} stands in a section of {section.sort}")
    section.sort = sort
    section.orders.append(line)


def _open(line: str, number: int, find: FindPayee) -> tuple[Section, str]:
    _check_blanks(number, line)
    if line[10:18] != "AUTOGIRO":
        raise Refused(number, "the opening record does not say AUTOGIRO")
    try:
        written = datetime.strptime(line[2:10], "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        raise Refused(number, "the date of the opening record is no date") from None
    payee = find(line[68:78], line[62:68])
    if payee is None:
        raise Refused(number, "bankgiro and customer number do not belong together, or are unknown")
    return Section(payee.bankgiro, "", written), payee.key
