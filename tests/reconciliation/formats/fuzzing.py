"""What atheris feeds with bytes that it makes from what they reach: `python -m … TARGET FOLDER`.

FOLDER has files to begin with. Anything but a refusal with a known code is a crash, and so is a
statement that does not add up although it was read.
"""

from __future__ import annotations

import io
import sys

import atheris

with atheris.instrument_imports(include=["fundraise.reconciliation.formats"]):
    from fundraise.reconciliation.formats.base import FormatError
    from fundraise.reconciliation.formats.limits import Limits
    from fundraise.reconciliation.formats.look import look
    from fundraise.reconciliation.formats.reasons import REASONS
    from fundraise.reconciliation.formats.recognise import read

SMALL = Limits(bytes=100_000, lines=500, payments=500, statements=20, silent_bytes=50_000)


def statements(content: bytes) -> None:
    """A file of any kind."""
    try:
        for statement in read(io.BytesIO(content), (), SMALL):
            moved = 0
            for line in statement.lines():
                assert line.amount_ore
                assert len(line.at) <= 40
                if line.payments:
                    assert sum(one.amount_ore for one in line.payments) == line.amount_ore
                moved += line.amount_ore
            head = statement.head()
            if head.opening_ore is not None and head.closing_ore is not None:
                assert head.opening_ore + moved == head.closing_ore
    except FormatError as error:
        REASONS[error.code]  # a code without a sentence is a crash


def table(content: bytes) -> None:
    """A table as the mapper's page shows it."""
    try:
        look(io.BytesIO(content), SMALL)
    except FormatError as error:
        REASONS[error.code]  # a code without a sentence is a crash


TARGETS = {"statements": statements, "camt": statements, "table": table}


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()  # it ends the process
