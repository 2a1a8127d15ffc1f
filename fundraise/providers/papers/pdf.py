"""Papers as PDF, by typst: no system library, fonts inside its wheel, the same bytes each time."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise.providers.papers.mandate import Paper

_TEMPLATE = Path(__file__).with_suffix(".typ").with_name("mandate.typ")


def mandate_pdf(paper: Paper) -> bytes:
    """The mandate as a PDF. Nothing of it touches a disk; words are data, never typst code."""
    with translation.override(paper.language):
        title = _("Autogiro mandate")
    values = json.dumps({**asdict(paper), "title": title})
    made = typst.compile(_template(), sys_inputs={"paper": values}, timestamp=0)
    return bytes(made)


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
