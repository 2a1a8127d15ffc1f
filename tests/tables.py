"""`python -m tests.tables`: the migrated database that the tests copy, made before they begin."""

from __future__ import annotations

import os

import django


def main() -> None:
    from tests import servers

    servers.start()
    servers.template()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundraise.settings")
    django.setup()
    main()
