"""`manage.py demo_logins`: the log-ins that demo_data made, once more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundraise.ops.demo import log_ins


class Command(BaseCommand):
    help = "Print the staff log-ins of the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        known = log_ins.read()
        if not known:
            raise CommandError("There are none: run manage.py demo_data first.")
        self.stdout.write(log_ins.described(known))
