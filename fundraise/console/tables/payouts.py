"""The lists of payouts and of the lines of the providers' balances."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import reasons
from fundraise.console.tables import beside, filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.providers.models import BalanceLine, Payout

PAYOUT_KINDS = ("payout", "payout_reversal")


def _payouts() -> QuerySet[Any]:
    lines = BalanceLine.objects.filter(payout=OuterRef("pk")).exclude(kind__in=PAYOUT_KINDS)
    number = lines.order_by().values("payout").annotate(n=Count("pk")).values("n")
    rows = Payout.objects.select_related("account__entity")
    return rows.annotate(lines=Coalesce(Subquery(number), 0))


PAYOUTS = Table(
    name="payouts",
    title=_("Payouts"),
    permission="payouts.view",
    take_out="money.export",
    path="account__entity",
    rows=_payouts,
    opened=beside.payouts,
    count=lambda n, shown: (
        ngettext("%(number)s payout", "%(number)s payouts", n) % {"number": shown}
    ),
    empty=_(
        "No payout yet. When a provider sends money to the bank, it stands here with its lines."
    ),
    columns=(
        Column(
            "provider_ref",
            _("Payout"),
            lambda p: p.provider_ref,
            Kind.CODE,
            link=lambda p: reverse("console:payout", args=[p.ref]),
            show=lambda p: p.provider_ref[:14],
        ),
        Column("arrives_on", _("At the bank"), lambda p: p.arrives_on, Kind.DAY),
        Column("state", _("State"), lambda p: p.state, badge="payout"),
        Column("account", _("Account"), lambda p: p.account.name, wide=True),
        Column(
            "lines",
            _("Lines"),
            lambda p: p.lines,
            Kind.NUMBER,
            wide=True,
            total="lines",
            link=lambda p: f"{reverse('console:lines')}?payout={p.provider_ref}",
        ),
        Column(
            "lines_complete",
            _("All lines there"),
            lambda p: p.lines_complete,
            words=lambda yes: _("all there") if yes else _("not all there yet"),
            wide=True,
        ),
        Column("amount_ore", _("Sum"), lambda p: p.amount_ore, Kind.MONEY, total="amount_ore"),
        Column("entity", _("Whose books"), lambda p: p.account.entity.slug, on_page=False),
        Column(
            "trace_id", _("On the bank's report"), lambda p: p.trace_id, Kind.CODE, on_page=False
        ),
        Column("currency", _("Currency"), lambda _p: "SEK", Kind.CODE, on_page=False),
        Column("created_at", _("Begun"), lambda p: p.created_at, Kind.TIME, on_page=False),
        Column(
            "gross_ore",
            _("Gross"),
            lambda p: p.books.gross_ore,
            Kind.MONEY,
            on_page=False,
            total="gross_ore",
        ),
        Column(
            "fee_ore",
            _("Fee"),
            lambda p: p.books.fee_ore,
            Kind.MONEY,
            on_page=False,
            total="fee_ore",
        ),
        Column("booked_on", _("Booked on"), lambda p: p.books.booked_on, Kind.DAY, on_page=False),
        Column("voucher", _("Voucher"), lambda p: p.books.voucher, Kind.CODE, on_page=False),
        Column(
            "bank_statement",
            _("Bank statement"),
            lambda p: p.books.bank_statement,
            Kind.CODE,
            on_page=False,
        ),
        Column(
            "bank_line",
            _("Line of the statement"),
            lambda p: p.books.bank_line,
            Kind.CODE,
            on_page=False,
        ),
        Column("failure", _("Failure"), lambda p: p.failure_code, Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("payout"),
        filters.account("payouts.view"),
        filters.entity("payouts.view", "account__entity"),
        *filters.dates("arrives_on"),
        *filters.sums(),
        filters.reference(lambda typed: Q(provider_ref=typed) | Q(trace_id=typed)),
    ),
)


def _lines() -> QuerySet[Any]:
    rows = BalanceLine.objects.select_related("account", "payout")
    return rows.exclude(kind__in=PAYOUT_KINDS).annotate(net=F("amount_ore") - F("fee_ore"))


LINES = Table(
    name="lines",
    title=_("Lines of the providers' balances"),
    permission="payouts.view",
    take_out="money.export",
    path="account__entity",
    rows=_lines,
    count=lambda n, shown: ngettext("%(number)s line", "%(number)s lines", n) % {"number": shown},
    empty=_("The lines have not come yet. They are fetched every night."),
    columns=(
        Column(
            "provider_ref",
            _("Line"),
            lambda b: b.provider_ref,
            Kind.CODE,
            show=lambda b: b.provider_ref[:16],
        ),
        Column("kind", _("Kind"), lambda b: b.kind, words=reasons.line_kind),
        Column("created_at", _("Time"), lambda b: b.created_at, Kind.TIME, wide=True),
        Column(
            "payout",
            _("Payout"),
            lambda b: b.payout.provider_ref if b.payout else "",
            Kind.CODE,
            wide=True,
            link=lambda b: reverse("console:payout", args=[b.payout.ref]) if b.payout else "",
            show=lambda b: b.payout.provider_ref[:14] if b.payout else "",
        ),
        Column(
            "amount_ore",
            _("Sum"),
            lambda b: b.amount_ore,
            Kind.MONEY,
            wide=True,
            total="amount_ore",
        ),
        Column("fee_ore", _("Fee"), lambda b: b.fee_ore, Kind.MONEY, wide=True, total="fee_ore"),
        Column("net_ore", _("Net"), lambda b: b.net, Kind.MONEY, total="net"),
        Column("account", _("Account"), lambda b: b.account.name, on_page=False),
        Column("source_id", _("About"), lambda b: b.source_id, Kind.CODE, on_page=False),
    ),
    filters=(
        filters.choice(
            "kind",
            _("Show"),
            list(reasons.LINE_CHOICES),
            lambda rows, value, _viewer: rows.filter(kind__in=reasons.LINE_CHOICE_KINDS[value]),
        ),
        filters.account("payouts.view"),
        *filters.moments("created_at"),
        *filters.sums(),
        filters.reference(lambda typed: Q(payout__provider_ref=typed), _("of payout"), "payout"),
    ),
)
