"""Keys of the API: made once, cut to what their maker may do, and dead when they should be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.keys import queries, services
from fundraise.keys.models import ApiKey
from fundraise.keys.services import KeyRefused, Made
from fundraise.keys.text import KeyText, new_text, read_text
from fundraise.ledger.models import LegalEntity
from fundraise.outbox import services as outbox
from fundraise.staff import accounts
from fundraise.staff.models import RoleHeld
from fundraise.staff.services import end_role, give_role
from tests.people import make_party

pytestmark = pytest.mark.django_db
BY = "system:test"
MONTH = timedelta(days=30)


@pytest.fixture
def party() -> LegalEntity:
    return make_party()


@pytest.fixture
def david(party: LegalEntity) -> User:
    user = User.objects.create_user("david", is_staff=True)
    give_role(user, "treasurer", party, by=BY)
    return user


def made(user: User, *permissions: str, entity: LegalEntity, life: timedelta = MONTH) -> Made:
    return services.make_key(
        User.objects.get(pk=user.pk),
        name="Bokföring",
        permissions=permissions,
        entities=[entity],
        expires_at=clock.real_now() + life,
    )


def refusal(call: Any) -> str:
    with pytest.raises(KeyRefused) as refused:
        call()
    return refused.value.code


def test_a_key_opens_with_its_text_and_only_its_hash_is_kept(
    party: LegalEntity, david: User
) -> None:
    key = made(david, "gifts.view", entity=party)

    opened = services.open_with(key.text)

    assert opened == key.key
    assert key.text.startswith(f"fr_demo_{opened.prefix}_")
    secret = key.text.split("_")[3][:64]
    row = ApiKey.objects.filter(pk=opened.pk).values().get()
    assert secret not in str(row)
    assert secret not in repr(key)
    assert bytes(row["digest"]) == KeyText("demo", opened.prefix, secret).digest
    line = ChangeLine.objects.get(action="key.made")
    assert (line.by, line.subject_ref) == (f"staff:{david.pk}", opened.prefix)


@pytest.mark.parametrize("spoil", ["cut", "flip", "other"])
def test_a_key_that_is_not_whole_opens_nothing(spoil: str, party: LegalEntity, david: User) -> None:
    text = made(david, "gifts.view", entity=party).text
    other = new_text("demo").full
    sent = {"cut": text[:-1], "flip": text[:-1] + ("0" if text[-1] != "0" else "1"), "other": other}
    assert refusal(lambda: services.open_with(sent[spoil])) == (
        "unknown" if spoil == "other" else "unreadable"
    )


def test_a_demo_key_is_refused_in_live_mode(party: LegalEntity, david: User, settings: Any) -> None:
    text = made(david, "gifts.view", entity=party).text
    settings.MODE = "live"
    assert refusal(lambda: services.open_with(text)) == "other_mode"
    head = read_text(text)
    assert head is not None
    renamed = KeyText("live", head.prefix, head.secret).full
    assert refusal(lambda: services.open_with(renamed)) == "unknown"


def test_a_key_ends_by_hand_by_time_and_with_its_maker(party: LegalEntity, david: User) -> None:
    key = made(david, "gifts.view", entity=party)
    assert services.end_key(key.key.pk, by="staff:9")
    assert not services.end_key(key.key.pk, by="staff:9")
    assert refusal(lambda: services.open_with(key.text)) == "ended"

    old = made(david, "gifts.view", entity=party)
    ApiKey.objects.filter(pk=old.key.pk).update(
        made_at=clock.real_now() - MONTH, expires_at=clock.real_now() - timedelta(seconds=1)
    )
    assert refusal(lambda: services.open_with(old.text)) == "expired"

    last = made(david, "gifts.view", entity=party)
    User.objects.filter(pk=david.pk).update(is_active=False)
    assert refusal(lambda: services.open_with(last.text)) == "maker_gone"


def test_nobody_makes_a_key_with_more_than_they_may(party: LegalEntity, david: User) -> None:
    skane = make_party("skane")
    assert refusal(lambda: made(david, "donors.change", entity=party)) == "not_yours"
    assert refusal(lambda: made(david, "gifts.view", entity=skane)) == "not_yours"
    assert refusal(lambda: made(david, entity=party)) == "nothing_chosen"
    year = timedelta(days=400)
    assert refusal(lambda: made(david, "gifts.view", entity=party, life=year)) == "too_long"
    assert refusal(lambda: made(david, "gifts.view", entity=party, life=-MONTH)) == "past"
    assert ApiKey.objects.count() == 0


def test_a_key_loses_what_its_maker_loses(party: LegalEntity, david: User) -> None:
    key = made(david, "gifts.view", "jobs.view", entity=party)
    held = queries.rights_of(services.open_with(key.text))
    assert held.entities("gifts.view") == {party.pk}
    assert held.somewhere("jobs.view")
    assert held.entities("refunds.ask") == frozenset()

    end_role(RoleHeld.objects.get(user=david).pk, by=BY)

    later = queries.rights_of(services.open_with(key.text))
    assert later.entities("gifts.view") == frozenset()
    assert not later.somewhere("jobs.view")


def test_the_last_use_is_written_to_the_minute(party: LegalEntity, david: User) -> None:
    key = made(david, "gifts.view", entity=party)
    services.open_with(key.text)
    first = ApiKey.objects.get().last_used_at
    services.open_with(key.text)
    assert first is not None
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    services.open_with(key.text)
    again = ApiKey.objects.get().last_used_at
    assert again is not None
    assert again >= first


def test_the_database_refuses_a_key_for_more_than_a_year(party: LegalEntity, david: User) -> None:
    key = made(david, "gifts.view", entity=party).key
    with pytest.raises(IntegrityError, match="key_lives_a_year_at_most"), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(expires_at=key.made_at + timedelta(days=367))


# --- Makers who are shut out ----------------------------------------------------------------------
def told() -> None:
    """What the sweeper does."""
    outbox.deliver_due(clock.real_now(), most=100)


def test_a_log_in_that_is_reset_takes_its_keys_along(party: LegalEntity, david: User) -> None:
    keys = [made(david, "gifts.view", entity=party) for _ in range(2)]
    other = User.objects.create_user("dana", is_staff=True)
    give_role(other, "treasurer", party, by=BY)
    theirs = made(other, "gifts.view", entity=party)

    accounts.reset(david.pk, by=BY, reason="lost telephone")
    told()

    assert [refusal(lambda one=key: services.open_with(one.text)) for key in keys] == ["ended"] * 2
    assert services.open_with(theirs.text) == theirs.key
    ended = ApiKey.objects.filter(made_by=david)
    assert set(ended.values_list("ended_by", flat=True)) == {"system:keys"}
    lines = ChangeLine.objects.filter(action="key.ended", by="system:keys")
    assert set(lines.values_list("subject_ref", flat=True)) == {key.key.prefix for key in keys}
    told()
    assert lines.count() == 2


def test_who_comes_back_finds_no_key_of_before(party: LegalEntity, david: User) -> None:
    key = made(david, "gifts.view", entity=party)
    accounts.end(david.pk, by=BY, reason="left")
    assert refusal(lambda: services.open_with(key.text)) == "maker_gone"
    told()
    accounts.take_up(david.pk, by=BY, reason="back again")

    assert refusal(lambda: services.open_with(key.text)) == "ended"
    fresh = made(david, "gifts.view", entity=party)
    assert services.open_with(fresh.text) == fresh.key
