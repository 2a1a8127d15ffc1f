"""The mandate as the PDF that a confirmation carries."""

from __future__ import annotations

from base64 import b64encode

from fundraise.pledges import signed
from fundraise.pledges.models import Mandate, Pledge
from fundraise.providers.papers import mandate as papers
from fundraise.providers.papers.mandate import Paper
from fundraise.providers.papers.pdf import mandate_pdf
from mailings.monthly import words
from mailings.senders.base import Attached


def paper_of(pledge: Pledge) -> tuple[Mandate, Paper] | None:
    """The pledge's signed mandate with its paper; None for cards and the Internet bank."""
    mandate = words.mandate_of(pledge)
    paper = papers.paper_of(mandate) if mandate is not None else None
    return (mandate, paper) if mandate is not None and paper is not None else None


def pdf_of(mandate: Mandate | None) -> Attached | None:
    """A mandate's PDF, ready to be attached; None where it has no text of ours."""
    paper = papers.paper_of(mandate) if mandate is not None else None
    if paper is None:
        return None
    pdf = b64encode(mandate_pdf(paper)).decode()
    return Attached(paper.file_name, "application/pdf", pdf)


def link(mandate: Mandate, language: str) -> str:
    """The mandate as a page."""
    return signed.url("mandate", mandate.ref, language)
