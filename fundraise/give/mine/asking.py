"""A donor asks for what the data-protection law gives them: written down, and mailed to the house.

The mail names the donor's reference and no person; staff open the donor by it and answer within a
month (GDPR Art. 12(3)). The log keeps that it was asked for.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from donors.models import Donor
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns import queries as campaigns
from fundraise.give import links
from fundraise.language import SWEDISH
from mailings import transactional
from mailings.letters import Letter

KIND = "privacy_request"
ANSWERED_WITHIN = timedelta(days=30)


def tell(donor: Donor, what: str) -> None:
    """Write the request down and tell the house, once a day for each kind of request."""
    today = clock.today()
    campaign = campaigns.front_campaign()
    with transaction.atomic():
        audit.log_change(
            by=f"donor:{donor.ref}",
            action=f"donor.asked.{what}",
            subject_type="donor",
            subject_ref=donor.ref,
            after={"answer_by": today + ANSWERED_WITHIN},
        )
        if campaign is None or not campaign.entity.email:
            return
        with translation.override(SWEDISH):
            letter = _letter(donor, what)
        transactional.prepare(
            KIND,
            f"{what}:{donor.ref}:{today:%y%m%d}",
            to=campaign.entity.email,
            language=SWEDISH,
            subject=letter.subject,
            html=letter.as_html(),
            text=letter.as_text(),
        )


def _letter(donor: Donor, what: str) -> Letter:
    asked = {
        "copy": _("A donor asks on My pages for a copy of everything that we keep of them."),
        "correct": _("A donor asks on My pages to have something put right, and waits for a call."),
        "erase": _("A donor asks on My pages to be forgotten."),
    }
    until = clock.today() + ANSWERED_WITHIN
    return Letter(
        language=SWEDISH,
        subject=_("A donor asks about their details"),
        said=(
            asked[what],
            _("The law wants an answer at the latest on %(day)s.") % {"day": until.isoformat()},
        ),
        button=_("Open the donor"),
        link=links.absolute(f"/staff/donors/{donor.ref}/"),
        footer=_("You get this because this address stands as the organisation's contact."),
    )
