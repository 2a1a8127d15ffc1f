"""What atheris feeds with bytes that it makes from what they reach: `python -m … TARGET FOLDER`.

FOLDER has files to begin with. Anything but the refusal that a target expects is a crash, and so is
a promise that does not hold: what is written again reads the same, and what is sealed verifies.
"""

from __future__ import annotations

import sys
from datetime import date

import atheris

with atheris.instrument_imports(include=["fundraise.providers.autogiro"]):
    from fundraise.providers.autogiro import accounts, files, seal, shown
    from fundraise.providers.autogiro.errors import FormatError

KEY = seal.key_of(seal.TEST_KEY)
DAY = date(2026, 11, 25)


def read(content: bytes) -> None:
    """A file of any kind, there and back."""
    try:
        file = files.read(content)
    except FormatError as error:
        str(error)
        return
    shown.as_json(file)
    sections = [(one.opening, [row for _at, row in one.lines], one.end) for one in file.sections]
    try:
        again = files.read(files.write(file.kind.name, sections))
    except FormatError:
        return  # reading forgives what is never written, such as a name with an odd letter
    assert again.kind is file.kind
    assert [row for _at, row in again.lines] == [row for _at, row in file.lines]


def verify(content: bytes) -> None:
    """A seal around anything, and anything as a sealed file."""
    try:
        seal.verify(content, KEY)
    except FormatError as error:
        str(error)
    try:
        sealed = seal.seal(content, KEY, DAY)
    except FormatError:
        return
    assert seal.verify(sealed, KEY).sealed_on == "261125"


def account(content: bytes) -> None:
    """What is typed in one field, and in two."""
    typed = content.decode("utf-8", "replace")
    half = len(typed) // 2
    for first, second in (("", typed), (typed[:half], typed[half:])):
        try:
            found = accounts.read_two(first, second)
        except accounts.AccountError:
            continue
        assert len(found.field16) == 16
        assert found.field16.isdigit()


TARGETS = {"read": read, "bgmax": read, "verify": verify, "account": account}


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()  # it ends the process
