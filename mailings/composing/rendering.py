"""One person's mail, whole: for a preview, a test mail, the inbox of the stand-in."""

from __future__ import annotations

from typing import Protocol

from mailings.composing import values
from mailings.composing.values import Record


class Words(Protocol):
    """What was compiled: an appeal's Content row."""

    compiled_subject: str
    compiled_html: str
    compiled_text: str


def render_for(content: Words, record: Record) -> tuple[str, str, str]:
    """(subject, html, text) as this person gets them."""
    said = (content.compiled_subject, content.compiled_html, content.compiled_text)
    subject, html, text = (values.fill(part, record) for part in said)
    return subject, html, text
