"""The proof of a mandate for a bank that asks: text, signature, the banks' answers, notices, draws.

It holds account and identity number in full, as the bank has them; whoever takes it out has the
right to, showed once more who they are, and stands in the read log.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import typst
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fundraise import clock, crypto
from fundraise.console import badges, pledge_words
from fundraise.console.days import day
from fundraise.console.templatetags.staff import when
from fundraise.language import SWEDISH
from fundraise.money import format_kronor
from fundraise.pledges import queries, sealing
from fundraise.pledges.models import Collection, Mandate, Notice, Signature
from fundraise.providers.papers import wording
from fundraise.refs import short_reference

TEMPLATE = Path(__file__).with_suffix(".typ")
MOST_DRAWS = 400
MOST_NOTICES = 60
EVIDENCE: dict[str, str | Promise] = {
    "sha256": gettext_lazy("SHA-256 of the scan"),
    "bytes": gettext_lazy("Bytes of the scan"),
    "received_on": gettext_lazy("Received on"),
    "mail": gettext_lazy("Confirmed from the mail"),
    "text_sha256": gettext_lazy("SHA-256 of the text that was shown"),
    "at": gettext_lazy("At"),
    "gift": gettext_lazy("First gift"),
}
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the proof: its title, heads, and rows."""

    title: str
    heads: Row
    rows: list[Row] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that the PDF says. `repr` names nobody."""

    title: str
    payee: str
    language: str
    made: str
    facts: list[Row] = field(repr=False)
    blocks: list[tuple[str, bool]] = field(repr=False)
    fingerprint: str
    tables: list[Table] = field(repr=False)
    told: list[Row] = field(repr=False)
    empty: str


def pdf(mandate: Mandate) -> bytes:
    """The proof as a PDF; nothing of it touches a disk."""
    values = json.dumps(asdict(proof_of(mandate)))
    return bytes(typst.compile(_template(), sys_inputs={"proof": values}, timestamp=0))


def name_of(mandate: Mandate) -> str:
    """What the file is called, without a word about the payer."""
    return f"medgivande-bevis-{short_reference(mandate.ref)}.pdf"


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def proof_of(mandate: Mandate) -> Proof:
    """What proves a mandate, in the language of whoever reads."""
    text = wording.filled(mandate.wording, mandate.entity) if mandate.wording else ""
    return Proof(
        title=_("Proof of mandate %(number)s")
        % {"number": mandate.payer_number or short_reference(mandate.ref)},
        payee=mandate.entity.name,
        language=get_language() or SWEDISH,
        made=_("Made %(at)s") % {"at": when(clock.now())},
        facts=[(name, said) for name, said in _facts(mandate) if said],
        blocks=[(block.text, block.is_heading) for block in wording.blocks(text)] if text else [],
        fingerprint=wording.sha256(text) if text else "",
        tables=[
            Table(_("Signature"), (_("What"), _("Value")), list(_evidence(mandate))),
            Table(_("Answers of the bank"), (_("When"), _("What"), _("Code")), _answers(mandate)),
            Table(
                _("Notices to the payer"),
                (_("Made"), _("Sent"), _("What"), _("Sum"), _("First day"), "SHA-256"),
                _notices(mandate),
            ),
            Table(
                _("Draws"), (_("Drawn on"), _("Sum"), _("State"), _("Reference")), _draws(mandate)
            ),
        ],
        told=list(_told(mandate)),
        empty=_("None."),
    )


def _facts(mandate: Mandate) -> list[tuple[str, str]]:
    details = sealing.details_of(mandate)
    giver = queries.giver_of(mandate.pledge_id) if mandate.pledge_id else None
    text = mandate.wording
    return [
        (_("Payee"), f"{mandate.entity.name}, {mandate.entity.org_number}"),
        (_("Bankgiro number"), wording.bankgiro_shown(mandate.entity_id)),
        (_("Payer"), giver.name if giver else ""),
        (_("Payer number"), mandate.payer_number or ""),
        (_("Account"), " ".join(filter(None, [mandate.account_hint, details.account16]))),
        (_("Personal identity number or organisation number"), details.identity12),
        (_("Kind"), str(mandate.get_variant_display())),
        (_("Came by"), str(mandate.get_origin_display())),
        (_("Made"), when(mandate.created_at)),
        (_("State"), str(badges.KINDS["mandate"][mandate.state].word)),
        (_("Version of the words"), f"{text.version}, {text.source}" if text else ""),
    ]


def _evidence(mandate: Mandate) -> Iterator[Row]:
    signature = Signature.objects.filter(mandate=mandate).first()
    if signature is None:
        return
    yield _("How"), str(signature.get_way_display())
    yield _("When"), when(signature.signed_at)
    if signature.evidence_sealed is None:
        return
    kept = sealing.evidence_of(mandate.ref, bytes(signature.evidence_sealed))
    for key, value in kept.items():
        said = value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
        yield str(EVIDENCE.get(key, key)), str(said)


def _answers(mandate: Mandate) -> list[Row]:
    return [
        (
            when(step.at),
            str(badges.KINDS["mandate"][step.to_state].word),
            pledge_words.answer(step.reason),
        )
        for step in mandate.transitions.order_by("at", "pk")
    ]


def _notices(mandate: Mandate) -> list[Row]:
    rows = Notice.objects.filter(pledge=mandate.pledge_id).defer("text_sealed").order_by("made_at")
    return [
        (
            when(row.made_at),
            when(row.sent_at),
            str(row.get_kind_display()),
            format_kronor(row.amount_ore),
            day(row.first_on),
            bytes(row.sha256).hex()[:16] if row.sha256 else "–",
        )
        for row in rows
    ]


def _told(mandate: Mandate) -> Iterator[Row]:
    """Each notice word for word, as it left us."""
    rows = Notice.objects.filter(pledge=mandate.pledge_id, text_sealed__isnull=False)
    for row in rows.order_by("made_at")[:MOST_NOTICES]:
        plain = crypto.unseal(bytes(row.text_sealed or b""), context=f"notice:{row.ref}")
        head = _("Notice of %(day)s, word for word") % {"day": when(row.sent_at)}
        yield head, plain.decode()


def _draws(mandate: Mandate) -> list[Row]:
    rows = Collection.objects.filter(mandate=mandate).order_by("due_on", "pk")[:MOST_DRAWS]
    return [
        (
            day(row.due_on),
            format_kronor(row.amount_ore),
            str(badges.KINDS["draw"][row.state].word),
            row.reference,
        )
        for row in rows
    ]
