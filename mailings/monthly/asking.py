"""Mails that ask for something: a sum for a mandate, another card in time."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donors import queries as donors
from donors.models import Donor
from fundraise import bankdays, clock
from fundraise.jobs.one_by_one import each
from fundraise.pledges import links, queries, sealing, words
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.schedule import E_MANDATE_BANK_DAYS
from fundraise.providers import card_links
from mailings import transactional
from mailings.monthly import people, posting, subjects
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter

AT_ONCE = 200


# --- A sum for a mandate of the Internet bank -----------------------------------------------------
def ask_for_sums() -> int:
    """Ask whoever gave a mandate without a gift how much to give, once each; how many.

    Where no address is known it is staff who write: queries.mandates_without_sum.
    """
    return each(list(_without_sum()[:AT_ONCE]), _ask_for_sum).whole()


def _without_sum() -> QuerySet[Mandate]:
    open_since = bankdays.add(clock.today(), -E_MANDATE_BANK_DAYS)
    begun = datetime.combine(open_since, time(), clock.STOCKHOLM)
    return queries.mandates_without_sum().filter(created_at__gte=begun).select_related("entity")


def _ask_for_sum(mandate: Mandate) -> bool:
    if posting.was_prepared(subjects.NAME_SUM, str(mandate.ref)):
        return False
    to, language = _known_address(mandate)
    if not to:
        return False
    with translation.override(language):
        letter = _sum_letter(mandate, language)
    transactional.prepare(
        subjects.NAME_SUM,
        str(mandate.ref),
        to=to,
        language=language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
        reply_to=mandate.entity.email,
    )
    return True


def _known_address(mandate: Mandate) -> tuple[str, str]:
    """The address of whoever has the same identity number, by an earlier gift or the register."""
    if mandate.identity_hash is None:
        return "", "sv"
    others = Pledge.objects.filter(mandates__identity_hash=bytes(mandate.identity_hash))
    for pledge in others.exclude(people.silent()).order_by("-pk")[:5]:
        if address := people.address_of(pledge):
            return address, pledge.language
    donor = _registered(mandate)
    return (people.email_of(donor), donor.language) if donor is not None else ("", "sv")


def _registered(mandate: Mandate) -> Donor | None:
    number = sealing.details_of(mandate).identity12.removeprefix("00")
    found = list(donors.find_donors(number)[:2]) if number else []
    return found[0] if len(found) == 1 else None


def _sum_letter(mandate: Mandate, language: str) -> GiverLetter:
    last = bankdays.add(clock.local_date(mandate.created_at), E_MANDATE_BANK_DAYS)
    entity = mandate.entity
    return GiverLetter(
        language=language,
        subject=_("How much do you want to give?"),
        heading=_("How much do you want to give?"),
        said=(
            _("You have given %(payee)s a mandate in your Internet bank. Thank you!")
            % {"payee": entity.name},
            _("Say how much, and on which day. Nothing is drawn before you have."),
            _("Do it at the latest on %(day)s: then the bank lets the mandate lapse.")
            % {"day": words.on(last)},
        ),
        button=_("Choose sum and day"),
        link=links.name_sum_link(mandate, language),
        after=(said.call_us(entity),),
        foot=said.foot_of(
            entity, _("You get this mail because you gave a mandate. It comes once.")
        ),
    )


# --- A card that runs out -------------------------------------------------------------------------
def expiring(mandate_id: int) -> None:
    """Subscriber of CardExpiring: once for each last month of a card."""
    related = ("pledge__campaign", "pledge__entity")
    mandate = Mandate.objects.select_related(*related).get(pk=mandate_id)
    pledge = mandate.pledge
    if pledge is None or mandate.state != Mandate.State.ACTIVE or not mandate.card_expires_on:
        return
    posting.post(
        subjects.EXPIRING, subjects.of_expiry(mandate), pledge, lambda: _expiring(mandate, pledge)
    )


def _expiring(mandate: Mandate, pledge: Pledge) -> GiverLetter:
    month = date_format(mandate.card_expires_on, "F Y") if mandate.card_expires_on else ""
    return GiverLetter(
        language=pledge.language,
        subject=_("The card of your monthly gift runs out"),
        heading=_("Your card runs out soon"),
        said=(
            _("The card that your gift is drawn on is good until %(month)s.") % {"month": month},
            _("Many banks tell us the new card by themselves. To be sure, choose it here."),
        ),
        facts=((_("Card"), mandate.account_hint), (_("Your gift"), said.sum_and_rhythm(pledge))),
        button=_("Choose another card"),
        link=card_links.new_card_link(pledge),
        after=(said.call_us(pledge.entity),),
        foot=said.foot(pledge),
    )
