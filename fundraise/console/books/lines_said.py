"""A line of a month's checklist in words; those of the daily proof as its own page says them."""

from __future__ import annotations

import re

from fundraise.console.treasury import proof_words
from fundraise.reconciliation.models import BankAccount
from fundraise.reporting.books.closing import words

REF = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def said(key: str, name: str) -> str:
    """What the line compares, and of which account."""
    letter, colon, source = key.removesuffix(":house").partition(":")
    if not colon:
        return words.line(key)
    part = proof_words.part_of(letter, source)
    title = str(proof_words.LINES.get((letter, part), name))
    accounts = BankAccount.objects.filter(ref__in=REF.findall(source))
    whose = accounts.values_list("name", flat=True).first()
    return f"{title} ({whose})" if whose else title
