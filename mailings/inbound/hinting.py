"""What an answer seems to ask for, by its own words. It orders a queue and decides nothing."""

from __future__ import annotations

import re

DECEASED, STOP_GIFT, UNSUBSCRIBE, GAVE, ADDRESS = (
    "deceased", "stop_gift", "unsubscribe", "gave", "address",
)  # fmt: skip
LOOKED_AT = 3000  # letters

# The most pressing first: a widow's "stop the gift" is a death.
_PATTERNS = [
    (hint, re.compile(pattern, re.IGNORECASE))
    for hint, pattern in (
        (
            DECEASED,
            r"\b(avlid(en|it)|dödsbo\w*|gått bort|har dött|är död|dog (i|den)|begrav\w+"
            r"|passed away|deceased|has died|late husband|late wife)\b",
        ),
        (
            STOP_GIFT,
            r"\b((avsluta|stoppa|säg(a|er)? upp|upphör\w*|pausa|sluta) .{0,40}"
            r"(månadsgåva\w*|månadsgiv\w*|gåva\w*|autogiro\w*|dragning\w*|givande\w*|ge pengar)"
            r"|sluta dra|dra inga? (mer|fler)|(cancel|stop|end) .{0,40}"
            r"(monthly|gift|donation|direct debit|payment)s?)\b",
        ),
        (
            UNSUBSCRIBE,
            r"\b(avregistrera\w*|avprenumerera\w*|avanmäl\w*|unsubscribe|ta bort mig|stryk mig"
            r"|inga fler (mejl|mail|brev|utskick)|inte ha (fler|mer) (mejl|mail|brev|utskick)"
            r"|sluta (mejla|maila|skicka)|slipp(a|er) (era|mejl|mail|utskick)|remove me"
            r"|(stop|no more) (e-?mails?|mailing|sending))\b",
        ),
        (
            GAVE,
            r"\b(redan (gett|gjort|skänkt|betalat|swishat|bidragit)|(gav|gett|swishade) (igår|förra"
            r"|nyss|i går)|already (given|gave|donated|paid))\b",
        ),
        (
            ADDRESS,
            r"\b(ny (e-?post|mejl|mail)\w*|(byt(t|er|a)?|ändra(t|r)?) (e-?post|mejl|mail|adress)\w*"
            r"|new (e-?mail )?address|chang(e|ed) (my )?(e-?mail|address))\b",
        ),
    )
]


def hint_of(subject: str, text: str) -> str:
    """The hint, empty where nothing is recognised. A short "Avsluta" alone ends the mails."""
    answers = subject.lower().startswith(("sv:", "re:", "vs:", "fw:", "fwd:"))
    said = (text if answers else f"{subject}\n{text}")[:LOOKED_AT]
    found = next((hint for hint, pattern in _PATTERNS if pattern.search(said)), "")
    if not found and re.fullmatch(r"\W*(avsluta|stopp|stop|sluta|end)\W*", text, re.IGNORECASE):
        return UNSUBSCRIBE
    return found
