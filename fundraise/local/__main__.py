"""`python -m fundraise.local run|lint|suite|prepare`: the doors behind the Makefile."""

from __future__ import annotations

import sys
from collections.abc import Callable

from fundraise.local import checks, prepare, runner, suite
from fundraise.local.logfiles import say
from fundraise.local.places import LocalError

DOORS: dict[str, Callable[[list[str]], int]] = {
    "run": lambda _words: runner.run(),
    "lint": lambda _words: checks.run(),
    "suite": suite.run,
    "prepare": lambda _words: prepare.run(),
}


def main(words: list[str]) -> int:
    if not words or words[0] not in DOORS:
        say(f"Use one of: {', '.join(DOORS)}.")
        return 2
    try:
        return DOORS[words[0]](words[1:])
    except LocalError as error:
        say(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
