"""The treasurer's lists: files of banks, their items, and the exceptions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise import clock
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.treasury import words
from fundraise.reconciliation.models import Item, QueueItem, StatementFile
from fundraise.reconciliation.queries import holds_others
from fundraise.staff.rights import Rights


def file_url(file: StatementFile) -> str:
    """The page of a bank's file."""
    return reverse("console:statement_file", args=[file.ref])


def item_url(item: Item) -> str:
    """The page of a line of the bank."""
    return reverse("console:bank_item", args=[item.ref])


def exception_url(row: QueueItem) -> str:
    """The page of an exception."""
    return reverse("console:exception", args=[row.ref])


def _files() -> QuerySet[Any]:
    return StatementFile.objects.select_related("entity").defer("sealed", "row_key")


def files_in_scope(held: Rights, permission: str) -> QuerySet[Any]:
    """A file that the folder brought and nobody could recognise belongs to no entity: it is the
    house's. One with another entity's statements too is for those who may see both."""
    theirs = held.entities(permission)
    rows = Q(entity__in=theirs)
    found = _files().filter(rows | Q(entity=None) if theirs & held.tops else rows)
    return found.exclude(holds_others(theirs))


STATEMENT_FILES = Table(
    name="statement_files",
    title=_("Files from the bank"),
    permission="statements.view",
    take_out="money.export",
    of=files_in_scope,
    rows=_files,
    count=lambda n, shown: ngettext("%(number)s file", "%(number)s files", n) % {"number": shown},
    empty=_("No file yet. Drop the bank's statement above; nothing is booked before you say so."),
    template="treasury/files",
    columns=(
        Column("received_at", _("Came"), lambda f: f.received_at, Kind.TIME, link=file_url),
        Column(
            "kind", _("What it is"), lambda f: f.kind,
            words=lambda code: words.KINDS.get(code, _("Not recognised")),
        ),
        Column("state", _("State"), lambda f: f.state, badge="statement_file"),
        Column(
            "new_items", _("New rows"), lambda f: f.new_items, Kind.NUMBER,
            wide=True, total="new_items",
        ),
        Column("known_items", _("Known before"), lambda f: f.known_items, Kind.NUMBER, wide=True),
        Column("in_ore", _("In"), lambda f: f.in_ore, Kind.MONEY, total="in_ore"),
        Column("out_ore", _("Out"), lambda f: f.out_ore, Kind.MONEY, wide=True, total="out_ore"),
        Column("name", _("Name"), lambda f: f.name, Kind.CODE, on_page=False),
        Column("reason", _("Why it was refused"), lambda f: f.reason, Kind.CODE, on_page=False),
        Column("importer", _("Read by"), lambda f: f.importer, Kind.CODE, on_page=False),
        Column("sha256", "SHA-256", lambda f: bytes(f.sha256).hex(), Kind.CODE, on_page=False),
    ),
    filters=(filters.state("statement_file"), *filters.moments("received_at")),
)  # fmt: skip

BANK_ITEMS = Table(
    name="bank_items",
    title=_("Lines of the bank"),
    permission="statements.view",
    take_out="money.export",
    path="account__entity",
    rows=lambda: Item.objects.exclude(state__in=Item.TOLD_BY_OTHERS).select_related(
        "account", "line"
    ),
    count=lambda n, shown: ngettext("%(number)s row", "%(number)s rows", n) % {"number": shown},
    empty=_("No line yet. They come with the bank's files."),
    template="treasury/items",
    columns=(
        Column("booked_on", _("Day"), lambda i: i.booked_on, Kind.DAY, link=item_url),
        Column("state", _("State"), lambda i: i.state, badge="bank_item"),
        Column(
            "amount_ore", _("Sum"), lambda i: i.amount_ore, Kind.MONEY, total="amount_ore"
        ),
        Column("account", _("Account"), lambda i: i.account.name, wide=True),
        Column("reference", _("Reference"), lambda i: i.reference, Kind.CODE, wide=True),
        Column(
            "bank_ref", _("The bank's reference"), lambda i: i.bank_ref, Kind.CODE, on_page=False
        ),
        Column("note", _("Remark"), lambda i: i.note, wide=True),
        Column("ref", _("Id"), lambda i: str(i.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("bank_item"),
        filters.entity("statements.view", "account__entity"),
        *filters.dates("booked_on"),
        *filters.sums(),
        filters.reference(lambda typed: Q(reference=typed) | Q(bank_ref=typed)),
    ),
)  # fmt: skip

EXCEPTIONS = Table(
    name="exceptions",
    title=_("Exceptions"),
    permission="exceptions.view",
    take_out="money.export",
    rows=lambda: QueueItem.objects.select_related("entity", "owner"),
    count=lambda n, shown: ngettext("%(number)s exception", "%(number)s exceptions", n)
    % {"number": shown},
    empty=_("Nothing waits: no rule was without an answer."),
    template="treasury/items",
    columns=(
        Column(
            "code", _("Why"), lambda q: q.code, words=lambda c: QueueItem.Code(c).label,
            link=exception_url,
        ),
        Column("state", _("State"), lambda q: q.state, badge="exception"),
        Column("amount_ore", _("Sum"), lambda q: q.amount_ore or 0, Kind.MONEY),
        Column("due_on", _("Due"), lambda q: q.due_on, Kind.DAY),
        Column("opened_at", _("Since"), lambda q: q.opened_at, Kind.TIME, wide=True),
        Column("owner", _("Who has it"), lambda q: q.owner.username if q.owner else "", wide=True),
        Column("note", _("Remark"), lambda q: q.note, wide=True),
        Column("subject", _("About"), lambda q: q.subject, Kind.CODE, on_page=False),
    ),
    filters=(
        filters.choice(
            "state", _("Show"), [("open", _("open")), ("settled", _("settled"))],
            filters.where("state"), initial="open",
        ),
        filters.choice("code", _("because of"), QueueItem.Code.choices, filters.where("code")),
        filters.choice(
            "due", _("whose day"), [("passed", _("has passed"))],
            lambda rows, _value, _viewer: rows.filter(due_on__lt=clock.today()), every=_("is any"),
        ),
        filters.entity("exceptions.view"),
    ),
)  # fmt: skip
