"""What a ready-made mail of a journey is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Stand for addresses until the mail is made.
MY_PAGES, RAISING = "my-pages", "raising"


@dataclass(frozen=True, slots=True)
class Words:
    """One mail in one language."""

    subject: str
    preheader: str
    blocks: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, so many days after the one before (or after the event)."""

    wait_days: int
    sv: Words
    en: Words


def sv(subject: str, preheader: str, heading: str, *rest: str | dict[str, Any]) -> Words:
    return _words(subject, preheader, heading, rest, "Varma hälsningar,")


def en(subject: str, preheader: str, heading: str, *rest: str | dict[str, Any]) -> Words:
    return _words(subject, preheader, heading, rest, "Warm regards,")


def _words(
    subject: str,
    preheader: str,
    heading: str,
    rest: tuple[str | dict[str, Any], ...],
    closing: str,
) -> Words:
    """Plain strings are paragraphs; a signature of the organisation ends it."""
    blocks: list[dict[str, Any]] = [{"kind": "heading", "text": heading}]
    blocks += [{"kind": "text", "text": one} if isinstance(one, str) else one for one in rest]
    signed = {"kind": "signature", "closing": closing, "name": "{{organisation}}", "role": ""}
    return Words(subject, preheader, (*blocks, signed))


def button(text: str, link: str = "") -> dict[str, Any]:
    return {"kind": "button", "text": text, "link": link}


def ask(text: str, period: str = "once") -> dict[str, Any]:
    return {"kind": "ask", "period": period, "base": "last", "text": text}


def bar(text: str) -> dict[str, Any]:
    return {"kind": "thermometer", "text": text}
