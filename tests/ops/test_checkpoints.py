"""A limited proof begins where a whole one ended: it finds what is new, and says what it left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from fundraise import clock
from fundraise.gifts.models import Channel
from fundraise.ledger import checkpoints, proving
from fundraise.ledger.checks import LEFT, SINCE, WHOLE
from fundraise.ledger.models import Checkpoint, CheckpointHead, Journal
from fundraise.ledger.services import EntryDraft, JournalDraft, post_journals
from fundraise.providers import by_hand
from tests.ops.books import BEGAN, make_books
from tests.people import DAVID

NUMBERS = "ledger: numbers are contiguous from 1"
SAID = "ledger: every journal says what it said when it was written"
CHAIN = "ledger: the hash chain is unbroken"
FITS = "ledger: checkpoints fit the chain and their seal"
SUMS = "ledger: all entries = the sums of the checkpoint and what came since"
WARM = "thermometer valet: received = ledger"
LOOSE = [
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE ledger_journal DISABLE TRIGGER USER",
    "ALTER TABLE ledger_entry DISABLE TRIGGER USER",
]


@pytest.fixture(autouse=True)
def few_rows_are_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The houses of these tests are smaller than what is looked at twice."""
    monkeypatch.setattr(checkpoints, "OVERLAP", 0)


def give(number: int) -> None:
    """A gift in cash: money, thermometer and receipt asked for."""
    campaign = Journal.objects.get(position=1).entity.gifts.all()[0].campaign
    by_hand.record_manual_gift(
        by_hand.ManualGift(campaign, 90_00, Channel.CASH, BEGAN, proof=f"slip-{number}", by=DAVID)
    )


def differing(verdict: proving.Verdict) -> set[str]:
    return {check.name for check in verdict.differing if not check.name.startswith("receipts")}


def plant(statement: str) -> None:
    with connection.cursor() as cursor:
        for one in [*LOOSE, statement, "SET CONSTRAINTS ALL DEFERRED"]:
            cursor.execute(one)


def test_a_limited_proof_names_every_check_and_how_far_it_looked(as_owner: None) -> None:
    make_books()
    whole = proving.prove_and_keep()
    give(7)
    limited = proving.prove_since()
    assert (whole.is_whole, limited.is_whole) == (True, False)
    assert {check.reach for check in whole.checks} == {WHOLE}
    left_whole = {path for path, limit in settings.PROOFS_SINCE.items() if not limit}
    by_reach = {reach: {c.name for c in limited.checks if c.reach == reach}
                for reach in (WHOLE, SINCE, LEFT)}  # fmt: skip
    named = set.union(*by_reach.values())
    limited_paths = [path for path in settings.PROOFS if path not in left_whole]
    assert named == {check.name for check in proving.prove(limited_paths).checks} | left_whole
    assert left_whole < by_reach[LEFT]
    assert {SAID, CHAIN, WARM, FITS} < by_reach[SINCE]
    assert {check.status for check in limited.checks if check.reach == LEFT} == {"not_applicable"}
    assert differing(limited) == set()
    said = limited.as_json()
    assert said["reach"] == "since"
    kept = Checkpoint.objects.get()
    head = kept.heads.get()
    assert said["checkpoint"] == {
        "id": kept.pk,
        "made_at": kept.made_at.isoformat(),
        "books": [{"entity": head.entity_id, "journal": head.position,
                   "hash": bytes(head.hash).hex()}],
    }  # fmt: skip


def test_a_fault_in_the_new_part_is_found_by_both(as_owner: None) -> None:
    make_books()
    proving.prove_and_keep()
    give(7)
    plant("UPDATE ledger_entry SET amount_ore = 1 WHERE id = (SELECT max(id) FROM ledger_entry)")
    assert differing(proving.prove_since()) == {SAID, WARM, _days()}
    assert {SAID, WARM, _days()} < differing(proving.prove())
    assert SUMS not in differing(proving.prove()), "what came since is as it is"


