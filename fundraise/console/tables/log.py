"""The change log and the read log as lists: who, when, what, before and after, why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.console import log_words, words
from fundraise.console.change_words import CHANGES, change
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Filter, Kind, Table, Viewer
from fundraise.staff.rights import Rights

OTHERS = [("system:", _("the system")), ("donor:", _("givers")), ("key:", _("keys of the API"))]


def _who(_held: Rights) -> forms.Field:
    people = User.objects.filter(is_staff=True).order_by("username")
    named = [(f"staff:{user.pk}", user.get_username()) for user in people]
    choices = [("", _("everybody")), *named, *OTHERS]
    return forms.ChoiceField(required=False, choices=choices, label=_("by"))


def _by(rows: QuerySet[Any], who: str, _viewer: Viewer) -> QuerySet[Any]:
    return rows.filter(by__startswith=who) if who.endswith(":") else rows.filter(by=who)


WHO = Filter("who", _who, _by)
ABOUT = filters.choice(
    "subject",
    _("about"),
    list(log_words.SUBJECTS.items()),
    filters.where("subject_type"),
    every=_("everything"),
)
REFERENCE = filters.reference(lambda typed: Q(subject_ref=typed))


def _subject_column() -> Column:
    return Column(
        "subject",
        _("About"),
        lambda line: line.subject_type,
        words=log_words.subject,
        wide=True,
    )


def _page(line: ChangeLine | ReadLine) -> str:
    return log_words.address(line.subject_type, line.subject_ref)


def _short(line: ChangeLine | ReadLine) -> str:
    """The first signs of a ref; a member of staff by name."""
    if line.subject_type == "staff":
        return words.actor(f"staff:{line.subject_ref}")
    return str(line.subject_ref)[:8]


def _reference_column(*, on_page: bool) -> Column:
    return Column(
        "reference",
        _("Reference"),
        lambda line: line.subject_ref,
        Kind.CODE,
        show=_short,
        wide=True,
        on_page=on_page,
    )


def differences(line: ChangeLine) -> str:
    """What was before and after, field by field."""
    return "; ".join(log_words.differences(line.before, line.after))


CHANGE_LOG = Table(
    name="log",
    title=_("Change log"),
    permission="log.view",
    take_out="log.view",
    path="",
    rows=lambda: ChangeLine.objects.all(),
    count=lambda n, shown: ngettext("%(number)s line", "%(number)s lines", n) % {"number": shown},
    empty=_("Nothing has been changed yet. Each change will stand here with who made it."),
    template="log",
    columns=(
        Column("at", _("When"), lambda line: line.at, Kind.TIME),
        Column("by", _("Who"), lambda line: line.by, words=words.actor),
        Column("action", _("What"), lambda line: line.action, words=change, link=_page),
        _subject_column(),
        _reference_column(on_page=True),
        Column("change", _("Before → after"), differences, wide=True),
        Column("reason", _("Why"), lambda line: line.reason, wide=True),
    ),
    filters=(
        WHO,
        filters.choice(
            "action",
            _("what"),
            sorted(CHANGES.items()),
            filters.where("action"),
            every=_("everything"),
        ),
        ABOUT,
        *filters.moments("at"),
        REFERENCE,
    ),
)

READ_LOG = Table(
    name="reads",
    title=_("Read log"),
    permission="log.view",
    take_out="log.view",
    path="",
    rows=lambda: ReadLine.objects.all(),
    count=lambda n, shown: ngettext("%(number)s look", "%(number)s looks", n) % {"number": shown},
    empty=_("Nobody has looked at a person yet. Each look will stand here with who looked."),
    template="log",
    columns=(
        Column("at", _("When"), lambda line: line.at, Kind.TIME),
        Column("by", _("Who"), lambda line: line.by, words=words.actor),
        Column("purpose", _("What"), lambda line: line.purpose, words=log_words.look, link=_page),
        _subject_column(),
        _reference_column(on_page=True),
        Column("count", _("Records"), lambda line: line.count, Kind.NUMBER, total="count"),
    ),
    filters=(
        WHO,
        filters.choice(
            "purpose",
            _("what"),
            list(log_words.LOOKS.items()),
            filters.where("purpose"),
            every=_("everything"),
        ),
        ABOUT,
        *filters.moments("at"),
        REFERENCE,
    ),
)
