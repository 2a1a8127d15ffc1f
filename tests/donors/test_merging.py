"""Two records of one donor are made one: what goes along, what stays, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from api.serializers.donors import DonorOut
from donors import merged, queries
from donors import services as donors
from donors.errors import DonorError
from donors.models import ConsentWording, ContactPoint, Donor, DonorKey, DonorMerge, LegalBasis
from donors.rotation import stale_donors
from donors.services import merging
from donors.values import OrganisationName
from fundraise import clock, crypto
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.giving.models import DonorGiving
from fundraise.pledges.models import Pledge
from fundraise.reconciliation import references
from fundraise.reconciliation.models import Reference
from fundraise.reporting.charity.models import NumberAsk
from fundraise.reporting.models import YearStatement
from fundraise.reporting.yearly import services as yearly
from fundraise.reporting.yearly.lines import Holder
from mailings.appeals import audience, received
from mailings.appeals.models import Appeal
from mailings.appeals.services import drafting
from mailings.attribution import counting
from mailings.attribution.models import GiftTouch
from mailings.journeys import services as journeys
from mailings.journeys.models import Run
from mailings.segments.models import MailStanding
from mailings.suppressions import services as suppressions
from mailings.suppressions import wishes
from tests.console.conftest import cash_gift
from tests.donors.givers import BY, register
from tests.mailings.mailed import mail_to
from tests.people import NOON, make_campaign, make_party
from tests.proofs import differing

pytestmark = pytest.mark.django_db
WHY = "samma person, två adresser"


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign(make_party())


def gave(campaign: Campaign, donor: Donor, ore: int, at: datetime = NOON, **fields: Any) -> Gift:
    return Gift.objects.create(
        entity=campaign.entity, campaign=campaign, donor=donor, state="received", channel="card",
        amount_ore=ore, received_at=at, created_at=at, language="sv", **fields,
    )  # fmt: skip


def pledged(campaign: Campaign, donor: Donor) -> Pledge:
    return Pledge.objects.create(
        entity=campaign.entity, campaign=campaign, donor=donor, state="active", method="autogiro",
        amount_ore=100_00, day=27, starts_on=date(2026, 12, 27), first_period=date(2026, 12, 1),
        created_at=NOON,
    )  # fmt: skip


def merge(kept: Donor, gone: Donor) -> DonorMerge | None:
    return donors.merge_donors(kept_ref=kept.ref, gone_ref=gone.ref, by=BY, reason=WHY)


def consents(donor: Donor, purpose: str = "appeals") -> None:
    wording, _new = ConsentWording.objects.get_or_create(
        purpose=purpose, version=1,
        defaults={"text_sv": "Ja", "text_en": "Yes", "from_date": clock.today()},
    )  # fmt: skip
    donors.give_consent(donor_id=donor.pk, wording=wording, source="form", proof="form:1", by=BY)


def emails(donor: Donor) -> list[tuple[str, bool]]:
    card = donors.read_card(donor_ref=donor.ref, by=BY, purpose="test")
    return [
        (str(point.value), point.is_primary)
        for point in card.contact_points
        if point.kind == "email"
    ]


def test_gifts_promises_addresses_and_tags_are_one_donors_and_the_record_holds_nobody(
    campaign: Campaign,
) -> None:
    kept, gone = register(email="anna@example.se"), register("Ann", email="anna@work.example.se")
    gifts = [cash_gift(campaign, ore, f"slip {ore}") for ore in (100_00, 250_00)]
    for gift, donor in zip(gifts, (kept, gone), strict=True):
        Gift.objects.filter(pk=gift.pk).update(donor=donor)
    running = [pledged(campaign, kept), pledged(campaign, gone)]
    donors.tag_donor(donor_id=gone.pk, label="Kongress 2026", source="staff", by=BY)
    (point,) = gone.contact_points.all()
    donors.confirm_contact_point(contact_point_id=point.pk, by=BY)

    done = merge(kept, gone)

    assert done is not None
    assert done.moved == {"gifts": 1, "pledges": 1, "contact_points": 1, "tags": 1}
    assert set(Gift.objects.values_list("donor", flat=True)) == {kept.pk}
    assert [row.state for row in Pledge.objects.filter(donor=kept)] == ["active", "active"]
    assert {row.pk for row in running} == set(Pledge.objects.values_list("pk", flat=True))
    assert emails(kept) == [("anna@example.se", True), ("anna@work.example.se", False)]
    moved = kept.contact_points.get(is_primary=False)
    assert moved.state == ContactPoint.State.CONFIRMED
    assert [tag.tag.label for tag in kept.donor_tags.all()] == ["Kongress 2026"]
    giving = DonorGiving.objects.get(donor=kept)
    assert (giving.gifts, giving.given_ore) == (2, 350_00)
    gone = Donor.objects.get(pk=gone.pk)
    assert DonorOut(gone).data["merged_into"] == str(kept.ref)
    assert DonorOut(kept).data["merged_into"] is None
    assert (gone.status, gone.name_sealed, gone.contact_points.count()) == ("erased", None, 0)
    assert DonorKey.objects.filter(donor_id=gone.pk).exists(), "an older backup is read with it"
    assert merging.names_of(kept) == {gone.pk: "Ann Lind"}
    assert (merged.records_of(kept.pk), merged.kept_for(gone.ref)) == ([kept.pk, gone.pk], kept.ref)
    lines = ChangeLine.objects.filter(action__contains="merged").values_list(
        "action", "subject_ref"
    )
    assert set(lines) == {
        ("donor.merged", str(kept.ref)),
        ("donor.merged_away", str(gone.ref)),
        ("gift.donor.merged", str(gifts[1].ref)),
        ("pledge.donor.merged", str(running[1].ref)),
    }
    assert differing() == []


def test_pressed_twice_or_for_itself_or_the_other_way_round_nothing_more_happens(
    campaign: Campaign,
) -> None:
    kept, gone, third = register(email="a@example.se"), register(email="b@example.se"), register()
    gave(campaign, gone, 100_00)
    assert merge(kept, gone) is not None
    assert merge(kept, gone) is None
    for first, second, code in (
        (gone, kept, "donor_erased"),
        (third, gone, "merged_elsewhere"),
        (kept, kept, "same_donor"),
    ):
        with pytest.raises(DonorError) as refused:
            merge(first, second)
        assert refused.value.code == code
    with pytest.raises(DonorError, match="reason_missing"):
        donors.merge_donors(kept_ref=kept.ref, gone_ref=third.ref, by=BY, reason=" ")
    assert DonorMerge.objects.count() == 1

    merge(third, kept)  # what was merged before follows, with its other name
    assert merged.records_of(third.pk) == [third.pk, kept.pk, gone.pk]
    assert Gift.objects.get().donor == third
    donors.forget_donor(donor_ref=third.ref, by=BY, reason="begäran 3")
    assert set(DonorMerge.objects.values_list("name_sealed", flat=True)) == {None}
    assert not DonorKey.objects.filter(donor_id__in=[kept.pk, gone.pk, third.pk]).exists()


def test_the_key_of_a_merged_record_is_moved_with_all_others(settings: Any) -> None:
    kept, gone = register(email="a@example.se"), register(email="b@example.se")
    merge(kept, gone)
    settings.FIELD_KEYS = [crypto.new_key_setting("next"), *settings.FIELD_KEYS]
    assert {donor.pk for donor in stale_donors()} == {kept.pk, gone.pk}
    assert donors.rotate_keys(batch=10).moved == 2
    assert set(DonorKey.objects.values_list("key_id", flat=True)) == {"next"}
    assert not stale_donors().exists()


def test_who_may_not_be_one_stays_two() -> None:
    anna, bo = register(email="a@example.se"), register("Bo", email="b@example.se")
    union = donors.register_donor(
        name=OrganisationName("Hamnens vänner"), language="sv", source="import", by=BY,
        email="c@example.se",
    )  # fmt: skip
    for donor, number in ((anna, "811228-9874"), (bo, "701063-2391")):
        donors.record_identity(
            donor_id=donor.pk, kind="personal_number", number=number, source="staff",
            reason="mandate", by=BY,
        )  # fmt: skip
    quiet = register(email="d@example.se")
    donors.restrict_donor(donor_id=quiet.pk, by=BY)
    lines = ChangeLine.objects.count()
    for kept, gone, code in (
        (anna, bo, "identities_differ"),
        (anna, union, "kinds_differ"),
        (anna, quiet, "donor_restricted"),
        (quiet, anna, "donor_restricted"),
    ):
        with pytest.raises(DonorError) as refused:
            merge(kept, gone)
        assert refused.value.code == code
    assert (ChangeLine.objects.count(), DonorMerge.objects.count()) == (lines, 0)
    assert Donor.objects.filter(status="erased").count() == 0


def test_the_stricter_word_of_the_two_holds() -> None:
    kept, gone = register(email="a@example.se"), register(email="b@example.se")
    consents(kept)
    consents(gone, "newsletter")
    consents(gone, "tracking")
    donors.withdraw_consent(donor_id=gone.pk, purpose="tracking", by=BY)
    consents(kept, "tracking")
    address = bytes(gone.contact_points.get().value_hash)
    suppressions.suppress(email_key=address, reason="complaint", source="events", by=BY)
    donors.refuse_contact(donor_id=gone.pk, by=BY)
    donors.allow_contact(donor_id=gone.pk, by=BY, reason="ville ändå")
    wishes.wish_for(donor_id=gone.pk, every_days=91, source="page", by=BY)
    wishes.wish_for(donor_id=kept.pk, every_days=30, source="page", by=BY)

    merge(kept, gone)

    said = {
        purpose: queries.may(kept.pk, purpose) for purpose in ("appeals", "newsletter", "tracking")
    }
    assert said == {"appeals": False, "newsletter": True, "tracking": False}
    (copied,) = LegalBasis.objects.filter(donor=kept, purpose="newsletter")
    assert (copied.proof, copied.ended_at) == ("form:1", None)
    assert not LegalBasis.objects.filter(donor=gone, ended_at=None, withdrawn_at=None).exists()
    assert wishes.every_days_of(kept.pk) == 91
    assert Donor.objects.get(pk=kept.pk).no_contact_at is None


def test_a_death_and_a_wish_for_no_contact_are_the_persons() -> None:
    kept, gone = register(email="a@example.se"), register(email="b@example.se")
    donors.record_death(donor_id=gone.pk, died_on=date(2026, 1, 5), by=BY)
    donors.refuse_contact(donor_id=gone.pk, by=BY)
    merge(kept, gone)
    kept.refresh_from_db()
    assert kept.died_on == date(2026, 1, 5)
    assert kept.no_contact_at is not None


def test_numbers_questions_and_mails_of_both_lead_to_the_one(campaign: Campaign) -> None:
    kept, gone = register(email="a@example.se"), register(email="b@example.se")
    numbers = [references.issue(campaign.entity, donor, by=BY).number for donor in (kept, gone)]
    for donor, declined in ((kept, False), (gone, True)):
        NumberAsk.objects.create(
            entity=campaign.entity, year=2026, donor=donor, asked_at=NOON, declined=declined,
            answered_at=NOON if declined else None,
        )  # fmt: skip
    mailed = mail_to(campaign, [(gone.pk, "b@example.se")])
    token = mailed.token(1)
    gift = gave(campaign, gone, 100_00, NOON - timedelta(hours=1), reference=token)
    counting.count_gifts([gift.pk])
    MailStanding.objects.create(donor=gone, mails=3, last_mailed_at=NOON)
    journey = journeys.new_journey(campaign, "thanks", "Tack", by=BY)
    Run.objects.create(
        journey=journey, donor_id=gone.pk, occasion="gift:1", entered_at=NOON, next_at=NOON
    )

    merge(kept, gone)

    found = Reference.objects.filter(donor=kept).order_by("pk")
    assert [row.number for row in found] == numbers
    assert [row.ended_at is None for row in found] == [True, False], "both lead to the donor still"
    assert NumberAsk.objects.get(donor=kept).declined
    touch = GiftTouch.objects.get()
    assert (touch.appeal, touch.seq, touch.passed_on, touch.donor_id) == (
        mailed.appeal, 1, False, kept.pk,
    )  # fmt: skip
    assert [row.appeal for row in received.of_donor(kept.pk, Appeal.objects.all())] == [
        mailed.appeal
    ]
    consents(kept)
    first = Appeal.objects.get()
    reminder = drafting.remind(first.ref, by=BY)
    assert audience.size(audience.of(reminder)).people == 1, "the donor, by the other record"
    standing = MailStanding.objects.get()
    assert (standing.donor_id, standing.mails, standing.last_mailed_at) == (kept.pk, 3, NOON)
    assert Run.objects.get().left_for == "over"


def test_alike_are_told_the_likeliest_first_and_the_certain_of_the_whole_register() -> None:
    anna = register(email="anna@example.se")
    bo = register("Bo", email="anna@example.se")  # a couple
    again = register(email="annan@example.se")
    sure = register(email="ANNA@example.se")
    register("Cissi", email="cissi@example.se")
    told = [(one.donor.pk, one.shared) for one in merged.alike(anna.pk)]
    assert told == [
        (sure.pk, ("email", "name")), (bo.pk, ("email",)), (again.pk, ("name",)),
    ]  # fmt: skip
    assert merged.pairs() == [(anna.pk, sure.pk)]
    assert merged.pairs(after=(anna.pk, sure.pk)) == []
    merge(anna, sure)
    assert merged.pairs() == []


# What each table that names a donor does when two are one. A new table must stand here.
MOVED = {
    "donors.ContactPoint", "donors.DonorsApart", "donors.DonorTag", "donors.Identity",
    "donors.LegalBasis",
    "gifts.Gift", "pledges.Pledge", "reconciliation.Match", "reconciliation.PayerAlias",
    "reconciliation.Reference", "charity.NumberAsk", "charity.SpecificationNumber",
    "reporting.YearTelling", "party.GiftInKind", "party.IdentityAsk", "party.WithinParty",
    "segments.MailStanding", "suppressions.MailWish", "inbound.Reply", "journeys.Run",
    "give.AddressMove",
}  # fmt: skip
# Made anew from what moved.
FOLLOWS = {
    "giving.ChannelGiving", "giving.CampaignGiving", "giving.DonorGiving", "segments.Profile",
    "segments.Stale", "attribution.GiftTouch", "attribution.PledgeTouch", "attribution.RaiseTouch",
}  # fmt: skip
# History, read with `records_of`, or gone with the record.
STAYS = {
    "donors.DonorMerge", "donors.DonorKey", "donors.ImportRow", "appeals.Message",
    "attribution.Letter", "charity.ControlRow", "charity.ControlLeftOut",
    "reporting.YearStatement", "party.ReportDonor",
}  # fmt: skip


def test_every_table_that_names_a_donor_has_an_answer() -> None:
    found = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name == "donor_id"
        or (isinstance(field, models.ForeignKey) and field.related_model is Donor)
    }
    assert found == MOVED | FOLLOWS | STAYS
    assert len(found) == len(MOVED) + len(FOLLOWS) + len(STAYS), "each in one of them"


def test_yearly_statements_that_were_issued_stay_and_changed_years_get_new_versions(
    campaign: Campaign,
) -> None:
    kept, gone = register(email="a@example.se"), register(email="b@example.se")
    last_year = NOON - timedelta(days=365)
    for donor, ore in ((kept, 100_00), (gone, 250_00)):
        gave(campaign, donor, ore, last_year)
        yearly.issue(campaign.entity, last_year.year, Holder(donor.pk), by=BY)
    merge(kept, gone)
    assert yearly.renew() == 2

    rows = YearStatement.objects.order_by("pk")
    told = [(row.donor_id, row.version, row.gifts, row.given_ore) for row in rows]
    assert told[:2] == [(kept.pk, 1, 1, 100_00), (gone.pk, 1, 1, 250_00)]
    assert set(told[2:]) == {(kept.pk, 2, 2, 350_00), (gone.pk, 2, 0, 0)}
    assert yearly.renew() == 0
