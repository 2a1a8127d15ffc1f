"""The proof of a mandate and its scanned paper: each taken out by name, and noted."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.audit import services as audit
from fundraise.console import access, mandate_proof, scans
from fundraise.console.guard import only
from fundraise.pledges import sealing
from fundraise.pledges.models import Mandate, Signature
from fundraise.refs import short_reference

MAY = "mandates.proof"


def _found(request: HttpRequest, ref: UUID) -> Mandate:
    rows = Mandate.objects.select_related("pledge", "entity", "wording")
    return access.found(request, rows, MAY, ref=ref)


def _note(request: HttpRequest, row: Mandate) -> None:
    """The read log says who took a mandate's proof out."""
    audit.log_read(
        by=access.by(request), subject_type="mandate", subject_ref=row.ref, purpose="staff.proof"
    )


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@only(MAY)
def proof(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The PDF that proves a mandate; a bank may want it within two bank days."""
    row = _found(request, ref)
    _note(request, row)
    return _file(mandate_proof.pdf(row), mandate_proof.name_of(row), "application/pdf")


@require_GET
@only(MAY)
def scan(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The paper as it was scanned, byte for byte."""
    row = _found(request, ref)
    kept = Signature.objects.filter(mandate=row, scan_sealed__isnull=False).first()
    if kept is None or kept.scan_sealed is None or kept.scan_type not in scans.ENDINGS:
        raise Http404(_("No paper was scanned."))
    _note(request, row)
    name = f"medgivande-{short_reference(row.ref)}.{scans.ENDINGS[kept.scan_type]}"
    return _file(sealing.scan_of(row.ref, bytes(kept.scan_sealed)), name, kept.scan_type)
