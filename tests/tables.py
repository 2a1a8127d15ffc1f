"""`python -m tests.tables`: the migrated database that the tests copy, made before they begin."""

from __future__ import annotations

import os

import django

from tests import servers


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundraise.settings")
    servers.start()  # first, because the settings read there whose rights the tables get
    django.setup()
    servers.template()


if __name__ == "__main__":
    main()
