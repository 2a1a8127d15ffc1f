"""The elements of an XML file from outside, one after the other, in constant memory.

Nothing of the file is trusted: no DTD and so no entities, no network, and limits to its size, its
depth (256, which libxml2 holds), its texts and what stands between two elements that are asked for.
The encoding is told to the parser, so that what was looked through is what is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from lxml import etree

from fundraise.reconciliation.formats.base import FormatError
from fundraise.reconciliation.formats.limits import LIMITS, Limits

CHUNK = 65_536
ENCODINGS = {
    "": "utf-8", "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
    "iso-8859-1": "iso-8859-1", "latin-1": "iso-8859-1", "latin1": "iso-8859-1",
    "windows-1252": "windows-1252", "cp1252": "windows-1252",
}  # fmt: skip
_BOM = b"\xef\xbb\xbf"
NEWLINE = b"\n"
SKIPPED = ((b"<?", b"?>"), (b"<!--", b"-->"))
_DECLARED = re.compile(rb"""<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")

Event = tuple[str, etree._Element]


def encoding_of(head: bytes) -> str:
    """The encoding in which the first bytes of a file are XML without a DTD.

    Raises FormatError: `not_xml`, `xml_encoding`, `xml_dtd`.
    """
    head = head.removeprefix(_BOM).lstrip(b" \t\r\n")
    declared = _DECLARED.match(head)
    name = declared[1].decode().lower() if declared else ""
    if name not in ENCODINGS:
        raise FormatError("xml_encoding", "line 1")
    _refuse_dtd(head)
    return ENCODINGS[name]


def _refuse_dtd(head: bytes) -> None:
    """Past processing instructions and comments the root element must begin, and nothing else."""
    at = _after_prolog(head)
    if head.startswith(b"<!", at):
        raise FormatError("xml_dtd", f"line {head.count(NEWLINE, 0, at) + 1}")
    if not re.match(rb"<[A-Za-z_]", head[at : at + 2]):
        raise FormatError("not_xml")


def _after_prolog(head: bytes) -> int:
    at = 0
    while True:
        while head[at : at + 1].isspace():
            at += 1
        ends = next((end for begin, end in SKIPPED if head.startswith(begin, at)), None)
        if ends is None:
            return at
        found = head.find(ends, at + 2)
        if found < 0:
            raise FormatError("not_xml")
        at = found + len(ends)


def events(
    file: IO[bytes], tags: tuple[str, ...], limits: Limits = LIMITS, *, starts: bool = True
) -> Iterator[Event]:
    """("start" or "end", element) of the local names asked for. Raises FormatError.

    Whoever takes them clears what is done; between two of them a little memory is used, no more.
    """
    head = file.read(limits.prolog_bytes)
    parser = etree.XMLPullParser(
        events=("start", "end") if starts else ("end",),
        tag=["{*}" + tag for tag in tags],
        encoding=encoding_of(head),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )
    read = silent = 0
    chunk = head.removeprefix(_BOM).lstrip(b" \t\r\n")
    try:
        while chunk:
            read, silent = read + len(chunk), silent + len(chunk)
            parser.feed(chunk)
            for name, element in parser.read_events():
                if isinstance(element, etree._Element):
                    silent = 0
                    yield name, element
            if read > limits.bytes or silent > limits.silent_bytes:
                raise FormatError("too_large")
            chunk = file.read(CHUNK)
        parser.close()
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise FormatError("xml", f"line {line}, column {column}") from None
