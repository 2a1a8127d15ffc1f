"""The report as a PDF to sign. Of one that was filed the bytes are the same every time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.language import SWEDISH
from fundraise.money import format_kronor, format_number
from fundraise.reporting.party import filing, words
from fundraise.reporting.party.shown import Shown, ShownGiver

TEMPLATE = Path(__file__).parent / "report.typ"


def pdf(shown: Shown, named: Sequence[ShownGiver], warning: str = "") -> bytes:
    """The report with its named givers."""
    said = json.dumps(_said(shown, named, warning))
    return bytes(typst.compile(_template(), sys_inputs={"report": said}, timestamp=0))


def name_of(shown: Shown, ending: str) -> str:
    """What the file is called."""
    version = f"-v{shown.version}" if shown.version else "-utkast"
    return f"partifinansiering-{shown.entity.slug}-{shown.year}{version}.{ending}"


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def _said(shown: Shown, named: Sequence[ShownGiver], warning: str) -> dict[str, object]:
    changes = filing.changes(shown.report) if shown.report is not None else []
    return {
        "title": _("Party finance %(year)s, %(entity)s")
        % {"year": shown.year, "entity": shown.entity.name},
        "entity": shown.entity.name,
        "language": get_language() or SWEDISH,
        "warning": warning,
        "facts": [[name, value] for name, value in facts(shown)],
        "income": _("Income"),
        "heads": [_("Line"), _("How many"), _("Sum, kr")],
        "lines": [
            {
                "text": line.text,
                "number": "" if line.number is None else str(line.number),
                "sum": format_number(line.amount_ore),
                "sub": line.is_sub,
            }
            for line in shown.lines
        ],
        "total_word": _("Total"),
        "total": format_number(shown.total_ore),
        "named_title": _("Contributions above half a price base amount"),
        "named_heads": [_("Giver"), _("Identity"), _("In which form"), _("Sum, kr")],
        "named": [
            [
                row.name or row.giver,
                row.identity or "–",
                form_of(row),
                format_number(row.amount_ore),
            ]
            for row in named
        ],
        "changes_title": _("What was amended"),
        "changes_heads": [_("Line"), _("Before, kr"), _("Now, kr")],
        "changes": [
            [words.line(one.code), format_number(one.before_ore), format_number(one.after_ore)]
            for one in changes
        ],
        "signatures": [_("Place and day"), _("Authorised signatory")],
        "sha256": shown.sha256,
    }


def facts(shown: Shown) -> list[tuple[str, str]]:
    """The head of the report."""
    found = [
        (_("Association"), f"{shown.entity.name}, {shown.entity.org_number}"),
        (_("Year"), str(shown.year)),
        (_("Price base amount"), format_kronor(shown.base_ore)),
        (_("Anonymous limit"), format_kronor(shown.anonymous_ore)),
        (_("To Kammarkollegiet by"), shown.due_on.isoformat()),
        (_("Freed from filing (25 §)"), _("yes") if shown.is_freed else _("no")),
    ]
    if shown.filed_at is None:
        found.append((_("Version"), _("draft, not filed")))
    else:
        at = shown.filed_at.astimezone(clock.STOCKHOLM)
        found.append((_("Version"), f"{shown.version}, {at:%Y-%m-%d %H:%M}"))
    if shown.reason:
        found.append((_("Why it was amended"), shown.reason))
    return found


def form_of(row: ShownGiver) -> str:
    """Money, goods or services, or both."""
    if row.in_kind_ore >= row.amount_ore:
        return _("in kind")
    return _("money and in kind") if row.in_kind_ore else _("money")
