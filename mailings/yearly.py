"""One mail a year to a giver: the year's statement is on My pages. No sum, no file, no ask."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise.gifts import queries as gifts
from fundraise.gifts.giver import Giver
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.models import YearTelling
from fundraise.reporting.yearly import lines
from mailings import transactional
from mailings.models import TransactionalMessage
from mailings.monthly import people, words
from mailings.monthly.letter import GiverLetter

log = structlog.get_logger(__name__)

KIND = "year_statement"


def tell(telling_id: int) -> None:
    """Subscriber of YearStatementTold: the mail of this time, if there is an address."""
    row = YearTelling.objects.select_related("entity", "donor").get(pk=telling_id)
    to, language = _address(row)
    if row.way != YearTelling.Way.MAIL or not to:
        log.info("year_statement_without_address", telling=row.pk)
        return
    letter = letter_of(row.entity, row.year, language)
    transactional.prepare(
        KIND,
        row.mail_ref,
        to=to,
        language=language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
        reply_to=row.entity.email,
    )


def letter_of(entity: LegalEntity, year: int, language: str) -> GiverLetter:
    """The mail: the same for everybody, so that nothing about a person stands in it."""
    named = {"payee": entity.name, "year": year}
    with translation.override(language):
        return GiverLetter(
            language=language,
            subject=_("Your yearly statement is ready"),
            heading=_("Thank you for your gifts in %(year)s") % named,
            said=(
                _("Your yearly statement from %(payee)s for %(year)s is on My pages.") % named,
                _("You log in by a link to this mailbox, and save the statement as PDF."),
            ),
            button=_("To the yearly statement"),
            link=settings.BASE_URL + reverse(f"give:year_{language}", args=[year]),
            after=(words.call_us(entity),),
            foot=words.foot_of(
                entity,
                _("You get this mail because you gave in %(year)s. It comes once a year.") % named,
            ),
        )


def fate() -> Subquery:
    """What became of a telling's last mail, beside the telling's row."""
    about = Concat(
        Cast(OuterRef("ref"), CharField()), Value(":"), Cast(OuterRef("times"), CharField())
    )
    mail = TransactionalMessage.objects.filter(kind=KIND, subject_ref=about)
    return Subquery(mail.values("state")[:1])


def _address(row: YearTelling) -> tuple[str, str]:
    """Where the mail goes, and in which language."""
    if row.donor is not None:
        return people.email_of(row.donor), row.donor.language
    mine = lines.gifts_of_year(row.entity_id, row.year).filter(donor=None, giver_key=row.giver_key)
    for gift in mine.order_by("-received_at", "-pk"):
        typed: Giver | None = gifts.giver_of(gift.pk)
        if typed is not None and typed.email:
            return typed.email, gift.language
    return "", "sv"
