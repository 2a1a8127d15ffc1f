"""Monthly gifts: the lists, one gift with everything that happened, one mandate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.audit import services as audit
from fundraise.console import access, e_mandates, log_words, ocr, pledge_timeline, wishes
from fundraise.console.guard import action, only
from fundraise.console.results import touched
from fundraise.console.shell import page
from fundraise.console.tables.draws import DRAWS, INSTALMENTS, NOTICES
from fundraise.console.tables.mandates import MANDATES
from fundraise.console.tables.page import list_page
from fundraise.console.tables.pledges import PLEDGES
from fundraise.pledges import queries
from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge, Signature
from fundraise.staff import rights
from mailings.monthly import own_link

MONTHS_SHOWN = 14
ANSWERED = {"received", "created", "sent", "active"}


@require_GET
@only("pledges.view")
def pledges(request: HttpRequest) -> HttpResponse:
    """Monthly gifts, with what they bring in a month."""
    return list_page(request, PLEDGES)


@require_GET
@only("mandates.view")
def mandates(request: HttpRequest) -> HttpResponse:
    """Mandates, with the bank's last answer."""
    return list_page(request, MANDATES)


@require_GET
@only("pledges.view")
def instalments(request: HttpRequest) -> HttpResponse:
    """Each month of each monthly gift."""
    return list_page(request, INSTALMENTS)


@require_GET
@only("pledges.view")
def draws(request: HttpRequest) -> HttpResponse:
    """Each attempt to draw a month."""
    return list_page(request, DRAWS)


@require_GET
@only("pledges.view")
def notices(request: HttpRequest) -> HttpResponse:
    """What donors were told before a draw."""
    return list_page(request, NOTICES)


@require_GET
@only("pledges.view")
def pledge(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One monthly gift, without the giver."""
    return pledge_page(request, found(request, ref, "pledges.view"))


@action("gifts.giver")
def giver(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What the giver typed, opened. The read log says who looked."""
    row = found(request, ref, "gifts.giver")
    with transaction.atomic():
        audit.log_read(
            by=access.by(request), subject_type="pledge", subject_ref=ref, purpose="staff.giver"
        )
        typed = queries.giver_of(row.pk)
    return pledge_page(request, row, giver=typed, giver_shown=True)


def found(request: HttpRequest, ref: UUID, permission: str) -> Pledge:
    """A monthly gift of an entity for which it may be done."""
    rows = Pledge.objects.select_related("campaign", "entity", "donor")
    return access.found(request, rows, permission, ref=ref)


def pledge_page(request: HttpRequest, row: Pledge, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a monthly gift; `more` replaces a form that was wrong."""
    show = request.GET.get("show", "")
    months = row.instalments.order_by("-period")
    context = {
        "pledge": row,
        "mandates": row.mandates.order_by("-pk"),
        "months": months[:MONTHS_SHOWN],
        "next": months.filter(state__in=["planned", "collecting"]).order_by("due_on").first(),
        "sums": _sums(months),
        "given": set(
            queries.made_good()
            .filter(instalment__pledge=row)
            .values_list("instalment_id", flat=True)
        ),
        "ocr": ocr.of_pledge(row),
        "touched": touched.lines(rights.of(request.user), row),
        "moments": pledge_timeline.of_pledge(row, show),
        "kinds": pledge_timeline.KINDS,
        "show": show,
        "changes": log_words.changes_of("pledge", row.ref),
        "acts": wishes.possible(row),
        "skipped": wishes.skipped(row),
        "may_send_link": row.state in own_link.STATES,
        "wishes": wishes.made(row),
    }
    title = _("Monthly gift %(ref)s") % {"ref": str(row.ref)[:8]}
    return page(
        request, "pledge", title, status=status, entity=row.entity_id, **{**context, **more}
    )


def _sums(months: QuerySet[Instalment]) -> dict[str, Any]:
    """What it has given so far."""
    paid = months.filter(state=Instalment.State.PAID).order_by()
    return paid.aggregate(number=Count("pk"), ore=Coalesce(Sum("amount_ore"), 0))


@require_GET
@only("mandates.view")
def mandate(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One mandate: its state, what the bank answered, what was drawn on it."""
    rows = Mandate.objects.select_related("pledge", "entity", "wording")
    row = access.found(request, rows, "mandates.view", ref=ref)
    return mandate_page(request, row)


def mandate_page(
    request: HttpRequest, row: Mandate, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a mandate; `more` replaces a form that was wrong."""
    drawn = Collection.objects.filter(mandate=row).select_related("instalment", "gift")
    context = {
        "mandate": row,
        "moments": pledge_timeline.of_mandate(row),
        "draws": drawn.order_by("-due_on", "-pk")[:MONTHS_SHOWN],
        "changes": log_words.changes_of("mandate", row.ref),
        "has_scan": Signature.objects.filter(mandate=row, scan_sealed__isnull=False).exists(),
        "can_answer": row.pledge_id is None and row.state in ANSWERED,
        "possible": e_mandates.possible(row) if row.pledge_id is None else [],
        "last_day": e_mandates.last_day(row),
    }
    title = _("Mandate %(number)s") % {"number": row.payer_number or str(row.ref)[:8]}
    return page(
        request, "mandate", title, status=status, entity=row.entity_id, **{**context, **more}
    )
