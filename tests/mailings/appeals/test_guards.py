"""What the database refuses, whatever the code does: each trigger and check, tried by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fundraise.campaigns.models import Campaign
from mailings.appeals.models import (
    Appeal,
    Batch,
    Chunk,
    Content,
    Link,
    Message,
    Payload,
    Reached,
)
from mailings.appeals.services import finishing
from tests.mailings.appeals.house import people, released, send_all, written

Try = Callable[[Appeal], object]


def messages(appeal: Appeal) -> list[tuple[object, ...]]:
    return list(Message.objects.filter(appeal=appeal).order_by("seq").values_list())


@pytest.fixture
def sent(campaign: Campaign) -> Appeal:
    """Half-way: two batches were taken, one waits."""
    people(12)
    appeal = released(written(campaign))
    send_all_but_one(appeal)
    return appeal


def send_all_but_one(appeal: Appeal) -> None:
    last = Batch.objects.filter(appeal=appeal).order_by("-first_seq").first()
    assert last is not None
    Batch.objects.filter(pk=last.pk).update(state="held")
    assert send_all(appeal) == 2
    Batch.objects.filter(pk=last.pk).update(state="ready")


def sql(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


REFUSED: dict[str, Try] = {
    "words change": lambda a: Content.objects.filter(variant__appeal=a).update(subject="Nytt"),
    "words are thrown away": lambda a: sql(
        "DELETE FROM appeals_content WHERE variant_id IN"
        " (SELECT id FROM appeals_variant WHERE appeal_id = %s)", a.pk,
    ),
    "words in one more language": lambda a: Content.objects.create(
        variant=a.variants.get(), language="sv", changed_at=a.created_at, changed_by="x"
    ),
    "a link gets another number": lambda a: Link.objects.filter(
        content__variant__appeal=a
    ).update(number=9),
    "a link is thrown away": lambda a: sql("DELETE FROM appeals_link"),
    "another time": lambda a: Appeal.objects.filter(pk=a.pk).update(send_at=a.created_at),
    "another campaign": lambda a: Appeal.objects.filter(pk=a.pk).update(purpose="newsletter"),
    "other criteria": lambda a: Appeal.objects.filter(pk=a.pk).update(criteria={"x": 1}),
    "more people": lambda a: Appeal.objects.filter(pk=a.pk).update(frozen=99),
    "the list changes": lambda a: Chunk.objects.filter(appeal=a).update(donor_ids=[1]),
    "the list is thrown away": lambda a: Chunk.objects.filter(appeal=a).delete(),
    "prepared again": lambda a: Chunk.objects.filter(appeal=a).update(prepared_at=None),
    "a second mail to a donor": lambda a: Message.objects.create(
        appeal=a, seq=99, donor_id=Message.objects.filter(appeal=a)[0].donor_id,
        outcome="capped",
    ),
    "a second mail to an address": lambda a: Message.objects.create(
        appeal=a, seq=99, donor_id=10**9, batch_id=1,
        email_key=Message.objects.filter(appeal=a)[0].email_key,
    ),
    "to somebody else": lambda a: Message.objects.filter(appeal=a).update(donor_id=10**9),
    "other words": lambda a: Message.objects.filter(appeal=a).update(content_id=10**9),
    "a message is thrown away": lambda a: sql("DELETE FROM appeals_message"),
    "sent without a batch": lambda a: Message.objects.create(appeal=a, seq=99, donor_id=10**9),
    "unsent": lambda a: Batch.objects.filter(appeal=a, state="accepted").update(state="ready"),
    "a batch is thrown away": lambda a: (
        Payload.objects.all().delete(), Batch.objects.filter(appeal=a).delete(),
    ),
    "posted without a lease": lambda a: Batch.objects.filter(
        appeal=a, state="ready"
    ).update(state="posting", fence=uuid4()),
    "more than a thousand": lambda a: Batch.objects.filter(appeal=a).update(people=1001),
    "finished too soon": lambda a: Appeal.objects.filter(pk=a.pk).update(
        state="finished", ended_at=a.created_at
    ),
    "approved by who asked": lambda a: Appeal.objects.filter(pk=a.pk).update(
        approved_by=a.asked_by
    ),
    "a step is rewritten": lambda a: a.transitions.update(by="x"),
}  # fmt: skip


def test_the_database_refuses_each_of_them_and_keeps_every_message(sent: Appeal) -> None:
    before = messages(sent)
    for what, act in REFUSED.items():
        assert (what, is_refused(act, sent)) == (what, True)
        assert (what, messages(sent)) == (what, before)


def is_refused(act: Try, appeal: Appeal) -> bool:
    try:
        with transaction.atomic():
            act(appeal)
    except DatabaseError as refusal:
        return re.search(r"appeals|violates|permission", str(refusal)) is not None
    return False


def test_an_outcome_is_noted_once(sent: Appeal) -> None:
    first = Message.objects.filter(appeal=sent, seq=1)
    first.update(outcome="gave")
    with pytest.raises(IntegrityError, match="stays as it was prepared"), transaction.atomic():
        first.update(outcome="capped")
    assert first.get().outcome == "gave"


def test_finished_wants_a_balance_that_holds(sent: Appeal) -> None:
    send_all(sent)
    Batch.objects.filter(appeal=sent, state="accepted").update(sent=0)
    with pytest.raises(IntegrityError, match="do not balance"), transaction.atomic():
        Appeal.objects.filter(pk=sent.pk).update(state="finished", ended_at=sent.created_at)
    sent.refresh_from_db()
    assert sent.state == "sending"


AT_THE_END: dict[str, Try] = {
    "somebody is left out after all": lambda a: Message.objects.filter(appeal=a, seq=1).update(
        outcome="gave"
    ),
    "one more got it": lambda a: Message.objects.create(
        appeal=a, seq=99, donor_id=10**9, batch_id=1, email_key=b"x" * 32
    ),
    "one more was left out": lambda a: Message.objects.create(
        appeal=a, seq=99, donor_id=10**9, outcome="capped"
    ),
    "a message goes to a half": lambda a: Message.objects.filter(appeal=a).update(batch_id=1),
    "whom it reached changes": lambda a: Reached.objects.filter(appeal=a).update(bits=b""),
    "whom it reached is thrown away": lambda a: sql("DELETE FROM appeals_reached"),
}


def test_whom_a_finished_appeal_reached_stays(sent: Appeal) -> None:
    """And what another appeal does meanwhile is its own."""
    Message.objects.filter(appeal=sent, seq=12).update(outcome="gave")
    Batch.objects.filter(appeal=sent, state="ready").update(sent=3)
    send_all(sent)
    assert not Reached.objects.exists()
    assert finishing.finish(sent.pk)
    before, kept = messages(sent), Reached.objects.get()
    got = Message.objects.filter(appeal=sent, outcome="").values_list("donor_id", flat=True)
    marked = {n for n in range(8 * len(kept.bits)) if kept.bits[n // 8] >> n % 8 & 1}
    assert marked == set(got)
    assert len(marked) == 11
    for what, act in AT_THE_END.items():
        assert (what, is_refused(act, sent)) == (what, True)
    assert messages(sent) == before
    assert bytes(Reached.objects.get().bits) == bytes(kept.bits)
    other = released(written(sent.campaign))
    assert send_all(other) > 0
    assert finishing.finish(other.pk)
