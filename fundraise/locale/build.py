"""Merge `parts/*.po` into one Swedish catalogue and compile it, with Babel alone.

    python fundraise/locale/build.py [--check]

Each package keeps its own part. The build fails, naming file and text, on a text without a
translation, a fuzzy one, one that stands twice in a part, or one that two parts say differently,
and on placeholders that the translation has lost.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent
TARGET = FOLDER / "sv" / "LC_MESSAGES" / "django.mo"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
Key = tuple[str, str]


def main(arguments: list[str]) -> int:
    parts = sorted((FOLDER / "parts").glob("*.po"))
    catalogue, problems = merge(parts)
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if problems:
        return 1
    if "--check" not in arguments:
        write(catalogue)
        sys.stdout.write(f"{len(catalogue)} texts from {len(parts)} parts\n")
    return 0


def merge(parts: list[Path]) -> tuple[Catalog, list[str]]:
    """One catalogue of all parts, and what is wrong with them."""
    merged, problems = Catalog(locale="sv"), []
    said: dict[Key, tuple[str, Message]] = {}
    for part in parts:
        problems += [f"{part.name}: written twice: {text!r}" for text in _doubles(part)]
        for message in _messages(part):
            problems += [f"{part.name}: {fault}" for fault in _faults(message)]
            key = (message.context or "", _id(message))
            first = said.setdefault(key, (part.name, message))
            if first[1].string != message.string:
                problems.append(f"{part.name} and {first[0]} differ: {key[1]!r}")
            merged.add(message.id, message.string, context=message.context)
    return merged, problems


def write(catalogue: Catalog) -> None:
    """The compiled catalogue, put in place in one step; several may build at once."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    scratch = TARGET.with_suffix(f".{os.getpid()}.new")
    with scratch.open("wb") as file:
        write_mo(file, catalogue)
    scratch.replace(TARGET)


def _messages(part: Path) -> Iterator[Message]:
    with part.open("rb") as file:
        catalogue = read_po(file, locale="sv", abort_invalid=True)
    return (message for message in catalogue if message.id)


def _faults(message: Message) -> Iterator[str]:
    strings = _strings(message)
    if not all(strings) or (message.pluralizable and len(strings) != 2):
        yield f"not translated: {_id(message)!r}"
    if message.fuzzy:
        yield f"fuzzy: {_id(message)!r}"
    wanted = _placeholders(_id(message))
    if all(strings) and any(_placeholders(string) != wanted for string in strings):
        yield f"other placeholders: {_id(message)!r}"


def _strings(message: Message) -> list[str]:
    said = message.string
    return [said or ""] if isinstance(said, str | None) else [text or "" for text in said]


def _placeholders(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


def _id(message: Message) -> str:
    return message.id[0] if message.pluralizable else str(message.id)


def _doubles(part: Path) -> list[str]:
    """Texts that stand more than once: the reader keeps the last, so they are counted here."""
    seen: set[Key] = set()
    doubles = []
    for block in re.split(r"\n\s*\n", part.read_text(encoding="utf-8")):
        texts = {name: _quoted(block, name) for name in ("msgctxt", "msgid")}
        key = (texts["msgctxt"], texts["msgid"])
        if key[1] and key in seen:
            doubles.append(key[1])
        seen.add(key)
    return doubles


def _quoted(block: str, name: str) -> str:
    match = re.search(rf'^{name} ((?:".*"\s*)+)', block, re.MULTILINE)
    return "".join(re.findall(r'"(.*)"', match[1])) if match else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
