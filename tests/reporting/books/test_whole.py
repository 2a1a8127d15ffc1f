"""Whole books: as SIE 4E, and as beancount, whose own checks are a third opinion."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from django.core.management import CommandError, call_command

from fundraise.ledger.models import Entry, LegalEntity
from fundraise.ledger.services import EntryDraft
from fundraise.ledger.sie_strict.judge import faults
from fundraise.reporting.books import exporting
from fundraise.reporting.books.models import BookExport
from fundraise.reporting.books.whole import export_4e
from tests.people import DAVID
from tests.reporting.books.posting import NOVEMBER, november, post

pytestmark = pytest.mark.django_db


def two_years() -> LegalEntity:
    party, campaign = november()
    post(party, "old", EntryDraft("bank", "gifts", 30_00, campaign.dimension_id),
         day=date(2025, 12, 30))  # fmt: skip
    return party


def test_a_year_is_taken_out_whole_with_both_years_balances_and_hands_nothing_over() -> None:
    party = two_years()
    made = export_4e(party, 2026, by=DAVID)
    content = bytes(made.content)
    lines = content.decode("cp437").split("\r\n")
    assert faults(content, "4E") == []
    assert {fault.rule for fault in faults(content, "4I")} == {"6", "#VER"}
    assert lines[7:9] == ["#RAR 0 20260101 20261231", "#RAR -1 20250101 20251231"]
    for line in (
        "#IB 0 1930 30.00", "#UB 0 1930 1033.00", "#UB -1 1930 30.00", "#IB -1 1930 0.00",
        "#RES 0 3993 -357.50", "#RES -1 3993 -30.00", "#UB 0 1580 257.00",
        '#VER "G" 1 20261102 "G2026-1 Gåva"', '#VER "O" 1 20261102 "O2026-1 Ingående balans"',
    ):  # fmt: skip
        assert line in lines
    assert (made.kind, made.journals, made.vouchers) == ("sie4e", 8, 8)
    assert exporting.prepare(party, *NOVEMBER).journals == 6
    assert export_4e(party, 2026, by=DAVID).number == 2
    with pytest.raises(exporting.ExportError, match="nothing"):
        export_4e(party, 2024, by=DAVID)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("#UB 0 1930 1033.00", "#UB 0 1930 1033.01", "#UB"),
        ("#IB 0 1930 30.00", "#IB 0 1930 31.00", "#IB"),
        ("#RES 0 3993 -357.50", "#RES 0 3993 357.50", "#RES"),
        ("#RES 0 3993 -357.50", "#RES 0 3993 -357.50\r\n#RES 0 3993 -357.50", "#RES"),
        ("#IB 0 1930 30.00", "#IB 0 3993 30.00", "#IB"),
        ("#IB 0 1930 30.00", "#IB -2 1930 30.00", "#RAR"),
        ("#IB 0 1930 30.00", "#IB 0 1931 30.00", "#KONTO"),
        ("#IB 0 1930 30.00", "#IB 0 1930 30,00", "5.9"),
        ('#VER "G" 2 ', '#VER "G" 1 ', "#VER"),
        ("#RAR 0 20260101 20261231\r\n", "", "#RAR"),
    ],
)
def test_balances_that_do_not_agree_are_named(old: str, new: str, rule: str) -> None:
    content = bytes(export_4e(two_years(), 2026, by=DAVID).content)
    assert old.encode() in content
    broken = content.replace(old.encode(), new.encode(), 1)
    assert rule in {fault.rule for fault in faults(broken, "4E")}


def test_the_command_takes_a_year_or_days_and_never_both(tmp_path: Path) -> None:
    two_years()
    out = tmp_path / "2026.se"
    call_command("export_sie", "--year", "2026", "--out", str(out), stdout=StringIO())
    assert out.read_bytes() == bytes(BookExport.objects.get().content)
    for wrong in (["--year", "2026", "--from", "2026-01-01", "--to", "2026-01-31"], []):
        with pytest.raises(CommandError, match="or --year alone"):
            call_command("export_sie", *wrong, "--out", str(tmp_path / "x.se"))


def beancount(entity: LegalEntity, off: int = 0) -> str:
    """The ledger as beancount writes it, with a balance asserted for each account at the end."""
    used: dict[str, int] = {}
    journals: list[str] = []
    entries = Entry.objects.filter(journal__entity=entity).order_by(
        "journal__accounting_date", "journal_id", "line"
    )
    for entry in entries.select_related("journal", "debit_account", "credit_account"):
        debit, credit = _name(entry.debit_account.number), _name(entry.credit_account.number)
        used[debit] = used.get(debit, 0) + entry.amount_ore
        used[credit] = used.get(credit, 0) - entry.amount_ore
        sum_ = f"{entry.amount_ore / 100:.2f} SEK"
        head = f'{entry.journal.accounting_date} * "{entry.journal.text}"'
        journals.append(f"{head}\n  {debit}  {sum_}\n  {credit}  -{sum_}")
    opened = [f"2020-01-01 open {name} SEK" for name in sorted(used)]
    ends = [
        f"2030-01-01 balance {n}  {(o + off) / 100:.2f} ~ 0.00 SEK" for n, o in sorted(used.items())
    ]
    return "\n".join([*opened, *journals, *ends, ""])


def _name(number: int) -> str:
    kind = {1: "Assets", 2: "Liabilities", 3: "Income"}.get(number // 1000, "Expenses")
    return f"{kind}:A{number}"


def _errors(text: str) -> list[Any]:
    _entries, errors, _options = loader.load_string(text)
    return list(errors)


def test_beancount_accepts_the_ledger_and_finds_one_that_is_an_ore_off() -> None:
    party = two_years()
    assert _errors(beancount(party)) == []
    assert len(_errors(beancount(party, off=1))) == 7  # every account that was used
