"""The lists of autogiro: files to and from Bankgirot, their rows, and the questions they raise."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import giro_kinds
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.tables.mandates import mandate_url
from fundraise.providers.giro.models import InFile, InRow, OutFile, Question
from fundraise.staff.rights import Rights

ENTITY = "agreement__account__entity"
REPORTS = {code: said for code, said in giro_kinds.KINDS.items() if code not in {"orders", "other"}}


def out_url(file: OutFile) -> str:
    """The page of a file to Bankgirot."""
    return reverse("console:giro_out", args=[file.ref])


def in_url(file: InFile) -> str:
    """The page of a file from Bankgirot."""
    return reverse("console:giro_in", args=[file.ref])


def _files(n: int, shown: str) -> str:
    return ngettext("%(number)s file", "%(number)s files", n) % {"number": shown}


OUT_FILES = Table(
    name="giro_files_out",
    title=_("Files to Bankgirot"),
    permission="autogiro.view",
    take_out="autogiro.export",
    path=ENTITY,
    rows=lambda: OutFile.objects.select_related("agreement__account").defer("sealed"),
    count=_files,
    empty=_("No file yet. Each bank day's files are made when somebody signs up or is drawn."),
    template="giro_list",
    columns=(
        Column("name", _("File"), lambda f: f.name, Kind.CODE, link=out_url),
        Column("day", _("Day"), lambda f: f.day, Kind.DAY),
        Column("kind", _("Holds"), lambda f: f.kind, words=lambda c: OutFile.Kind(c).label),
        Column("state", _("State"), lambda f: f.state, badge="out_file"),
        Column(
            "orders", _("Orders"), lambda f: f.orders_number, Kind.NUMBER,
            wide=True, total="orders_number",
        ),
        Column("sum_ore", _("Sum"), lambda f: f.sum_ore, Kind.MONEY, wide=True, total="sum_ore"),
        Column("deadline", _("At the latest"), lambda f: f.deadline, Kind.TIME, wide=True),
        Column("delivered_at", _("Delivered"), lambda f: f.delivered_at, Kind.TIME, wide=True),
        Column("serial", _("Number"), lambda f: f.serial, Kind.NUMBER, on_page=False),
        Column("built_at", _("Made"), lambda f: f.built_at, Kind.TIME, on_page=False),
        Column("sha256", "SHA-256", lambda f: bytes(f.sha256).hex(), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("out_file"),
        filters.choice(
            "kind", _("holding"), OutFile.Kind.choices, filters.where("kind"), every=_("anything")
        ),
        filters.entity("autogiro.view", ENTITY),
        *filters.dates("day"),
        filters.reference(lambda typed: Q(name=typed), _("with name")),
    ),
)  # fmt: skip


def in_scope(held: Rights, permission: str) -> QuerySet[Any]:
    """A file that nobody could recognise belongs to no entity: whoever sees any file sees it."""
    rows = _in_files()
    if not held.somewhere(permission):
        return rows.none()
    return rows.filter(Q(**{f"{ENTITY}__in": held.entities(permission)}) | Q(agreement=None))


def _in_files() -> QuerySet[Any]:
    return InFile.objects.select_related("agreement__account").defer("sealed")


IN_FILES = Table(
    name="giro_files_in",
    title=_("Files from Bankgirot"),
    permission="autogiro.view",
    take_out="autogiro.export",
    of=in_scope,
    rows=_in_files,
    count=_files,
    empty=_("No file yet. What Bankgirot sends is fetched by itself, or dropped on the page."),
    template="giro_list",
    columns=(
        Column("received_at", _("Came"), lambda f: f.received_at, Kind.TIME, link=in_url),
        Column("kind", _("What it is"), lambda f: f.kind, words=giro_kinds.kind),
        Column("state", _("State"), lambda f: f.state, badge="in_file"),
        Column(
            "rows", _("Rows"), lambda f: f.rows_number, Kind.NUMBER, wide=True, total="rows_number"
        ),
        Column(
            "ours_ore", _("Ours"), lambda f: f.ours_ore, Kind.MONEY, wide=True, total="ours_ore"
        ),
        Column(
            "unknown_ore", _("Nobody's"), lambda f: f.unknown_ore, Kind.MONEY,
            wide=True, total="unknown_ore",
        ),
        Column(
            "other_ore", _("Another system's"), lambda f: f.other_ore, Kind.MONEY,
            wide=True, total="other_ore",
        ),
        Column("written_on", _("Written on"), lambda f: f.written_on, Kind.DAY, on_page=False),
        Column("name", _("Name"), lambda f: f.name, Kind.CODE, on_page=False),
        Column("via", _("Came by"), lambda f: f.via, Kind.CODE, on_page=False),
        Column("reason", _("Why it was refused"), lambda f: f.reason, Kind.CODE, on_page=False),
        Column("sha256", "SHA-256", lambda f: bytes(f.sha256).hex(), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("in_file"),
        filters.choice(
            "kind", _("being"), list(REPORTS.items()),
            lambda rows, code, _viewer: rows.filter(kind__in=[code, f"{code}_old"]),
            every=_("anything"),
        ),
        filters.entity("autogiro.view", ENTITY),
        *filters.moments("received_at"),
    ),
)  # fmt: skip

IN_ROWS = Table(
    name="giro_rows",
    title=_("Rows of files from Bankgirot"),
    permission="autogiro.view",
    take_out="autogiro.export",
    path=f"file__{ENTITY}",
    rows=lambda: InRow.objects.select_related("file", "mandate").defer("file__sealed"),
    count=lambda n, shown: ngettext("%(number)s row", "%(number)s rows", n) % {"number": shown},
    empty=_("No row. A refused file leaves none."),
    template="giro_list",
    columns=(
        Column("line", _("Line"), lambda r: r.line, Kind.NUMBER),
        Column("result", _("What became of it"), lambda r: r.result, badge="in_row"),
        Column(
            "payer_number", _("Payer number"), lambda r: r.payer_number, Kind.CODE,
            link=lambda r: mandate_url(r.mandate) if r.mandate else "",
        ),
        Column("kind", _("Record"), lambda r: r.kind, Kind.CODE, wide=True),
        Column("said", _("What it says"), giro_kinds.row_code, wide=True),
        Column("day", _("Day"), lambda r: r.day, Kind.DAY, wide=True),
        Column("amount_ore", _("Sum"), lambda r: r.amount_ore, Kind.MONEY),
        Column("code", _("The bank's code"), lambda r: r.code, Kind.CODE, on_page=False),
        Column("file", _("File"), lambda r: str(r.file.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.choice(
            "result", filters.SHOW, InRow.Result.choices, filters.where("result"),
        ),
        filters.reference(lambda typed: Q(payer_number=typed), _("with payer number")),
        filters.reference(
            lambda typed: Q(file__ref=typed) if len(typed) == 36 else Q(pk=None),
            _("of file"), "file",
        ),
    ),
)  # fmt: skip


def question_url(question: Question) -> str:
    """The page of a question."""
    return reverse("console:giro_question", args=[question.ref])


QUESTIONS = Table(
    name="giro_questions",
    title=_("Questions about autogiro"),
    permission="autogiro.view",
    take_out="autogiro.export",
    path=ENTITY,
    rows=lambda: Question.objects.select_related("file", "mandate").defer("file__sealed"),
    count=lambda n, shown: (
        ngettext("%(number)s question", "%(number)s questions", n) % {"number": shown}
    ),
    empty=_("Nothing waits. What no rule can place stands here, and is decided by a person."),
    template="giro_list",
    columns=(
        Column("asked_at", _("Asked"), lambda q: q.asked_at, Kind.TIME, link=question_url),
        Column("kind", _("What it is"), lambda q: q.kind, words=lambda c: Question.Kind(c).label),
        Column("state", _("State"), lambda q: q.state, badge="question"),
        Column("payer_number", _("Payer number"), lambda q: q.payer_number, Kind.CODE, wide=True),
        Column("differs", _("Otherwise"), lambda q: q.differs, words=giro_kinds.differs, wide=True),
        Column("day", _("Day"), lambda q: q.day, Kind.DAY, wide=True),
        Column("amount_ore", _("Sum"), lambda q: q.amount_ore, Kind.MONEY, total="amount_ore"),
        Column("code", _("The bank's code"), lambda q: q.code, Kind.CODE, on_page=False),
        Column("how", _("How it was solved"), lambda q: q.how, Kind.CODE, on_page=False),
        Column("solved_at", _("Solved"), lambda q: q.solved_at, Kind.TIME, on_page=False),
    ),
    filters=(
        filters.choice(
            "state", filters.SHOW, Question.State.choices, filters.where("state"), initial="open"
        ),
        filters.choice(
            "about", _("about"),
            [
                ("rows", _("rows of files")),
                ("register", _("the register of mandates")),
                ("watch", _("the register of waiting draws")),
            ],
            lambda rows, value, _viewer: rows.filter(kind__in=ABOUT[value]), every=_("anything"),
        ),
        filters.entity("autogiro.view", ENTITY),
        filters.reference(lambda typed: Q(payer_number=typed), _("with payer number")),
    ),
)  # fmt: skip
_WATCH = {Question.Kind.WATCH_MISSING, Question.Kind.WATCH_EXTRA}
ABOUT: dict[str, set[str]] = {
    "register": set(giro_kinds.REGISTER_KINDS),
    "watch": set(_WATCH),
    "rows": set(Question.Kind.values) - giro_kinds.REGISTER_KINDS - _WATCH,
}
