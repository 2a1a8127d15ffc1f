"""Named staff are told of a campaign: chosen on a page, told once, done by themselves alone."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from fundraise.campaigns.models import Campaign
from fundraise.money import format_kronor
from mailings.attribution import telling
from mailings.attribution.models import StaffTask, Watcher
from tests.console.conftest import LogIn, cash_gift


def test_who_is_told_is_chosen_changed_and_ended_on_the_campaigns_page(
    cecilia: Client, david: Client, campaign: Campaign
) -> None:
    page = reverse("console:watchers", args=[campaign.ref])
    told = User.objects.get(username="david")
    assert cecilia.post(page, {"user": told.pk, "weekly": "on"}).status_code == 422  # no address
    User.objects.filter(pk=told.pk).update(email="david@party.example")
    assert page in cecilia.get(reverse("console:campaign", args=[campaign.ref])).content.decode()

    cecilia.post(page, {"user": told.pk, "large_gift_ore": "1 000", "weekly": "on"})
    row = Watcher.objects.get()
    assert (row.user, row.large_gift_ore) == (told, 1_000_00)
    assert (row.milestones, row.weekly) == (False, True)
    assert format_kronor(1_000_00) in cecilia.get(page).content.decode()
    cecilia.post(page, {"user": told.pk, "milestones": "on"})
    row.refresh_from_db()
    assert (row.large_gift_ore, row.milestones, row.weekly) == (None, True, False)
    cecilia.post(page, {"user": told.pk})
    assert not Watcher.objects.exists()


def test_a_task_stands_on_the_first_page_of_its_own_person_until_it_is_done(
    cecilia: Client, log_in: LogIn, campaign: Campaign
) -> None:
    told = User.objects.get(username="cecilia")
    User.objects.filter(pk=told.pk).update(email="cecilia@party.example")
    told.refresh_from_db()
    telling.watch(campaign=campaign, user=told, by="staff:1", large_gift_ore=1_000_00)
    gift = cash_gift(campaign, 1_500_00)
    telling.gift_received(gift.pk)
    task, front = StaffTask.objects.get(), reverse("console:front")
    done = reverse("console:task_done", args=[task.ref])

    other = log_in("eva", "comms")
    other.post(done)
    assert StaffTask.objects.filter(done_at=None).count() == 1
    assert done not in other.get(front).content.decode()
    shown = cecilia.get(front).content.decode()
    assert done in shown
    assert f"/staff/gifts/{gift.ref}/" in shown
    assert "Testgren" not in shown
    assert cecilia.post(done)["Location"] == front
    assert not StaffTask.objects.filter(done_at=None).exists()
    assert done not in cecilia.get(front).content.decode()
