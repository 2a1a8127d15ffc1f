"""Each reason for which a file is refused is said in both languages, with its figures and place."""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po
from django.utils import translation

from fundraise.reconciliation.file_words import where, why
from fundraise.reconciliation.formats.reasons import FIELDS, PLACES, REASONS, reason
from tests.providers.autogiro import written
from tests.reconciliation.formats.reading import refusal

ROOT = Path(__file__).resolve().parents[2]
PART = ROOT / "fundraise/locale/parts/statement-files.po"


def test_every_reason_has_swedish_and_no_text_is_left_over() -> None:
    with PART.open("rb") as file:
        said = {(one.context, one.id) for one in read_po(file) if one.id}
    wanted = {(None, text) for text in [*REASONS.values(), *FIELDS.values()]}
    assert said == wanted | {("place", word) for word in PLACES}


def test_a_reason_is_whole_whatever_facts_it_has() -> None:
    for code in REASONS:
        for language in ("sv", "en"):
            with translation.override(language):
                said = why(code, {})
            assert "%(" not in said
            assert said.endswith((".", "?"))
        assert reason(code) == said


def test_sums_are_kronor_and_places_are_swedish() -> None:
    with translation.override("sv"):
        assert why("running_balance", {"said": 987_60, "found": 987_50}).replace("\u202f", " ") == (
            "Saldot är 987,60 kr; efter den här raden borde det vara 987,50 kr."
        )
        assert why("count", {"said": 3, "found": 2}) == "Det finns 2; där står 3."
        assert why("missing", {"field": "BookgDt"}) == "Bokföringsdagen saknas."
        assert where("row 12, column Belopp") == "rad 12, kolumn Belopp"
        assert where("entry 3, payment 1") == "post 3, betalning 1"
        assert where("row 2, column row total") == "rad 2, kolumn row total"
        assert where("the statement") == "kontoutdraget"
        code, at, facts = refusal(written.content("bgmax")[:-82])
        assert (code, where(at).split()[0]) == ("bankgirot", "rad")
        assert why(code, facts) == "Slutposten saknas."
    assert why("somebody's own code", {}) == "somebody's own code"
