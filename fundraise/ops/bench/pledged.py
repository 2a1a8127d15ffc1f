"""So many pledges by autogiro, approved and announced, all drawn on one day of the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection as django_connection

from fundraise import bankdays, clock
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.ops.bench import child
from fundraise.ops.demo import party
from fundraise.ops.seed import load
from fundraise.ops.seed.services import Plan, seed
from fundraise.pledges import schedule
from fundraise.pledges.models import Collection, PayerRange
from fundraise.providers.autogiro import files, openings, reports
from fundraise.providers.giro import terms
from fundraise.providers.giro.models import Agreement

CUSTOMER, BANK_ACCOUNT = "471117", "51020158751"
METHOD = "autogiro"
DAY, AMOUNT_ORE = 28, 200_00
HOUR = time(17)
PAID, NO_FUNDS = "0", "1"
SHORT_OF_FUNDS = 33  # every so many draws

_PLEDGES = """
  INSERT INTO pledges_pledge (ref, entity_id, campaign_id, donor_id, state, method, amount_ore,
                              interval_months, day, starts_on, first_period, language, giver_key,
                              origin, reference, created_at, end_reason)
  SELECT gen_random_uuid(), %(entity)s, %(campaign)s, d.id, 'active', 'autogiro', %(ore)s, 1,
         %(day)s, %(starts)s, %(period)s, 'sv', sha256(int8send(n)), 'page', '', %(at)s, ''
    FROM generate_series(1, %(number)s) n
    LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id) AS nth, count(*) OVER () AS them
                 FROM donors_donor) d ON d.nth = 1 + n %% d.them"""
_MANDATES = """
  INSERT INTO pledges_mandate (ref, entity_id, pledge_id, method, state, origin, variant,
                               payer_number, account_hint, customer_ref, method_ref, created_at,
                               decided_at, reason)
  SELECT gen_random_uuid(), entity_id, id, method, 'active', 'page', 'person',
         (%(first)s + row_number() OVER (ORDER BY id))::text, 'Bank …1234', '', '', created_at,
         created_at, '04+32'
    FROM pledges_pledge"""
_NOTICES = """
  INSERT INTO pledges_notice (ref, pledge_id, kind, amount_ore, first_on, covers_following, way,
                              made_at, sent_at)
  SELECT gen_random_uuid(), id, 'sign_up', amount_ore, starts_on, true, 'mail', created_at,
         created_at
    FROM pledges_pledge"""


@dataclass(slots=True)
class Pledged:
    """The pledges' house, whose time is that of a file's evening."""

    number: int
    agreement: Agreement
    campaign: Campaign
    entity: LegalEntity
    first_period: date
    _offset: timedelta = timedelta(0)

    def go_to(self, day: date, hour: time = HOUR) -> None:
        """Another day of the house."""
        self._offset = datetime.combine(day, hour, clock.STOCKHOLM) - clock.real_now()
        clock.use(lambda: self._offset)

    def due_in(self, month: int) -> date:
        """The day of the draws of the month with this number, 0 for the first."""
        return schedule.due_day(schedule.add_months(self.first_period, month), DAY)

    def file_day(self, month: int) -> date:
        """The day whose file holds them."""
        return bankdays.add(self.due_in(month), -self.agreement.draw_days_ahead)

    def write_specification(self, path: Path, month: int) -> None:
        """What became of all draws that are out: every so many was short of funds."""
        day = f"{self.due_in(month):%Y%m%d}"
        payee = terms.payee_of(self.agreement)
        sent = Collection.objects.filter(state="sent").order_by("mandate__payer_number")
        rows = [
            reports.SpecLine(
                "82", day, "0", None, str(payer), ore, payee.bankgiro, reference, _status(nth)
            )
            for nth, (payer, ore, reference) in enumerate(
                sent.values_list("mandate__payer_number", "amount_ore", "reference"), start=month
            )
        ]
        paid = [row.amount_ore for row in rows if row.is_paid]
        deposit = reports.Deposit("15", BANK_ACCOUNT, day, f"{month + 1:05}", sum(paid), len(paid))
        opening = openings.ReportOpening(day, "120000000000", payee.customer_number, payee.bankgiro)
        end = reports.SpecEnd(day, 1, len(paid), 0, 0, 0, 0)
        path.write_bytes(files.write("payment_specification", [(opening, [deposit, *rows], end)]))


def _status(nth: int) -> str:
    return NO_FUNDS if nth % SHORT_OF_FUNDS == 0 else PAID


def made_ready(number: int) -> Pledged:
    """A party that so many give to every month, and gifts of before."""
    settings.AUTOGIRO_CUSTOMER_NUMBER = CUSTOMER
    entity = party.ensure_party()
    party.ensure_accounts(entity)
    campaign = party.ensure_campaign(entity, clock.today())
    plan = Plan(donors=max(20, number // 10), gifts=max(100, number // 2), seed=1, add=True)
    child.alone(partial(seed, plan))  # what it holds is no part of later measures
    agreement = Agreement.objects.select_related("account").get(account__entity=entity)
    period = schedule.add_months(schedule.period_of(clock.today()), 1)
    house = Pledged(number, agreement, campaign, entity, period)
    _write(house)
    return house


def _write(house: Pledged) -> None:
    first = PayerRange.objects.get(entity=house.entity).first
    asked: dict[str, str | int | date | datetime] = {
        "entity": house.entity.pk, "campaign": house.campaign.pk, "ore": AMOUNT_ORE, "day": DAY,
        "starts": house.due_in(0), "period": house.first_period, "number": house.number,
        "at": clock.now() - timedelta(days=90), "first": first,
    }  # fmt: skip
    with django_connection.cursor() as cursor:
        for statement in (_PLEDGES, _MANDATES, _NOTICES):
            cursor.execute(statement, asked)
    load.keep_statistics()
