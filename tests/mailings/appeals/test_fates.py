"""What became of a message is a set of facts, whatever way they came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailings.appeals import counting
from mailings.appeals.models import Fate, FateCount
from mailings.appeals.services import fates
from mailings.appeals.services.fates import Fact, Judgement
from tests.mailings.mailed import Mailed, mail_to, some_people
from tests.people import NOON, make_campaign, make_party

pytestmark = pytest.mark.django_db

FACTS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(fates.SEEN),
        st.integers(0, 5),
        st.sampled_from(["", "invalid", "mailbox"]),
    ),
    max_size=14,
)


@pytest.fixture
def mailed() -> Mailed:
    return mail_to(make_campaign(make_party()), some_people(3))


def _told(mailed: Mailed, said: list[tuple[int, str, int, str]]) -> list[Fact]:
    return [
        Fact(mailed.appeal.pk, seq, kind, NOON + timedelta(minutes=40 * step), code)
        for seq, kind, step, code in said
    ]


def _rows(mailed: Mailed) -> list[dict[str, object]]:
    rows = Fate.objects.filter(appeal=mailed.appeal).order_by("seq")
    return list(rows.values(*[f.name for f in Fate._meta.concrete_fields if f.name != "appeal"]))


def _recounted(mailed: Mailed) -> dict[str, int]:
    found = {}
    for kind in (*fates.SEEN, *fates.JUDGED):
        rows = Fate.objects.filter(appeal=mailed.appeal, **{f"{kind}_at__isnull": False})
        if number := rows.count():
            found[kind] = number
    return found


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=FACTS, data=st.data())
def test_any_order_twice_and_late_gives_the_same_fate(
    mailed: Mailed, said: list[tuple[int, str, int, str]], data: st.DataObject
) -> None:
    once = mail_to(mailed.appeal.campaign, some_people(3), title="All at once")
    other = mail_to(mailed.appeal.campaign, some_people(3), title="In pieces")
    jumbled = data.draw(st.permutations(said + said[: len(said) // 2]))
    cut = data.draw(st.integers(0, len(jumbled)))

    fates.note(_told(once, said))
    fates.note(_told(other, jumbled[:cut]))
    for fact in jumbled[cut:]:
        fates.note(_told(other, [fact]))

    same = [{**row, "content_id": once.content.pk} for row in _rows(other)]
    assert same == _rows(once)
    assert counting.counts(other.appeal.pk) == _recounted(other) == _recounted(once)
    assert [(h.fact, h.hour, h.messages) for h in counting.by_hour(other.appeal.pk)] == [
        (h.fact, h.hour, h.messages) for h in counting.by_hour(once.appeal.pk)
    ]


def test_the_earliest_time_stands_with_the_code_that_came_with_it(mailed: Mailed) -> None:
    late, early = NOON + timedelta(hours=2), NOON
    appeal = mailed.appeal.pk
    assert fates.note([Fact(appeal, 1, "bounced", late, "mailbox")]) == 1
    assert fates.note([Fact(appeal, 1, "bounced", early, "invalid")]) == 1
    assert fates.note([Fact(appeal, 1, "bounced", late, "mailbox")]) == 0

    fate = Fate.objects.get(appeal=appeal, seq=1)
    assert (fate.bounced_at, fate.bounce_class) == (early, "invalid")
    assert fate.content_id == mailed.content.pk
    assert counting.counts(appeal) == {"bounced": 1}
    assert FateCount.objects.get(appeal=appeal, messages=1).hour.hour == early.hour


def test_a_message_that_was_never_made_has_no_fate(mailed: Mailed) -> None:
    assert fates.note([Fact(mailed.appeal.pk, 99, "delivered", NOON)]) == 0
    assert not Fate.objects.exists()


def test_what_was_seen_is_not_unseen_but_may_be_judged_anew(mailed: Mailed) -> None:
    appeal = mailed.appeal.pk
    fates.note([Fact(appeal, 1, "complained", NOON)])
    fates.judge([Judgement(appeal, 1, human_click_at=NOON, click_confidence="low")])
    assert counting.counts(appeal) == {"complained": 1, "human_click": 1}
    assert counting.counts_by_content(appeal)[mailed.content.pk]["human_click"] == 1

    assert fates.judge([Judgement(appeal, 1, machine_click_at=NOON)]) == 1
    assert fates.judge([Judgement(appeal, 1, machine_click_at=NOON)]) == 0
    assert counting.counts_of([appeal]) == {appeal: {"complained": 1, "machine_click": 1}}

    for broken in ({"complained_at": None}, {"complained_at": NOON + timedelta(hours=1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Fate.objects.filter(appeal=appeal, seq=1).update(**broken)
    with pytest.raises(DatabaseError), transaction.atomic():
        Fate.objects.filter(appeal=appeal, seq=1).delete()
