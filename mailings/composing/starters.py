"""Three mails to begin from, in both languages. They come with the program and are copied.

What only the writer can know stands in double brackets, and the mail can't go while it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mailings.composing.sheets import Sheet, read

Blocks = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Starter:
    """A mail to begin from, by language."""

    code: str
    sheets: dict[str, Sheet]


def _sheet(subject: str, preheader: str, *blocks: dict[str, Any]) -> Sheet:
    numbered = [{"id": f"b{n}", **block} for n, block in enumerate(blocks, 1)]
    return read({"subject": subject, "preheader": preheader, "blocks": numbered})


def _text(*paragraphs: str) -> dict[str, Any]:
    return {"kind": "text", "text": "\n\n".join(paragraphs)}


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "text": text}


def _signed(closing: str, name: str, role: str) -> dict[str, Any]:
    return {"kind": "signature", "closing": closing, "name": name, "role": role}


def _ask(text: str, period: str = "once") -> dict[str, Any]:
    return {"kind": "ask", "period": period, "base": "last", "text": text}


APPEAL = Starter(
    "appeal",
    {
        "sv": _sheet(
            "Kan vi räkna med dig för {{campaign}}?",
            "En gåva nu gör att vi kan planera i stället för att vänta.",
            _heading("{{greeting|Hej}}!"),
            _text(
                "Jag skriver för att **{{campaign}}** behöver dig. Det vi gör de närmaste veckorna "
                "avgör vad som blir möjligt sedan, och varje krona går dit den är lovad.",
                "Vill du vara med och bära det?",
            ),
            _ask("Välj ett belopp. Du betalar med Swish eller kort på mindre än en minut."),
            {"kind": "thermometer", "text": "Så långt har vi kommit tillsammans:"},
            _text(
                "Kan du inte ge just nu är det helt i sin ordning. Det hjälper också att skicka "
                "det här vidare till en vän."
            ),
            _signed("Tack för att du finns med.", "[[Namn]]", "{{organisation}}"),
        ),
        "en": _sheet(
            "Can we count on you for {{campaign}}?",
            "A gift now lets us plan rather than wait.",
            _heading("{{greeting|Hello}}!"),
            _text(
                "I am writing because **{{campaign}}** needs you. What we do in the coming weeks "
                "decides what becomes possible later, and every krona goes where it was promised.",
                "Will you help to carry it?",
            ),
            _ask("Choose an amount. It takes less than a minute, by Swish or card."),
            {"kind": "thermometer", "text": "This is how far we have come together:"},
            _text(
                "If you can't give just now, that is quite all right. Passing this on to a friend "
                "helps too."
            ),
            _signed("Thank you for being with us.", "[[Name]]", "{{organisation}}"),
        ),
    },
)
MONTHLY = Starter(
    "monthly",
    {
        "sv": _sheet(
            "En liten summa varje månad gör stor skillnad",
            "Då vet vi vad vi har att röra oss med, månad efter månad.",
            _heading("{{greeting|Hej}}, vill du bli månadsgivare?"),
            _text(
                "En gåva som kommer varje månad är den som räcker längst. Då vet vi vad vi har att "
                "planera med, och du behöver inte tänka på det mer.",
                "- Du väljer belopp och dag.\n- Du ändrar, pausar eller avslutar när du vill, med "
                "två tryck.\n- Du får besked innan första dragningen.",
            ),
            _ask("Vad passar dig?", "monthly"),
            _text("Vill du hellre ge en gång? Det betyder också mycket."),
            {"kind": "button", "text": "Ge en gång"},
            _signed("Med värme,", "[[Namn]]", "{{organisation}}"),
        ),
        "en": _sheet(
            "A small sum every month makes a big difference",
            "Then we know what we have to work with, month after month.",
            _heading("{{greeting|Hello}}, will you give every month?"),
            _text(
                "A gift that comes every month goes the furthest. We know what we can plan for, "
                "and you need not think of it again.",
                "- You choose the amount and the day.\n- You change, pause or stop whenever you "
                "like, in two taps.\n- You hear from us before anything is drawn.",
            ),
            _ask("What suits you?", "monthly"),
            _text("Would you rather give once? That means a lot too."),
            {"kind": "button", "text": "Give once"},
            _signed("Warmly,", "[[Name]]", "{{organisation}}"),
        ),
    },
)
THANKS = Starter(
    "thanks",
    {
        "sv": _sheet(
            "Tack! Så här långt har vi kommit",
            "Det här har gåvorna till {{campaign}} blivit hittills.",
            _heading("{{greeting|Hej}}, och tack!"),
            _text(
                "Det är tack vare dig och många andra som **{{campaign}}** rör sig framåt. Här är "
                "vad gåvorna har gjort sedan sist:",
                "- [[Skriv det första ni har uträttat.]]\n- [[Skriv det andra.]]\n"
                "- [[Skriv vad som kommer härnäst.]]",
            ),
            {"kind": "thermometer", "text": "Tillsammans har vi samlat in:"},
            _text("Vill du följa arbetet? Svara gärna på det här mejlet, vi läser allt."),
            _signed("Tack än en gång,", "[[Namn]]", "{{organisation}}"),
        ),
        "en": _sheet(
            "Thank you! This is how far we have come",
            "What the gifts to {{campaign}} have become so far.",
            _heading("{{greeting|Hello}}, and thank you!"),
            _text(
                "It is thanks to you and many others that **{{campaign}}** is moving forward. This "
                "is what the gifts have done since last time:",
                "- [[Write the first thing that was done.]]\n- [[Write the second.]]\n"
                "- [[Write what comes next.]]",
            ),
            {"kind": "thermometer", "text": "Together we have raised:"},
            _text("Would you like to follow the work? Do answer this mail, we read everything."),
            _signed("Thank you once more,", "[[Name]]", "{{organisation}}"),
        ),
    },
)
STARTERS = {one.code: one for one in (APPEAL, MONTHLY, THANKS)}
