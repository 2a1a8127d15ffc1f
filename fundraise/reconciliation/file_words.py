"""Why a bank's file is refused, and where, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext, pgettext

from fundraise.providers import autogiro_words
from fundraise.providers.autogiro.errors import Remark
from fundraise.reconciliation.formats.reasons import FIELDS, PLACES, REASONS, fill

_PLACE = re.compile(rf"(?:\A|(?<=, ))({'|'.join(PLACES)})\b")


def why(code: str, facts: Mapping[str, object]) -> str:
    """The reason, with what to do. A code that is not a file's own is said as it is."""
    if code not in REASONS:
        return code
    if code == "bankgirot" and "remark" in facts:
        values = facts.get("values")
        told = values.items() if isinstance(values, Mapping) else ()
        pairs = tuple((str(name), str(value)) for name, value in told)
        return str(autogiro_words.reason(Remark(str(facts["remark"]), values=pairs)))
    fields = {name: gettext(word) for name, word in FIELDS.items()}
    return fill(gettext(REASONS[code]), code, facts, fields)


def where(at: str) -> str:
    """The place: "rad 12, kolumn Belopp". What a bank calls its columns stays."""
    return _PLACE.sub(lambda found: pgettext("place", found[1]), at)
