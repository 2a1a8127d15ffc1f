"""Which appeal a gift is counted to: by its link, its code, or the mail before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from donors.models import Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from mailings import tokens
from mailings.appeals.models import Appeal, Content, Variant
from mailings.attribution import codes, counting, proofs
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import GiftTouch, PledgeTouch, SourceCode
from tests.mailings.attribution.money import give, left
from tests.mailings.mailed import Mailed, mail_to
from tests.people import CECILIA
from tests.pledging import House, pay

pytestmark = pytest.mark.django_db


def touch(gift: Gift) -> GiftTouch:
    counting.count_gifts([gift.pk])
    return GiftTouch.objects.get(gift=gift)


def test_a_link_counts_to_the_givers_own_message(mailed: Mailed, anna: Donor) -> None:
    found = touch(give(mailed.appeal.campaign, anna, mailed.token(1)))

    assert (found.way, found.appeal_id, found.seq) == ("link", mailed.appeal.pk, 1)
    assert (found.content_id, found.passed_on) == (mailed.content.pk, False)
    assert found.first_appeal_id == mailed.appeal.pk


def test_a_link_that_was_passed_on_counts_to_the_appeal_and_not_to_its_receiver(
    mailed: Mailed, anna: Donor
) -> None:
    found = touch(give(mailed.appeal.campaign, anna, mailed.token(2)))

    assert (found.way, found.appeal_id, found.seq) == ("link", mailed.appeal.pk, None)
    assert (found.passed_on, found.content_id) == (True, mailed.content.pk)


def test_a_link_that_names_the_appeal_alone_counts_and_names_nobody(
    mailed: Mailed, anna: Donor
) -> None:
    english = Variant.objects.create(appeal=mail_draft(mailed), letter="B")
    words = Content.objects.create(
        variant=english, language="en", changed_at=clock.now(), changed_by=CECILIA
    )
    alone = tokens.make(tokens.Token(tokens.Purpose.GIVE, english.appeal_id, 0, 3))

    found = touch(give(mailed.appeal.campaign, anna, alone))

    assert (found.appeal_id, found.seq, found.content_id) == (english.appeal_id, None, words.pk)


def mail_draft(mailed: Mailed) -> Appeal:
    return Appeal.objects.create(
        campaign=mailed.appeal.campaign, title="B", created_at=clock.now(), created_by=CECILIA
    )


def test_a_later_gift_inside_the_window_counts_to_the_last_mail_and_tells_the_first(
    mailed: Mailed, anna: Donor
) -> None:
    campaign = mailed.appeal.campaign
    last = left(mail_to(campaign, [(anna.pk, "anna@example.se")], title="Sista"), days=1)
    old = left(mail_to(campaign, [(anna.pk, "anna@example.se")], title="Gammal"), days=31)
    doubt = left(
        mail_to(campaign, [(anna.pk, "anna@example.se")], title="Tvivel", state="in_doubt"), days=0
    )
    # Begun long ago, and it waited for its trial: what counts is when the mail left.
    begun = clock.now() - timedelta(days=75)
    Appeal.objects.filter(pk=last.appeal.pk).update(started_at=begun)

    found = touch(give(campaign, anna))

    assert (found.way, found.appeal_id, found.seq) == ("window", last.appeal.pk, 1)
    assert found.first_appeal_id == mailed.appeal.pk
    assert {old.appeal.pk, doubt.appeal.pk}.isdisjoint({found.appeal_id, found.first_appeal_id})

    Campaign.objects.update(attribution_days=0)
    assert (touch(give(campaign, anna)).way, touch(give(campaign, None)).way) == ("none", "none")


def test_a_gift_whose_giver_is_known_later_is_counted_then(mailed: Mailed, anna: Donor) -> None:
    gift = give(mailed.appeal.campaign, None)
    assert touch(gift).way == "none"
    assert counting.count_left(4) == 0

    Gift.objects.filter(pk=gift.pk).update(donor=anna)

    assert counting.count_left(4) == 1
    assert GiftTouch.objects.get(gift=gift).way == "window"


def test_a_printed_code_counts_in_any_case_and_wins_over_the_window(
    mailed: Mailed, anna: Donor
) -> None:
    campaign = mailed.appeal.campaign
    letter = codes.new_code(
        code="Brev26", label="Höstbrevet", campaign=campaign, by=CECILIA, appeal=mailed.appeal
    )
    poster = codes.new_code(code="affisch", label="Torget", campaign=campaign, by=CECILIA)

    by_letter = touch(give(campaign, anna, "brev26"))
    by_poster = touch(give(campaign, anna, "affisch"))

    assert (by_letter.way, by_letter.code, by_letter.appeal_id, by_letter.seq) == (
        "code", letter, mailed.appeal.pk, None,
    )  # fmt: skip
    assert (by_poster.way, by_poster.code, by_poster.appeal_id) == ("code", poster, None)


def test_a_monthly_gift_follows_its_pledge_and_no_later_mail(house: House, anna: Donor) -> None:
    first = left(mail_to(house.campaign, [(anna.pk, "anna@example.se")]), days=1)
    pledge = house.active()
    Pledge.objects.update(donor=anna, reference=first.token(1))
    counting.count_pledges([pledge.pk])
    house.now += timedelta(days=20)
    left(mail_to(house.campaign, [(anna.pk, "anna@example.se")], title="Senare"), days=1)
    draw = house.send_next(pledge)
    pay(draw)
    draw.refresh_from_db()
    assert draw.gift is not None

    assert counting.count_left() == 1

    assert PledgeTouch.objects.get(pledge=pledge).way == "link"
    found = GiftTouch.objects.get(gift=draw.gift)
    assert (found.way, found.appeal_id, found.pledge_id) == ("pledge", first.appeal.pk, pledge.pk)


def test_what_is_counted_anew_is_the_same_and_adds_up_to_the_thermometer(
    mailed: Mailed, anna: Donor
) -> None:
    campaign = mailed.appeal.campaign
    back = give(campaign, anna, mailed.token(1), 500_00)
    give(campaign, None, "nobody-knows", 100_00)
    give(campaign, anna)
    waiting = [check.status for check in proofs.checks()]
    assert waiting == ["ok", "waiting", "ok", "ok"]

    assert counting.count_left() == 3
    assert counting.rebuild() == 0
    assert [check.status for check in proofs.checks()] == ["ok"] * 4
    GiftTouch.objects.filter(gift=back).update(way="none", appeal=None, first_appeal=None, seq=None)
    call_command("attribution", verbosity=0)
    assert GiftTouch.objects.get(gift=back).way == "link"


def test_codes_are_refused_with_a_reason_and_never_used_twice(mailed: Mailed) -> None:
    campaign = mailed.appeal.campaign
    codes.new_code(code="torg", label="Torget", campaign=campaign, by=CECILIA)

    def refused(code: str, label: str = "x") -> str:
        with pytest.raises(AttributionError) as error:
            codes.new_code(code=code, label=label, campaign=campaign, by=CECILIA)
        return error.value.code

    assert refused("TORG") == "code_taken"
    assert refused("två ord") == "code_form"
    assert refused("x" * 24) == "code_form"  # a token's length
    assert refused("ny", " ") == "label_missing"
    assert SourceCode.objects.count() == 1
    assert codes.close_code(SourceCode.objects.get().ref, by=CECILIA)
    assert not codes.close_code(SourceCode.objects.get().ref, by=CECILIA)


def test_a_code_has_a_link_and_a_qr_code(mailed: Mailed) -> None:
    link = codes.link(mailed.appeal.campaign, "torg")

    assert link.endswith("/valet/?ref=torg")
    drawn = codes.qr_svg(link)
    assert drawn.startswith("<svg")
    assert "script" not in drawn
