"""A part gets the versions by lot; the rest waits, and gets what the part showed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from pytest_django.fixtures import Settings

from fundraise import clock
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, Batch, Chunk, Message, Trial, Variant, Wave
from mailings.appeals.services import drafting, finishing, preparing, trying, waves
from mailings.appeals.services.trying import Terms
from mailings.trials import looking
from tests.mailings.appeals import house
from tests.people import CECILIA

pytestmark = pytest.mark.django_db

TERMS = Terms(percent=40, hours=48, expected_ore2=10**10, cap_ore=5_000_00)
PEOPLE = 60


def add_b(appeal: Appeal) -> None:
    """One more version, in both languages."""
    variant = Variant.objects.create(appeal=appeal, letter="B")
    for language in ("sv", "en"):
        house.write(variant, language)


@pytest.fixture
def tried() -> Appeal:
    """Two versions on four of ten, sent to them."""
    house.use_fake()
    campaign = house.house()
    house.people(PEOPLE)
    appeal = house.written(campaign)
    add_b(appeal)
    trying.set_trial(appeal.ref, TERMS, by=CECILIA)
    return house.released(appeal)


def letters(appeal: Appeal) -> Counter[str]:
    """How many people of which version, of those that are prepared."""
    names = {
        content.pk: variant.letter
        for variant in appeal.variants.all()
        for content in variant.contents.all()
    }
    rows = Message.objects.filter(appeal=appeal, outcome="")
    return Counter(names[pk] for pk in rows.values_list("content_id", flat=True) if pk)


def go_on(appeal: Appeal) -> Appeal:
    """What the beat does after the decision."""
    while preparing.prepare_next(appeal.pk):
        pass
    preparing.prepared(appeal.pk)
    Batch.objects.filter(appeal=appeal).update(posted_at=clock.real_now() - timedelta(days=1))
    waves.release_next(appeal.pk)
    house.send_all(appeal)
    return Appeal.objects.get(pk=appeal.pk)


def test_only_the_people_of_the_trial_are_prepared_and_mailed(tried: Appeal) -> None:
    first, rest = Wave.objects.filter(appeal=tried).order_by("number")
    made = Message.objects.filter(appeal=tried).count()

    assert (first.people, first.people + rest.people) == (made, PEOPLE)
    assert 10 <= made <= 40
    assert set(letters(tried)) == {"A", "B"}
    assert house.send_all(tried) > 0
    assert waves.release_next(tried.pk) is False
    assert finishing.finish(tried.pk) is False
    with pytest.raises(AppealError, match="trial_running"):
        waves.release_now(rest.pk, by=CECILIA)


def test_the_winner_goes_to_the_rest_and_nobody_is_mailed_twice_or_missed(tried: Appeal) -> None:
    house.send_all(tried)
    before = letters(tried)
    winner = tried.variants.get(letter="B")

    assert trying.decide(tried.pk, winner) is True
    assert trying.decide(tried.pk, None) is False
    done = go_on(tried)

    after = letters(tried)
    assert after["A"] == before["A"]
    assert after["B"] == PEOPLE - before["A"]
    assert sorted(house.Fake.delivered.values()) == [1] * PEOPLE
    assert finishing.finish(done.pk) is True


def test_when_nothing_has_won_the_rest_is_sent_evenly(tried: Appeal) -> None:
    house.send_all(tried)
    trying.decide(tried.pk, None)
    go_on(tried)

    assert sum(letters(tried).values()) == PEOPLE
    assert min(letters(tried).values()) >= PEOPLE // 5
    assert Trial.objects.get().state == "even"


def test_a_version_that_was_stopped_is_not_sent_to_the_rest(tried: Appeal) -> None:
    house.send_all(tried)
    before = letters(tried)
    trying.note_look(tried.pk, {}, stopped=["A"])
    trying.decide(tried.pk, None)
    go_on(tried)

    assert letters(tried)["A"] == before["A"]


def test_a_trial_is_set_in_a_draft_with_two_versions_and_stays(tried: Appeal) -> None:
    alone = drafting.new_appeal(campaign=tried.campaign, title="Ensam", by=CECILIA)
    with pytest.raises(AppealError, match="one_version"):
        trying.set_trial(alone.ref, TERMS, by=CECILIA)
    with pytest.raises(AppealError, match="not_draft"):
        trying.drop_trial(tried.ref, by=CECILIA)
    for change in ({"cap_ore": 1}, {"percent": 90}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Trial.objects.filter(appeal=tried).update(**change)
    trying.decide(tried.pk, None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Trial.objects.filter(appeal=tried).update(state="running", decided_at=None)


def test_all_take_part_where_no_rest_is_left_also_in_parts(db: None, settings: Settings) -> None:
    settings.APPEAL_NEXT_WAVE_MINUTES = 0
    house.use_fake()
    campaign = house.house()
    house.people(12)
    appeal = house.written(campaign, first_wave=5)
    add_b(appeal)
    trying.set_trial(appeal.ref, Terms(100, 48, 10**10, 1), by=CECILIA)
    made = house.released(appeal)
    assert Wave.objects.filter(appeal=appeal).count() == 2
    assert not Chunk.objects.filter(prepared_at=None).exists()
    assert set(letters(made)) == {"A", "B"}
    while house.send_all(made) or waves.release_next(made.pk):
        pass
    assert sorted(house.Fake.delivered.values()) == [1] * 12

    # It ends, and what it has shown is said when the time is over.
    assert finishing.finish(made.pk) is True
    assert looking.look_at_all() == {"looked_at": 1, "decided": 0}
    Wave.objects.update(released_at=clock.real_now() - timedelta(hours=49))
    assert looking.look_at_all() == {"looked_at": 1, "decided": 1}
    assert looking.look_at_all() == {"looked_at": 0, "decided": 0}
    assert Trial.objects.get().state == "even"
    assert Appeal.objects.get(pk=made.pk).state == "finished"
