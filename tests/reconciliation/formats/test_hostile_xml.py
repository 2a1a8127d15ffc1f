"""XML from a stranger: no entities, no network, no memory; each trick is refused by name."""

from __future__ import annotations

import io

import psutil
import pytest

from fundraise.reconciliation.formats.base import FormatError
from fundraise.reconciliation.formats.limits import Limits
from fundraise.reconciliation.formats.recognise import read, recognise
from tests.reconciliation.formats import camt_written

RIGHT = camt_written.document("camt.054", 8)
BEGINS, _, BODY = RIGHT.partition(b"\n")
LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
)


def take_all(content: bytes, limits: Limits) -> None:
    for statement in read(io.BytesIO(content), (), limits):
        list(statement.lines())


def code_of(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(FormatError) as refused:
        take_all(content, limits or Limits())
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BEGINS + b"<!DOCTYPE Document [" + LAUGHS + b"]>" + BODY, "xml_dtd"),
        (BEGINS + b'<!DOCTYPE Document SYSTEM "file:///etc/passwd">' + BODY, "xml_dtd"),
        (BEGINS + b"<!-- --><?a b?>\n <!DOCTYPE Document>" + BODY, "xml_dtd"),
        (BEGINS + BODY.replace(b"Bo Ek", b"&lol;"), "xml"),
        (BEGINS + b"<!-- never closed" + BODY, "not_xml"),
        (RIGHT.decode().encode("utf-16"), "unknown"),
        (RIGHT.replace(b"UTF-8", b"UTF-7"), "xml_encoding"),
        (RIGHT.replace(b"UTF-8", b"EBCDIC-CP-US"), "xml_encoding"),
        (RIGHT.replace(b"Bo Ek", b"Bo \xff Ek"), "xml"),
        (RIGHT.replace(b"Bo Ek", b"Bo \x00 Ek"), "xml"),
        (RIGHT.replace(b"Bo Ek", b"<Nm>" * 300 + b"</Nm>" * 300), "xml"),
        (RIGHT.replace(b"G\xc3\xa5va", b"G" * 20_000), "too_long"),
        (RIGHT.replace(b"<Id>S-1</Id>", b"<Id>S-1</Id>" + b"<Bal/>" * 900_000), "too_large"),
        (RIGHT.replace(b"<Ntry>", b"<Ntry><Ntry>", 1).replace(b"</Ntry>", b"</Ntry></Ntry>", 1),
         "structure"),
        (RIGHT.replace(b"NtryDtls>", b"Other>"), "structure"),
        (RIGHT.replace(b"<Ntfctn>", b"<Stmt>").replace(b"</Ntfctn>", b"</Stmt>"), "structure"),
        (b"<?xml version='1.0'?><Document><CstmrPmtStsRpt/></Document>", "unknown"),
    ],
)  # fmt: skip
def test_a_trick_is_refused_by_its_name(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_too_much_of_anything_is_refused() -> None:
    assert code_of(RIGHT, Limits(bytes=len(RIGHT) - 1)) == "too_large"
    assert code_of(RIGHT, Limits(lines=1)) == "too_many"
    assert code_of(RIGHT, Limits(payments=2)) == "too_many"
    begins, ends = RIGHT.index(b"<Ntfctn>"), RIGHT.index(b"</Ntfctn>") + len("</Ntfctn>")
    twice = RIGHT[:ends] + RIGHT[begins:]
    assert code_of(twice, Limits(statements=1)) == "too_many"
    none = RIGHT[:begins] + RIGHT[ends:]
    assert code_of(none) == "no_statement"


def many(entries: int) -> bytes:
    """A right file with so many times its entries."""
    summary = RIGHT.index(b"<TxsSummry>"), RIGHT.index(b"</TxsSummry>") + len("</TxsSummry>")
    plain = RIGHT[: summary[0]] + RIGHT[summary[1] :]
    first, last = plain.index(b"<Ntry>"), plain.rindex(b"</Ntry>") + len("</Ntry>")
    return plain[:first] + plain[first:last] * entries + plain[last:]


def test_memory_does_not_grow_with_the_file() -> None:
    content, process, seen, early = io.BytesIO(many(4_000)), psutil.Process(), 0, 0
    for statement in recognise(content).statements(content):
        for _line in statement.lines():
            seen += 1
            if seen == 1_000:
                early = process.memory_info().rss
    assert seen == 8_000
    assert process.memory_info().rss - early < 12_000_000, "the file's tree would be 40 MB"
