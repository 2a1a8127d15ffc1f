"""Addresses that must not be mailed: put there, found, lifted, and following the register."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from pytest_django.fixtures import Settings

from donors import lookup, queries
from donors import services as donors
from donors.models import ContactPoint, Donor
from fundraise import clock, crypto
from fundraise.audit.models import ChangeLine
from mailings.suppressions import following, services
from mailings.suppressions import queries as suppressions
from mailings.suppressions.errors import SuppressionError
from mailings.suppressions.models import Suppression
from mailings.suppressions.services import New
from tests.donors.givers import BY, SHARED, Givers, register
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db
KEY = b"\x02k1" + b"a" * 32
OTHER = b"\x02k1" + b"b" * 32
EVENTS = "system:mail-events"


def key_of(address: str) -> bytes:
    return lookup.email_hashes(address)[0]


def suppress(key: bytes, reason: str, **more: object) -> bool:
    return services.suppress(email_key=key, reason=reason, source="event", by=EVENTS, **more)  # type: ignore[arg-type]


@pytest.fixture
def givers(db: None) -> Givers:
    return Givers(
        anna=register(), bo=register(given="Bo"), union=register(email="kassa@hamn.example.se")
    )


def test_an_address_stands_there_once_for_a_reason_and_the_weightiest_is_told(db: None) -> None:
    assert [suppress(KEY, "bounce"), suppress(KEY, "bounce"), suppress(KEY, "complaint")] == [
        True, False, True,
    ]  # fmt: skip
    assert list(Suppression.objects.order_by("pk").values_list("reason", "scope")) == [
        ("bounce", "all"), ("complaint", "appeals"),
    ]  # fmt: skip
    assert suppressions.suppressed([KEY, OTHER]) == {KEY: "complaint"}
    lines = ChangeLine.objects.filter(action="suppression.made").order_by("pk")
    assert [line.after for line in lines] == [
        {"why": "bounce", "scope": "all", "source": "event"},
        {"why": "complaint", "scope": "appeals", "source": "event"},
    ]
    assert suppressions.counts()["bounce"] == 1


def test_one_campaigns_appeals_are_kept_away_from_that_campaign_alone(db: None) -> None:
    party = make_party()
    valet, sjukhus = make_campaign(party), make_campaign(party, "sjukhus")
    suppress(KEY, "unsubscribed", scope="campaign", campaign_id=valet.pk)
    assert suppressions.suppressed([KEY], valet.pk) == {KEY: "unsubscribed"}
    assert suppressions.suppressed([KEY], sjukhus.pk) == suppressions.suppressed([KEY]) == {}
    with pytest.raises(IntegrityError, match="suppression_scope_is_known"), transaction.atomic():
        suppress(OTHER, "unsubscribed", scope="campaign")
    with pytest.raises(IntegrityError, match="suppression_scope_is_known"), transaction.atomic():
        suppress(OTHER, "unsubscribed", scope="all", campaign_id=valet.pk)
    assert Suppression.objects.count() == 1


def test_sql_and_python_agree_for_every_reason_and_campaign(db: None) -> None:
    party = make_party()
    valet, sjukhus = make_campaign(party), make_campaign(party, "sjukhus")
    keys = [bytes([2]) + b"k1" + bytes([number]) * 32 for number in range(12)]
    for number, key in enumerate(keys[:-1]):
        for reason in Suppression.Reason.values[number % 8 :: 3]:
            campaign = valet.pk if (number + len(reason)) % 2 else None
            suppress(key, reason, scope="campaign" if campaign else "", campaign_id=campaign)
    for campaign_id in (valet.pk, sjukhus.pk, None):
        with connection.cursor() as cursor:
            stands = suppressions.stands_sql("k.key", "%s::bigint")
            cursor.execute(
                f"SELECT k.key FROM unnest(%s::bytea[]) AS k (key) WHERE {stands}",
                [keys, campaign_id],
            )
            found = {bytes(key) for (key,) in cursor.fetchall()}
        assert found == set(suppressions.suppressed(keys, campaign_id))
        assert found


def test_many_at_once_are_counted_once_each_and_lifted_but_for_complaints(db: None) -> None:
    new = [
        New(KEY, "blocked", "event"),
        New(KEY, "blocked", "event"),
        New(OTHER, "complaint", "event"),
    ]
    assert services.suppress_many(new, by=EVENTS) == 2
    assert services.suppress_many(new, by=EVENTS) == services.suppress_many([], by=EVENTS) == 0
    keys = [KEY, OTHER]
    assert services.lift_many(keys, reasons=["blocked"], why="delivered", by=EVENTS) == 1
    with pytest.raises(SuppressionError, match="needs_wish"):
        services.lift_many(keys, reasons=["complaint"], why="delivered", by=EVENTS)
    assert suppressions.suppressed(keys) == {OTHER: "complaint"}
    assert suppress(KEY, "blocked")  # again, after it was lifted


def test_staff_lift_with_a_reason_and_a_complaint_only_by_the_persons_own_wish(db: None) -> None:
    suppress(KEY, "complaint")
    suppress(KEY, "staff")
    complaint, noted = Suppression.objects.order_by("pk")
    for row, why, wish, code in (
        (noted, " ", "", "needs_reason"),
        (complaint, "ringde", " ", "needs_wish"),
    ):
        with pytest.raises(SuppressionError, match=code):
            services.lift(ref=row.ref, why=why, by=BY, wish=wish)
    assert suppressions.standing().count() == 2
    services.lift(ref=noted.ref, why="fel person", by=BY)
    with pytest.raises(SuppressionError, match="lifted_already"):
        services.lift(ref=noted.ref, why="igen", by=BY)
    services.lift(ref=complaint.ref, why="ångrade sig", by=BY, wish="ärende 42")
    assert suppressions.suppressed([KEY]) == {}
    line = ChangeLine.objects.filter(action="suppression.lifted").latest("pk")
    assert (line.subject_ref, line.reason) == (str(complaint.ref), "ångrade sig")


def test_the_database_lets_nothing_be_changed_or_taken_away(db: None) -> None:
    suppress(KEY, "complaint")
    rows = Suppression.objects.all()
    for refused in (
        lambda: rows.update(reason="bounce"),
        lambda: rows.update(email_key=OTHER),
        lambda: rows.delete(),
        lambda: rows.update(lifted_at=clock.now(), lifted_by=BY, why="utan önskan"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()
    assert suppressions.suppressed([KEY]) == {KEY: "complaint"}


def test_a_bounce_marks_the_address_with_everybody_who_shares_it(givers: Givers) -> None:
    suppress(key_of(SHARED), "bounce")
    states = dict(ContactPoint.objects.values_list("donor", "state"))
    assert states == {
        givers.anna.pk: "bouncing", givers.bo.pk: "bouncing", givers.union.pk: "unconfirmed",
    }  # fmt: skip
    point = givers.anna.contact_points.get()
    donors.confirm_contact_point(contact_point_id=point.pk, by=f"donor:{givers.anna.ref}")
    following.follow(givers.anna)
    assert suppressions.suppressed([key_of(SHARED)]) == {}
    assert Suppression.objects.get().why == "answered"


def test_a_death_keeps_an_address_away_only_when_nobody_living_has_it(givers: Givers) -> None:
    day = date(2026, 10, 1)
    donors.record_death(donor_id=givers.anna.pk, died_on=day, by=BY)
    following.follow(Donor.objects.get(pk=givers.anna.pk))
    assert suppressions.suppressed([key_of(SHARED)]) == {}  # Bo reads there
    donors.record_death(donor_id=givers.bo.pk, died_on=day, by=BY)
    following.follow(Donor.objects.get(pk=givers.bo.pk))
    assert suppressions.suppressed([key_of(SHARED)]) == {key_of(SHARED): "deceased"}
    donors.withdraw_death(donor_id=givers.bo.pk, by=BY, reason="förväxling")
    following.follow(Donor.objects.get(pk=givers.bo.pk))
    assert suppressions.suppressed([key_of(SHARED)]) == {}


def test_a_no_outlives_the_person_and_ends_with_a_proven_yes_of_later(givers: Givers) -> None:
    union, key = givers.union, key_of("kassa@hamn.example.se")
    suppress(key, "unsubscribed")
    donors.forget_donor(donor_ref=union.ref, by=BY, reason="bad om det")
    following.follow(Donor.objects.get(pk=union.pk))
    assert {row.reason for row in suppressions.of_address("Kassa@Hamn.example.se")} == {
        "unsubscribed", "erased",
    }  # fmt: skip
    back = register(email="kassa@hamn.example.se")
    donors.ensure_first_wordings()
    wording = queries.current_wording("appeals")
    assert wording is not None
    donors.give_consent(donor_id=back.pk, wording=wording, source="x", proof="form:1", by=BY)
    following.follow(back)
    assert suppressions.suppressed([key]) == {key: "erased"}  # anybody could have typed it
    point = back.contact_points.get()
    donors.confirm_contact_point(contact_point_id=point.pk, by=f"donor:{back.ref}")
    following.follow(back)
    assert suppressions.suppressed([key]) == {}
    donors.forget_donor(donor_ref=back.ref, by=BY, reason="bad om det igen")
    following.follow(Donor.objects.get(pk=back.pk))
    assert suppressions.suppressed([key]) == {key: "erased"}


def test_a_rotation_of_the_keys_takes_the_living_along_and_keeps_the_forgotten(
    settings: Settings, givers: Givers
) -> None:
    old = settings.LOOKUP_KEYS = [crypto.new_key_setting("old")]
    anna = register(email="anna@lind.example.se")
    bo = register(given="Bo", email="anna@lind.example.se")
    gone = key_of("borta@lind.example.se")
    for key in (key_of("anna@lind.example.se"), gone):
        suppress(key, "unsubscribed")
    settings.LOOKUP_KEYS = [crypto.new_key_setting("new"), *old]
    assert donors.rotate_keys(batch=1, after=anna.pk - 1).moved == 1
    under = [key_of("anna@lind.example.se"), bytes(bo.contact_points.get().value_hash)]
    assert under[0] != under[1]
    assert suppressions.suppressed(under) == dict.fromkeys(under, "unsubscribed")
    assert donors.rotate_keys(batch=10).last is not None
    assert suppressions.several_keys()
    found = suppressions.suppressed_addresses(["borta@lind.example.se", "bo@b.example.se", "x"])
    assert found == {"borta@lind.example.se": "unsubscribed"}
    services.lift(ref=suppressions.of_keys([under[0]]).get().ref, why="bad om det", by=BY)
    assert suppressions.suppressed([*under, gone]) == {gone: "unsubscribed"}
