"""The first words of consent. Staff publish their own; these are here so that a page can open."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Words(NamedTuple):
    purpose: str
    sv: str
    en: str


FIRST_DATE = date(2026, 1, 1)
FIRST = (
    Words(
        "register",
        "Jag samtycker till att mina uppgifter sparas i givarregistret. Att jag har gett en gåva "
        "kan visa vad jag tycker politiskt. Jag kan när som helst ta tillbaka samtycket.",
        "I agree to my details being kept in the donor register. That I have given may show my "
        "political opinion. I can withdraw my consent at any time.",
    ),
    Words(
        "appeals",
        "Jag vill få mejl om vad gåvorna går till och när det är dags för en ny insamling. Jag kan "
        "när som helst tacka nej.",
        "I would like e-mails about what the gifts are used for and about new campaigns. I can say "
        "no thank you at any time.",
    ),
    Words(
        "targeting",
        "Jag vill få insamlingsmejl som är anpassade efter vad jag har gett tidigare och var jag "
        "bor. Utan detta får jag samma mejl med vanliga belopp. Jag kan när som helst ta tillbaka "
        "samtycket.",
        "I would like appeals that are fitted to what I have given before and where I live. "
        "Without this I get the same mail with standard sums. I can withdraw my consent at any "
        "time.",
    ),
)
