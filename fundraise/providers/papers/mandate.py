"""A mandate as a paper: what was agreed, by whom, when and how; account and number never in full.

The same values make the page and the PDF, so that they can't differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donors import normalise
from fundraise import clock
from fundraise.money import format_kronor
from fundraise.pledges import queries, sealing, words
from fundraise.pledges.models import Mandate, Pledge, Signature
from fundraise.pledges.schedule import following_days
from fundraise.providers.papers import wording
from fundraise.providers.papers.wording import Block
from fundraise.refs import short_reference

FOLLOWING = 2


@dataclass(frozen=True, slots=True)
class Paper:
    """A mandate in words. `repr` names nobody."""

    language: str
    reference: str
    payee: str
    facts: tuple[tuple[str, str], ...] = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    fingerprint: str = ""

    @property
    def file_name(self) -> str:
        """What the PDF is called, without a word about the payer."""
        return f"{'mandate' if self.language == 'en' else 'medgivande'}-{self.reference}.pdf"


def paper_of(mandate: Mandate) -> Paper | None:
    """The paper of an autogiro mandate with a text of ours; None for cards and the Internet bank.

    In the language that its payer read.
    """
    pledge, text = mandate.pledge, mandate.wording
    if pledge is None or text is None:
        return None
    with translation.override(text.language):
        whole = wording.filled(text, mandate.entity)
        return Paper(
            language=text.language,
            reference=short_reference(mandate.ref),
            payee=mandate.entity.name,
            facts=tuple((name, said) for name, said in _facts(mandate, pledge) if said),
            blocks=wording.blocks(whole),
            fingerprint=wording.sha256(whole),
        )


def _facts(mandate: Mandate, pledge: Pledge) -> list[tuple[str, str]]:
    giver = queries.giver_of(pledge.pk)
    signature = Signature.objects.filter(mandate=mandate).first()
    return [
        (_("Payee"), mandate.entity.name),
        (_("Organisation number"), mandate.entity.org_number),
        (_("Bankgiro number"), wording.bankgiro_shown(mandate.entity_id)),
        (_("Payer"), giver.name if giver else ""),
        (_identity_label(mandate), _identity(mandate)),
        (_("Account"), mandate.account_hint),
        (_("Payer number"), mandate.payer_number or ""),
        (_("Sum"), f"{format_kronor(pledge.amount_ore)} {words.every(pledge.interval_months)}"),
        (_("First day"), words.on(pledge.starts_on)),
        (_("Then"), _following(pledge)),
        (_("Signed"), _signed(signature)),
        (_("Text"), _version(mandate)),
    ]


def _identity_label(mandate: Mandate) -> str:
    return _("Personal identity number") if mandate.variant == "person" else _("Its number")


def _identity(mandate: Mandate) -> str:
    """The identity number without its last four digits; an organisation's without the 00."""
    number = sealing.details_of(mandate).identity12
    return normalise.masked(number.removeprefix("00")) if number else ""


def _following(pledge: Pledge) -> str:
    days = following_days(queries.rhythm_of(pledge), pledge.first_period, FOLLOWING)
    if not days:
        return ""
    return _("%(rhythm)s: %(days)s and so on") % {
        "days": words.listed(days),
        "rhythm": words.rhythm(pledge.day, pledge.interval_months),
    }


def _signed(signature: Signature | None) -> str:
    if signature is None:
        return _("Not signed yet")
    at = signature.signed_at.astimezone(clock.STOCKHOLM)
    return f"{date_format(at, 'j F Y H:i')}: {signature.get_way_display()}"


def _version(mandate: Mandate) -> str:
    text = mandate.wording
    if text is None:
        return ""
    return _("Version %(number)s, %(variant)s") % {
        "number": text.version,
        "variant": text.get_variant_display(),
    }
