"""Disputes, payouts with their lines, journals: to read."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access
from fundraise.console.guard import only
from fundraise.console.shell import page
from fundraise.console.tables.disputes import DISPUTES
from fundraise.console.tables.journals import JOURNALS
from fundraise.console.tables.page import list_page, listing
from fundraise.console.tables.payouts import LINES, PAYOUT_KINDS, PAYOUTS
from fundraise.ledger.models import Journal
from fundraise.providers.models import Payout


@require_GET
@only("disputes.view")
def disputes(request: HttpRequest) -> HttpResponse:
    """Money that givers' banks ask back, the newest first."""
    return list_page(request, DISPUTES)


@require_GET
@only("payouts.view")
def payouts(request: HttpRequest) -> HttpResponse:
    """What the providers sent to the bank, the newest first."""
    return list_page(request, PAYOUTS)


@require_GET
@only("payouts.view")
def lines(request: HttpRequest) -> HttpResponse:
    """What moved the balances at the providers, the newest first."""
    return list_page(request, LINES)


@require_GET
@only("payouts.view")
def payout(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One payout and its lines: their sum is the payout."""
    every = Payout.objects.select_related("account")
    row = access.found(request, every, "payouts.view", "account__entity", ref=ref)
    lines = row.balance_lines.exclude(kind__in=PAYOUT_KINDS)
    sums = lines.aggregate(
        amount=Sum("amount_ore"), fee=Sum("fee_ore"), net=Sum(F("amount_ore") - F("fee_ore"))
    )
    net = sums["net"] or 0
    return page(
        request,
        "payout",
        _("Payout %(ref)s") % {"ref": row.provider_ref},
        payout=row,
        list=listing(request, LINES, {"payout": row.provider_ref}),
        sums={name: ore or 0 for name, ore in sums.items()},
        difference_ore=row.amount_ore - net,
    )


@require_GET
@only("journals.view")
def journals(request: HttpRequest) -> HttpResponse:
    """The vouchers of the books, the newest first. Nothing here can be changed."""
    return list_page(request, JOURNALS)


@require_GET
@only("journals.view")
def journal(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One voucher with its entries, and what it corrects or was corrected by."""
    rows = Journal.objects.select_related("series", "entity", "reversal_of__series")
    row = access.found(request, rows, "journals.view", ref=ref)
    entries = row.entries.select_related("debit_account", "credit_account", "campaign")
    return page(
        request,
        "journal",
        _("Journal %(name)s") % {"name": f"{row.series.code}{row.number} {row.year}"},
        journal=row,
        entries=entries.order_by("line"),
        sum_ore=entries.aggregate(ore=Sum("amount_ore"))["ore"] or 0,
        reversed_by=Journal.objects.filter(reversal_of=row).select_related("series").first(),
    )
