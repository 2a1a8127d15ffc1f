"""Yearly statements: numbered, in versions, to the öre what the gifts say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise.gifts.giver import Giver, giver_key
from fundraise.gifts.models import Gift
from fundraise.ledger.checks import Check
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.models import KeptPaper, StatementCounter, StatementLine, YearStatement
from fundraise.reporting.papers import services as papers
from fundraise.reporting.yearly import lines, proofs, queries, services, words
from fundraise.reporting.yearly.lines import Holder
from tests.reporting.conftest import GiveIt
from tests.reporting.pdfs import unpacked

pytestmark = pytest.mark.django_db
BY = "staff:david"
STATEMENTS, LINES = YearStatement.objects.all(), StatementLine.objects.all()
LATE = datetime(2025, 12, 31, 22, 59, tzinfo=UTC)  # the last minute of 2025 in Sweden
NEXT = datetime(2025, 12, 31, 23, 0, tzinfo=UTC)  # the first of 2026


@pytest.fixture
def anna(db: None) -> Donor:
    return donors.register_donor(
        name=PersonName("Anna", "Lind"), language="sv", source="staff", by=BY
    )


def differing() -> list[str]:
    return [check.name for check in proofs.checks() if check.status == "differs"]


def found(name: str) -> Check:
    return next(check for check in proofs.checks() if check.name.endswith(name))


def test_a_statement_lists_the_gifts_of_its_swedish_year(
    received: GiveIt, party: LegalEntity, anna: Donor
) -> None:
    kept = received(donor=anna, received_at=LATE, amount_ore=500_00, refunded_ore=100_00)
    received(donor=anna, received_at=NEXT)
    received(received_at=LATE)  # somebody else's
    received(donor=anna, state="pending", received_at=LATE)
    row = services.issue(party, 2025, Holder(anna.pk), by=BY)
    assert row is not None
    assert (str(row), row.gifts, row.given_ore, row.back_ore) == ("2025-1", 1, 500_00, 100_00)
    assert list(StatementLine.objects.values_list("gift_id", "given_ore", "back_ore")) == [
        (kept.pk, 500_00, 100_00)
    ]
    said: Any = words.of_statement(row, "sv")
    assert said["rows"][0][0] == "31 december 2025"
    assert dict(said["facts"])["Givare"] == "Anna Lind"
    assert said["total"][3:] == ["500\u202fkr", "−100\u202fkr"]
    assert differing() == []


def test_nothing_changed_gives_the_same_statement_and_no_number(
    received: GiveIt, party: LegalEntity, anna: Donor
) -> None:
    received(donor=anna, received_at=LATE)
    first = services.issue(party, 2025, Holder(anna.pk), by=BY)
    assert services.issue(party, 2025, Holder(anna.pk), by=BY) == first
    assert YearStatement.objects.count() == 1
    assert StatementCounter.objects.get().last_number == 1


def test_a_changed_year_gives_a_version_that_names_the_one_before(
    received: GiveIt, party: LegalEntity, anna: Donor
) -> None:
    gift = received(donor=anna, received_at=LATE, amount_ore=300_00)
    first = services.issue(party, 2025, Holder(anna.pk), by=BY)
    assert first is not None
    before = papers.statement_pdf(first, "sv")
    Gift.objects.filter(pk=gift.pk).update(refunded_ore=300_00)
    changed = found("as it is now")
    assert (changed.status, changed.actual) == ("waiting", 1)
    assert services.renew() == 1
    second = YearStatement.objects.get(version=2)
    assert (str(second), second.number, second.previous, second.total_ore) == (
        "2025-1 v2",
        1,
        first,
        0,
    )
    said: Any = words.of_statement(second, "sv")
    assert dict(said["facts"])["Ersätter"] == "2025-1"
    assert papers.statement_pdf(first, "sv") == before
    assert services.renew() == 0
    assert found("as it is now").status == "ok"
    assert differing() == []
    STATEMENTS.filter(version=2).update(version=3)
    assert differing() == ["yearly statements: each version names the one before"]


def test_a_running_year_says_until_when_and_is_not_renewed_at_night(
    received: GiveIt, party: LegalEntity, anna: Donor
) -> None:
    received(donor=anna)
    row = services.issue(party, 2026, Holder(anna.pk), by=BY)
    assert row is not None
    assert "gåvor till och med 2" in str(words.of_statement(row, "sv")["notes"])
    received(donor=anna)
    assert services.renew() == 0
    again = services.issue(party, 2026, Holder(anna.pk), by=BY)
    assert again is not None
    assert (again.version, again.gifts) == (2, 2)


def test_the_yearly_pdf_is_pdf_a_tagged_and_kept(
    received: GiveIt, party: LegalEntity, anna: Donor
) -> None:
    received(donor=anna, received_at=LATE)
    row = services.issue(party, 2025, Holder(anna.pk), by=BY)
    assert row is not None
    for language, name in (("sv", "arsbesked-2025-1.pdf"), ("en", "yearly-statement-2025-1.pdf")):
        paper = papers.statement_pdf(row, language)
        inside = unpacked(paper.content)
        for mark in (
            b"<pdfaid:part>2</pdfaid:part>",
            b"<pdfaid:conformance>A</pdfaid:conformance>",
            b"<pdfuaid:part>1</pdfuaid:part>",
            b"/StructTreeRoot",
            f"/Lang({language})".encode(),
        ):
            assert mark in inside
        assert paper.name == name
    KeptPaper.objects.filter(language="en").delete()
    assert papers.statement_pdf(row, "en").content == paper.content


def test_everybody_of_a_year_in_chunks_without_a_gap(
    received: GiveIt, party: LegalEntity, anna: Donor
) -> None:
    received(donor=anna, received_at=LATE)
    for number in range(5):
        address = f"g{number}@exempel.se"
        giver = Giver(name=f"Giver {number}", email=address)
        received(giver, received_at=LATE, giver_key=giver_key(address))
    received(received_at=LATE)  # nobody knows whose: no statement
    everyone = list(queries.holders_of_year(party.pk, 2025))
    assert len(everyone) == 6
    made = [services.issue_many(party, 2025, everyone[n : n + 2], by=BY) for n in range(0, 6, 2)]
    assert made == [2, 2, 2]
    assert sorted(YearStatement.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert services.issue_many(party, 2025, everyone, by=BY) == 0
    names = {queries.said(row)["name"] for row in YearStatement.objects.all()}
    assert names == {"Anna Lind", *(f"Giver {number}" for number in range(5))}
    assert differing() == []


def test_gifts_that_get_their_donor_move_to_the_donors_statement(
    received: GiveIt, party: LegalEntity, anna: Donor
) -> None:
    key = giver_key("anna@exempel.se")
    gift = received(Giver(name="Anna", email="anna@exempel.se"), received_at=LATE, giver_key=key)
    services.issue(party, 2025, Holder(None, key), by=BY)
    Gift.objects.filter(pk=gift.pk).update(donor=anna)
    everyone = list(queries.holders_of_year(party.pk, 2025))
    assert services.issue_many(party, 2025, everyone, by=BY) == 2
    stand = {str(row): (row.gifts, row.donor_id) for row in queries.standing()}
    assert stand == {"2025-1 v2": (0, None), "2025-2": (1, anna.pk)}


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (lambda: STATEMENTS.update(given_ore=1_00), "each is the sum of its gifts"),
        (
            lambda: [rows.update(given_ore=1_00) for rows in (STATEMENTS, LINES)],
            "each gift as it is in the gifts",
        ),
        (lambda: STATEMENTS.update(number=2), "numbers are contiguous from 1"),
    ],
)
def test_a_planted_fault_is_named(
    received: GiveIt, party: LegalEntity, anna: Donor, fault: Any, name: str
) -> None:
    received(donor=anna, received_at=LATE)
    services.issue(party, 2025, Holder(anna.pk), by=BY)
    assert differing() == []
    fault()
    assert differing() == [f"yearly statements: {name}"]


def test_the_same_gifts_have_one_digest_in_any_order(
    received: GiveIt, party: LegalEntity, anna: Donor
) -> None:
    received(donor=anna, received_at=LATE)
    received(donor=anna, received_at=LATE, amount_ore=50_00)
    listed = lines.lines_of(party.pk, 2025, [Holder(anna.pk)])[Holder(anna.pk)]
    assert lines.digest(listed) == lines.digest(listed[::-1])
    assert lines.digest(listed) != lines.digest(listed[:1])
