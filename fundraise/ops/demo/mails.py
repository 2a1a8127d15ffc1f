"""The demo's templates of mails, signed, with the campaign's picture in the library."""

from __future__ import annotations

import io
import re

from fundraise.ledger.models import LegalEntity
from fundraise.ops.demo import party, picture
from mailings.composing import services
from mailings.composing.models import Picture, Template
from mailings.composing.sheets import Sheet, read
from mailings.composing.starters import STARTERS

LEFT = re.compile(r"\[\[[^\]]*\]\]")
LANGUAGES = ("sv", "en")
NAMES = {
    "appeal": "Utskick: tre belopp och termometer",
    "monthly": "Fråga om att ge varje månad",
    "thanks": "Tack, så långt har vi kommit",
}
DONE = {
    "sv": ("Vi har öppnat tre nya lokaler.", "Vi har utbildat 140 valarbetare.",
           "I vår knackar vi dörr i hela landet."),
    "en": ("We have opened three new rooms.", "We have trained 140 canvassers.",
           "This spring we knock on doors all over the country."),
}  # fmt: skip


def ensure(entity: LegalEntity) -> None:
    """Three templates, each with a kept version. What a person changed stays as it is."""
    if not Picture.objects.filter(entity=entity).exists():
        drawn = picture.draw()
        services.add_picture(
            entity=entity,
            upload=io.BytesIO(drawn),
            size=len(drawn),
            alt_sv=str(party.CAMPAIGN["picture_alt_sv"]),
            alt_en=str(party.CAMPAIGN["picture_alt_en"]),
            by=party.BY,
        )
    if Template.objects.filter(entity=entity).exists():
        return
    for code, name in NAMES.items():
        sheets = {language: whole(code, language) for language in STARTERS[code].sheets}
        made = services.create_template(entity=entity, name=name, by=party.BY, sheets=sheets)
        services.keep_version(ref=made.ref, by=party.BY)


def whole(code: str, language: str) -> Sheet:
    """A starter's mail with words of its own where the writer's are left out."""
    kept = STARTERS[code].sheets[language].dump()
    for block in kept["blocks"]:
        if block["kind"] == "signature":
            block["name"] = "Maria Exempel"
        if "[[" in block.get("text", ""):
            block["text"] = _filled(block["text"], DONE[language])
    return read(kept)


def _filled(text: str, lines: tuple[str, ...]) -> str:
    """The places that are left to write, filled in their order."""
    for line in lines:
        text = LEFT.sub(line, text, count=1)
    return text
