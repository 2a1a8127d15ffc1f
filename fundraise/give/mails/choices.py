"""The page of choices behind a mail's link: how often, about what, in which language.

The holder of the mail chooses for the donor whom it was sent to. A yes is noted with the words that
stood on the page; no address is changed here (give/mails/address.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from donors import queries as donor_queries
from donors import services as donors
from donors.models import ConsentWording, Donor
from fundraise import clock
from fundraise.give import links
from fundraise.give.mails import guard
from fundraise.give.mails.leave import agreed, proof, words_of
from fundraise.give.mine import frame
from fundraise.language import ENGLISH
from fundraise.limits import services as limits
from mailings.appeals.services import leaving
from mailings.appeals.services.leaving import Leaver
from mailings.suppressions import wishes

WAY = "mail_choices"
NONE = "none"
NEWSLETTER = "newsletter"


@dataclass(frozen=True)
class Choice:
    """One way to hear from us."""

    value: str
    label: str
    chosen: bool


@guard.own_pages_post
def page(request: HttpRequest, leaver: Leaver, token: str) -> HttpResponse:
    """GET shows what holds now, POST keeps what was chosen."""
    donor = leaver.donor
    if donor is None:
        return frame.page(request, "give/mails/nobody.html", contact=_contact(leaver))
    if request.method == "POST":
        if not limits.take("mine-change", str(donor.ref), clock.real_now()):
            return frame.page(request, "give/mine/many.html", status=429)
        with transaction.atomic():
            heard = _keep(request, leaver, donor)
        url = links.of_mail("mail_choices", token, str(request.LANGUAGE_CODE))
        return frame.go(f"{url}?kept={int(heard)}#kept")
    return _shown(request, leaver, donor, token)


def _keep(request: HttpRequest, leaver: Leaver, donor: Donor) -> bool:
    """False where a yes to appeals needs words to agree to, and none were agreed to; the rest is
    kept all the same."""
    sent, heard = request.POST, True
    often = sent.get("often", "")
    if often == NONE:
        leaving.leave(leaver, way=WAY)
    elif often in {str(days) for days in wishes.CHOICES}:
        if leaver.has_left or not leaver.may_be_asked:
            words = agreed(request, leaver)
            heard = leaving.take_back(leaver, wording=words, way=WAY, proof=proof(leaver))
        wishes.wish_for(donor_id=donor.pk, every_days=int(often), source=WAY, by=leaver.by)
        _campaign(leaver, wanted=sent.get("campaign") == "on")
    _newsletter(sent.get("newsletter"), sent.get("newsletter_wording", ""), leaver, donor)
    if sent.get("language") in Donor.Language.values:
        donors.set_language(donor_id=donor.pk, language=sent["language"], by=leaver.by)
    return heard


def _campaign(leaver: Leaver, *, wanted: bool) -> None:
    if wanted and leaver.has_left_the_campaign:
        leaving.hear_of_the_campaign_again(leaver)
    elif not wanted and not leaver.has_left_the_campaign:
        leaving.leave(leaver, way=WAY, campaign_only=True)


def _newsletter(said: str | None, wording_id: str, leaver: Leaver, donor: Donor) -> None:
    """A tick that was not on the page says nothing; one that was and is empty says no."""
    if not wording_id:
        return
    may = donor_queries.may(donor.pk, NEWSLETTER)
    wording = donor_queries.current_wording(NEWSLETTER)
    if said != "on" and may:
        source = f"{WAY}:{leaver.appeal.ref}"
        donors.object_to(donor_id=donor.pk, purpose=NEWSLETTER, source=source, by=leaver.by)
    elif said == "on" and not may and wording is not None and str(wording.pk) == wording_id:
        donors.give_consent(
            donor_id=donor.pk,
            wording=wording,
            source=f"{WAY}:{leaver.appeal.ref}",
            proof=proof(leaver),
            by=leaver.by,
        )


def _shown(request: HttpRequest, leaver: Leaver, donor: Donor, token: str) -> HttpResponse:
    language, campaign = str(request.LANGUAGE_CODE), leaver.appeal.campaign
    letter = _offered(NEWSLETTER)
    return frame.page(
        request,
        "give/mails/choices.html",
        kept=request.GET.get("kept") == "1",
        unheard=request.GET.get("kept") == "0",
        contact=_contact(leaver),
        often=_often(leaver, donor),
        campaign=campaign.title_en if language == ENGLISH else campaign.title_sv,
        about_campaign=not leaver.has_left_the_campaign,
        newsletter=letter,
        newsletter_words=_in(letter, language),
        has_newsletter=letter is not None and donor_queries.may(donor.pk, NEWSLETTER),
        languages=[
            Choice("sv", "Svenska", donor.language == "sv"),
            Choice("en", "English", donor.language == "en"),
        ],
        address_url=links.of_mail("ask_address", token, language),
        choices_url=links.of_mail("mail_choices", token, language),
        needs_yes=not donor_queries.may(donor.pk, leaver.appeal.purpose),
        **words_of(leaver, language),
    )


def _often(leaver: Leaver, donor: Donor) -> list[Choice]:
    labels = {
        "0": _("As often as you write"),
        "30": _("Once a month at most"),
        "91": _("Four times a year at most"),
        "365": _("Once a year at most"),
        NONE: _("No mails that ask for gifts"),
    }
    asked = not leaver.has_left and donor_queries.may(donor.pk, leaver.appeal.purpose)
    now = str(wishes.every_days_of(donor.pk)) if asked else NONE
    return [Choice(value, label, value == now) for value, label in labels.items()]


def _offered(purpose: str) -> ConsentWording | None:
    """The words of a purpose that the house has."""
    if purpose not in settings.LEGAL_BASES:
        return None
    return donor_queries.current_wording(purpose)


def _in(wording: ConsentWording | None, language: str) -> str:
    if wording is None:
        return ""
    return wording.text_en if language == ENGLISH else wording.text_sv


def _contact(leaver: Leaver) -> str:
    return leaver.appeal.campaign.entity.email
