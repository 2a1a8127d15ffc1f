"""Rows in, the bytes of a SIE file out: 4I (a feeder's vouchers) or 4E (whole books).

The same rows always give the same bytes. Lines end with CR LF, as vendors' own files do.
"""

from __future__ import annotations

from collections.abc import Iterator

from fundraise.ledger.sie.charset import to_cp437
from fundraise.ledger.sie.fields import amount, day, object_list, org_number, quoted
from fundraise.ledger.sie.rows import (
    DIMENSIONS,
    Balance,
    Change,
    Contents,
    SieError,
    Voucher,
    Written,
)

EOL = "\r\n"


class _Texts:
    """Makes texts fit for CP437 and remembers each that had to change, once."""

    def __init__(self) -> None:
        self.changes: dict[Change, None] = {}

    def __call__(self, where: str, text: str) -> str:
        plain = to_cp437(text)
        if plain != text:
            self.changes[Change(where, text, plain)] = None
        return plain


def write_4i(contents: Contents) -> Written:
    """Vouchers for another program, which numbers them itself. Raises SieError."""
    if contents.balances:
        raise SieError("4I holds no balances")
    if any(voucher.series or voucher.number is not None for voucher in contents.vouchers):
        raise SieError("4I leaves series and number to the program that reads it")
    return _write(contents)


def write_4e(contents: Contents) -> Written:
    """Whole books with balances. Raises SieError."""
    if not any(year.number == 0 for year in contents.years):
        raise SieError("4E names its financial year")
    return _write(contents)


def _write(contents: Contents) -> Written:
    texts = _Texts()
    codes = _codes(contents, texts)
    lines = [
        *_identification(contents, texts),
        *_chart(contents, texts, codes),
        *map(_balance, contents.balances),
    ]
    declared = {account.number for account in contents.accounts}
    for voucher in contents.vouchers:
        _refuse_bad(voucher, declared)
        lines += _voucher(voucher, texts, codes)
    data = "".join(line + EOL for line in lines).encode("cp437")
    return Written(data=data, changes=tuple(texts.changes))


def _identification(contents: Contents, texts: _Texts) -> Iterator[str]:
    company = contents.company
    program = quoted(texts("#PROGRAM", company.program))
    yield "#FLAGGA 0"
    yield f"#PROGRAM {program} {quoted(texts('#PROGRAM', company.version))}"
    yield "#FORMAT PC8"
    yield f"#GEN {day(contents.made)}"
    yield "#SIETYP 4"
    if company.org_number:
        yield f"#ORGNR {org_number(company.org_number)}"
    yield f"#FNAMN {quoted(texts('#FNAMN', company.name))}"
    for year in sorted(contents.years, key=lambda year: -year.number):
        yield f"#RAR {year.number} {day(year.start)} {day(year.end)}"
    chart = max((year.end.year for year in contents.years), default=contents.made.year)
    yield f"#KPTYP BAS{chart}"


def _chart(contents: Contents, texts: _Texts, codes: dict[tuple[int, str], str]) -> Iterator[str]:
    for account in sorted(contents.accounts, key=lambda account: account.number):
        name = texts(f"#KONTO {account.number}", account.name)
        yield f"#KONTO {account.number} {quoted(name)}"
    objects = sorted(contents.objects, key=lambda row: (row.dimension, row.code))
    for dimension in sorted({row.dimension for row in objects}):
        yield f"#DIM {dimension} {quoted(DIMENSIONS[dimension])}"
    for row in objects:
        code = codes[row.dimension, row.code]
        name = texts(f"#OBJEKT {row.dimension} {code}", row.name)
        yield f"#OBJEKT {row.dimension} {quoted(code)} {quoted(name)}"


def _balance(row: Balance) -> str:
    return f"#{row.kind} {row.year} {row.account} {amount(row.ore)}"


def _voucher(voucher: Voucher, texts: _Texts, codes: dict[tuple[int, str], str]) -> Iterator[str]:
    text = texts(f"#VER {voucher.label}", f"{voucher.label} {voucher.text}".rstrip())
    number = quoted("") if voucher.number is None else str(voucher.number)
    series = quoted(texts("#VER", voucher.series))
    yield f"#VER {series} {number} {day(voucher.day)} {quoted(text)}"
    yield "{"
    for line in voucher.lines:
        objects = object_list((key[0], codes[key]) for key in line.objects)
        yield f"#TRANS {line.account} {objects} {amount(line.ore)}"
    yield "}"


def _codes(contents: Contents, texts: _Texts) -> dict[tuple[int, str], str]:
    """Every object's code as the file spells it; two objects never get the same."""
    codes: dict[tuple[int, str], str] = {}
    taken: dict[tuple[int, str], str] = {}
    for row in contents.objects:
        code = texts(f"#OBJEKT {row.dimension}", row.code).strip()
        if not code:
            raise SieError(f"the code {row.code!r} has no character that a SIE file can hold")
        other = taken.setdefault((row.dimension, code), row.code)
        if other != row.code:
            raise SieError(f"the codes {other!r} and {row.code!r} both become {code!r} in CP437")
        codes[row.dimension, row.code] = code
    return codes


def _refuse_bad(voucher: Voucher, accounts: set[int]) -> None:
    if not voucher.lines or sum(line.ore for line in voucher.lines) != 0:
        raise SieError(f"voucher {voucher.label} does not balance")
    if missing := {line.account for line in voucher.lines} - accounts:
        raise SieError(f"voucher {voucher.label} uses account {min(missing)} without a name")
