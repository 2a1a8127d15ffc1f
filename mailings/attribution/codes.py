"""Codes for letters, posters and QR codes: made by staff, printed, never changed."""

from __future__ import annotations

import io
import re
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from mailings.appeals.models import Appeal
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import SourceCode

FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,19}")  # shorter than any token of a mail


def new_code(
    *,
    code: str,
    label: str,
    campaign: Campaign,
    by: str,
    medium: str = SourceCode.Medium.OTHER,
    appeal: Appeal | None = None,
) -> SourceCode:
    """Make a code.

    Raises AttributionError: code_form, code_taken, label_missing, other_campaign.
    """
    if not FORM.fullmatch(code):
        raise AttributionError("code_form")
    if not label.strip():
        raise AttributionError("label_missing")
    if appeal is not None and appeal.campaign_id != campaign.pk:
        raise AttributionError("other_campaign")
    try:
        with transaction.atomic():
            made = SourceCode.objects.create(
                code=code,
                label=label.strip()[:90],
                medium=medium,
                campaign=campaign,
                appeal=appeal,
                created_at=clock.now(),
                created_by=by,
            )
            audit.log_change(
                by=by,
                action="source_code.made",
                subject_type="source_code",
                subject_ref=made.ref,
                after={"code": code, "campaign": campaign.ref, "medium": str(medium)},
            )
    except IntegrityError:
        raise AttributionError("code_taken") from None
    return made


def close_code(ref: UUID, *, by: str) -> bool:
    """Staff no longer use it; what is printed goes on counting. False when it was closed."""
    with transaction.atomic():
        rows = SourceCode.objects.filter(ref=ref, closed_at=None)
        closed = rows.update(closed_at=clock.now()) == 1
        if closed:
            audit.log_change(
                by=by, action="source_code.closed", subject_type="source_code", subject_ref=ref
            )
    return closed


def link(campaign: Campaign, reference: str, language: str = "sv") -> str:
    """The donation page with a reference, as it is printed."""
    path = reverse(f"give:donate_{language}", args=[campaign.slug])
    return f"{settings.BASE_URL}{path}?{urlencode({'ref': reference})}"


def qr_svg(text: str) -> str:
    """A QR code as SVG, black on white with its quiet zone, so that any printer can print it."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=4, xmldecl=False, light="#fff", nl=False
    )
    return drawn.getvalue().decode()
