"""Rules are tried on what was decided, switched on by two people, and look at open items again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from fundraise import clock
from fundraise.ledger.queries import balance_ore
from fundraise.providers.models import Account, Payout
from fundraise.reconciliation import deciding, proposals, rematching, rules, trials
from fundraise.reconciliation.models import (
    Item,
    Match,
    Proposal,
    QueueItem,
    Rule,
    RuleTrial,
    RuleVersion,
)
from fundraise.reconciliation.trials import RuleError
from tests.proofs import differing
from tests.reconciliation.house import make_bank
from tests.reconciliation.test_inbox import OCR, balances, book, donor_with
from tests.reconciliation.written import Book, Entry, one

pytestmark = pytest.mark.django_db
DAVID, PAYER = "staff:7", "SE3550000000054910000003"
MARCH, DECEMBER = date(2026, 3, 1), date(2026, 12, 31)


def test_a_rule_matches_by_itself_after_a_clean_trial_and_a_second_person() -> None:
    bank = make_bank()
    anna = donor_with(OCR, bank)
    ledger = Book()
    for n in range(3):
        day = date(2026, 11, 2) + timedelta(days=n)
        book(ledger.day(one(50_00, account=PAYER, name="A L", message=f"{n}", day=day), day=day))
    for item in Item.objects.all():
        deciding.to_donor(item.pk, anna, bank.campaign, by=DAVID)
    rule = Rule.objects.get(key="alias")
    with pytest.raises(RuleError, match="no_trial"):
        trials.switch(rule, mode="auto", settings={}, by=DAVID)
    trial = trials.try_rule(
        rule, mode="auto", settings={}, from_day=MARCH, to_day=DECEMBER, by=DAVID
    )
    counted = (trial.looked_at, trial.would_match, trial.as_decided, trial.conflicts)
    assert counted == (3, 3, 3, 0)
    asked = trials.switch(rule, mode="auto", settings={}, by=DAVID, why="Säker")
    assert isinstance(asked, Proposal)
    assert RuleVersion.objects.filter(rule=rule).count() == 1
    proposals.agree(asked.ref, by="staff:8")
    assert RuleVersion.objects.filter(rule=rule).latest("number").mode == "auto"

    day = date(2026, 11, 9)
    book(ledger.day(one(50_00, account=PAYER, name="A L", message="9", day=day), day=day))
    match = Match.objects.latest("pk")
    assert (match.state, match.rule.number if match.rule else 0) == ("stands", 2)
    off = trials.switch(rule, mode="suggest", settings={}, by=DAVID)
    assert isinstance(off, RuleVersion)
    with pytest.raises(RuleError, match="same"):
        trials.switch(rule, mode="suggest", settings={}, by=DAVID)
    with pytest.raises(RuleError, match="never_auto"):
        trials.switch(Rule.objects.get(key="name"), mode="auto", settings={"days": 5}, by=DAVID)
    assert differing() == []


def test_a_trial_with_a_conflict_switches_nothing_on() -> None:
    bank = make_bank()
    anna = donor_with(OCR, bank)
    book(Book().day(one(50_00, account=PAYER, name="A L"), one(60_00, account=PAYER, name="A L")))
    first, second = Item.objects.order_by("amount_ore")
    deciding.to_donor(first.pk, anna, bank.campaign, by=DAVID)
    deciding.decide(second.pk, deciding.Choice("membership"), by=DAVID)
    rule = Rule.objects.get(key="alias")
    trial = trials.try_rule(
        rule, mode="suggest", settings={}, from_day=MARCH, to_day=DECEMBER, by=DAVID
    )
    assert (trial.would_match, trial.as_decided, trial.conflicts) == (2, 1, 1)
    trials.try_rule(rule, mode="auto", settings={}, from_day=MARCH, to_day=DECEMBER, by=DAVID)
    assert RuleTrial.objects.latest("pk").conflicts == 0  # another sum than usual: not by itself


def test_a_fee_with_its_payer_is_placed_once_persons_have_confirmed_its_sum() -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    rule = RuleVersion.objects.get(settings__kind="membership").rule

    def paid(day: int, ore: int, **more: str) -> Match:
        on = date(2026, 11, day)
        said = {"message": "Medlemsavgift", "name": "Bo Alm", "account": f"SE35{day:020d}"} | more
        book(ledger.day(one(ore, day=on, **said), day=on))
        return Match.objects.latest("pk")

    for day in (2, 3, 4):
        match = paid(day, 200_00)
        assert (match.kind, match.state) == ("membership", "suggested")
        deciding.take(match.pk, by=DAVID)
    settings = rule.versions.get().settings
    trial = trials.try_rule(
        rule, mode="auto", settings=settings, from_day=MARCH, to_day=DECEMBER, by=DAVID
    )
    assert (trial.would_match, trial.as_decided, trial.conflicts) == (3, 3, 0)
    asked = trials.switch(rule, mode="auto", settings=settings, by=DAVID)
    assert isinstance(asked, Proposal)
    proposals.agree(asked.ref, by="staff:8")

    assert paid(5, 200_00).state == "stands"
    assert paid(6, 150_00).state == "suggested", "nobody has confirmed that sum"
    assert paid(9, 200_00, message="bidrag").state != "stands", "the word is missing"
    assert paid(10, 200_00, ocr=OCR).kind == "gift", "a reference says otherwise"
    assert differing() == []


def test_a_payout_that_is_known_late_is_found_when_looked_at_again() -> None:
    bank = make_bank(details_follow=True)
    lines = (Entry((), ore=900_00, text="STRIPE"), Entry((), ore=70_00, text="batch"),
             Entry((), ore=800_00, text="INSÄTTNING BO ALM"))  # fmt: skip
    book(Book().day(*lines))
    assert list(Item.objects.values_list("state", flat=True)) == ["new", "new", "new"]
    account = Account.objects.create(
        entity=bank.entity, provider="stripe", slug="stripe", name="Stripe"
    )
    for ref, ore in (("po_1", 900_00), ("po_2", 800_00)):
        Payout.objects.create(
            account=account, provider_ref=ref, amount_ore=ore, state="paid",
            arrives_on=date(2026, 11, 2), created_at=clock.now(),
        )  # fmt: skip
    assert rematching.rematch(bank.account).looked_at == 0
    assert rematching.miss_details(bank.account) == 3
    assert balances(bank)["suspense"] == -1770_00
    found = rematching.rematch(bank.account)
    # What the bank writes on its line is read again too: Bo's money is no payout by its sum alone.
    assert (found.looked_at, found.matched, found.suggested) == (3, 1, 1)
    assert balance_ore(bank.entity.pk, "payout_in_transit") == -900_00
    assert balances(bank)["suspense"] == -870_00
    left = Item.objects.exclude(state="matched").values_list("ref", flat=True)
    waits = QueueItem.objects.filter(code="unknown_payer", state="open")
    assert set(waits.values_list("subject", flat=True)) == {f"item:{ref}" for ref in left}
    again = rematching.rematch(bank.account)
    assert (again.matched, again.suggested) == (0, 0)
    for key, judged in (("payout", (1, 1, 1, 0)), ("autogiro", (1, 0, 0, 0))):
        rule = Rule.objects.get(key=key)
        days = {"from_day": MARCH, "to_day": DECEMBER}
        settings = rule.versions.get().settings
        trial = trials.try_rule(rule, mode="auto", settings=settings, by=DAVID, **days)
        counted = (trial.looked_at, trial.would_match, trial.as_decided, trial.conflicts)
        assert counted == judged, key
    assert differing() == []


def test_a_shipped_rule_is_named_in_the_language_of_whoever_reads() -> None:
    make_bank()
    rule = Rule.objects.get(key="alias")
    with translation.override("en"):
        assert rules.titled(rule) == "A payer that was confirmed before"
        rule.name = "Vår egen regel"
        assert rules.titled(rule) == "Vår egen regel"
