"""`manage.py demo_data`: a party and a district with campaigns and accounts, and staff."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fundraise import clock, seal
from fundraise.gifts.models import Gift
from fundraise.jobs import services as jobs
from fundraise.ledger.models import LegalEntity
from fundraise.local import ports
from fundraise.ops.demo import asking, bank, days, known, log_ins, mails, party, week
from fundraise.ops.seed.services import Plan, seed
from fundraise.pledges import promise
from fundraise.pledges.models import Pledge
from mailings.segments import ready

CAMPAIGN_BEGAN = timedelta(days=60)
DISTRICT_BEGAN = timedelta(days=90)  # before the party's, which so stays on the front page
GIFTS_PER_DONOR = 3


class Command(BaseCommand):
    help = "Make what a demo needs, where it is missing, and count its jobs from now on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--gifts", type=int, default=0, help="so many gifts of the past too")
        parser.add_argument(
            "--pledges", type=int, default=0, help="so many monthly gifts with their past"
        )
        parser.add_argument("--bank", default="", help="the bank's stand-in; else that of here")
        help_text = "the stand-in of the bank where the money lies; none unless told"
        parser.add_argument("--accounts", default="", help=help_text)
        parser.add_argument(
            "--in-test-mode", action="store_true", help="also where FUNDRAISE_MODE=test"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        allowed = {"demo", "test"} if options["in_test_mode"] else {"demo"}
        if settings.MODE not in allowed:
            raise CommandError(f"{settings.MODE} mode gets no demo data")
        if seal.described() == "not sealed":
            seal.seal()
        entity = party.ensure_party()
        party.ensure_campaign(entity, clock.today() - CAMPAIGN_BEGAN)
        party.ensure_accounts(entity)
        district = party.ensure_district(entity, clock.today() - DISTRICT_BEGAN)
        mails.ensure(entity)
        ready.ensure()
        self._past(options["gifts"], options["pledges"], options["bank"])
        self._bank(entity, district, options["accounts"])  # after the past, whose givers give on
        asking.ensure()
        if settings.MODE == "demo":
            jobs.count_jobs_anew()
        self.stdout.write(log_ins.described(log_ins.ensure()))

    def _bank(self, party: LegalEntity, district: LegalEntity, address: str) -> None:
        """The accounts at the bank, with the week before where its stand-in is there."""
        is_new = settings.MODE == "demo" and not bank.is_followed()
        first = week.begin(address, party) if is_new and address else None
        bank.ensure(party, district, first)
        if first:
            week.play(address)

    def _past(self, gifts: int, pledges: int, bank: str) -> None:
        """Gifts and monthly gifts of the time before, once."""
        if not gifts + pledges or Gift.objects.exists() or Pledge.objects.exists():
            return
        donors = max(gifts // GIFTS_PER_DONOR, pledges)
        seed(Plan(donors=donors, gifts=gifts, seed=1, pledges=pledges))
        promise.reckon_now()
        if not pledges or settings.MODE != "demo":
            return
        here = ports.in_use(Path(settings.DATA_DIR)).bankgirot
        try:
            known.tell_bank(bank or f"http://127.0.0.1:{here}")
        except days.BankAway as away:
            self.stderr.write(f"{away} It knows none of the mandates.")
