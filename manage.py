#!/usr/bin/env python3
"""Django's commands, with the embedded PostgreSQL around those that need a database."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundraise.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not here. `make run` sets everything up; then use .venv/bin/python.")
    from fundraise.local.embedded import servers_for
    from fundraise.local.places import LocalError

    try:
        with servers_for(sys.argv):
            execute_from_command_line(sys.argv)
    except LocalError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