def test_a_fault_in_the_old_part_is_found_by_the_whole(as_owner: None) -> None:
    make_books()
    proving.prove_and_keep()
    give(7)
    plant("UPDATE ledger_entry SET amount_ore = amount_ore + 1"
          " WHERE id = (SELECT min(id) FROM ledger_entry)")  # fmt: skip
    assert differing(proving.prove_since()) == {_days()}, "only its day is added up anew"
    found = proving.prove_and_keep()
    assert {SAID, SUMS} < differing(found)
    assert Checkpoint.objects.count() == 1, "nobody begins at books that differ"


def test_a_checkpoint_that_does_not_fit_is_found_by_both(as_owner: None) -> None:
    make_books()
    proving.prove_and_keep()
    last = "(SELECT max(position) FROM ledger_journal)"
    plant(f"UPDATE ledger_journal SET hash = sha256(hash) WHERE position = {last};"
          f"UPDATE ledger_chainhead SET hash = sha256(hash)")  # fmt: skip
    give(7)
    assert differing(proving.prove_since()) == {FITS}
    assert differing(proving.prove()) == {FITS, CHAIN}


def test_a_checkpoint_that_was_changed_does_not_fit_its_seal(as_owner: None) -> None:
    make_books()
    proving.prove_and_keep()
    head = CheckpointHead.objects.get()
    head.sums[0][3] += 1
    with pytest.raises(IntegrityError, match="checkpoint_hash_is_a_hash"), transaction.atomic():
        CheckpointHead.objects.update(hash=b"short")
    CheckpointHead.objects.update(sums=head.sums)
    assert FITS in differing(proving.prove_since())
    assert {FITS, SUMS} == differing(proving.prove())


def test_numbers_go_on_over_a_checkpoint_and_a_gap_after_it_is_found(as_owner: None) -> None:
    make_books()
    proving.prove_and_keep()
    assert differing(proving.prove_since()) == set(), "nothing is new"
    give(7)
    give(8)
    assert differing(proving.prove_since()) == set()
    plant("UPDATE ledger_journal SET number = number + 1 WHERE position ="
          " (SELECT max(position) FROM ledger_journal)")  # fmt: skip
    assert NUMBERS in differing(proving.prove_since())


def test_the_day_chooses_the_checkpoint_and_without_one_all_is_proved(as_owner: None) -> None:
    make_books()
    assert proving.prove_since().is_whole
    proving.prove_and_keep()
    today = clock.today()
    assert proving.prove_since(today).is_whole, "the only checkpoint is younger than the day"
    tomorrow = proving.prove_since(today + timedelta(days=1))
    assert tomorrow.since is not None
    assert tomorrow.since.pk == Checkpoint.objects.get().pk


def test_books_opened_since_are_looked_at_from_their_first_journal(as_owner: None) -> None:
    make_books()
    proving.prove_and_keep()
    entity = Journal.objects.get(position=1).entity
    CheckpointHead.objects.all().delete()
    kept = Checkpoint.objects.get()
    bare = checkpoints.End(kept.made_at, kept.marks, [])
    Checkpoint.objects.update(seal=bare.seal())
    found = proving.prove_since()
    assert found.since is not None
    assert found.since.head(entity.pk).position == 0
    assert differing(found) == set()
    draft = JournalDraft(entity.pk, "M", date(2026, 11, 3), "Ränta", "x:1", "staff:1",
                         [EntryDraft("bank", "interest", 5)])  # fmt: skip
    post_journals([draft])
    now = checkpoints.newest()
    assert now is not None
    assert now.balance_ore(entity.pk, "interest") == -5


def test_the_app_adds_checkpoints_and_changes_none(db: None) -> None:
    make_books()
    proving.prove_and_keep()
    assert Checkpoint.objects.count() == 1
    for table in ("ledger_checkpoint", "ledger_checkpointhead"):
        for word in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                connection.cursor().execute(word)


def _days() -> str:
    return "thermometer valet: days that differ from the ledger"
