"""The addresses of My pages, in both languages."""

from __future__ import annotations

from django.urls import URLPattern, path

from fundraise.give.mine import (
    account,
    card_pages,
    details,
    door,
    giving,
    home,
    identity,
    naming,
    ocr,
    papers,
    pledge_pages,
    raising,
    repair,
    tax_number,
)
from fundraise.give.mine.guard import donors_only, public

WORDS = {
    "sv": {
        "mine": "mina-sidor", "ask": "lank", "enter": "in", "leave": "ut", "pledge": "manadsgava",
        "amount": "belopp", "day": "dag", "skip": "hoppa-over", "pause": "pausa",
        "resume": "ateruppta", "stop": "avsluta", "undo": "angra", "account": "konto",
        "repair": "ratta", "gifts": "gavor", "receipt": "kvitto", "details": "uppgifter",
        "card": "kort", "confirm": "bekrafta", "consent": "samtycke", "request": "begaran",
        "raise": "hoj", "name_sum": "e-medgivande", "statement": "arsbesked",
        "identity": "vem-ger", "tax_number": "personnummer", "ocr": "ocr-nummer",
    },
    "en": {
        "mine": "my-pages", "ask": "link", "enter": "in", "leave": "out", "pledge": "monthly-gift",
        "amount": "sum", "day": "day", "skip": "skip", "pause": "pause",
        "resume": "resume", "stop": "end", "undo": "undo", "account": "account",
        "repair": "repair", "gifts": "gifts", "receipt": "receipt", "details": "details",
        "card": "card", "confirm": "confirm", "consent": "consent", "request": "request",
        "raise": "raise", "name_sum": "e-mandate", "statement": "statement",
        "identity": "who-gives", "tax_number": "identity-number", "ocr": "ocr-number",
    },
}  # fmt: skip


def patterns(language: str) -> list[URLPattern]:
    """All of them, below the word for My pages."""
    word = WORDS[language]
    top = word["mine"]
    pledge = f"{top}/{word['pledge']}/<uuid:ref>"
    acts = {
        "amount": pledge_pages.amount,
        "day": pledge_pages.day,
        "skip": pledge_pages.skip,
        "pause": pledge_pages.pause,
        "resume": pledge_pages.resume,
        "stop": pledge_pages.stop,
        "own_account": account.own_account,
        "own_repair": repair.own_repair,
        "own_card": card_pages.own_card,
    }
    return [
        path(f"{top}/", donors_only(home.home), name=f"mine_{language}"),
        path(f"{top}/{word['ask']}/", public(door.ask), name=f"ask_{language}"),
        path(f"{top}/{word['enter']}/", public(door.enter), name=f"enter_{language}"),
        path(f"{top}/{word['leave']}/", public(door.leave), name=f"leave_{language}"),
        path(f"{top}/{word['raise']}/", public(raising.page), name=f"raise_{language}"),
        path(f"{top}/{word['repair']}/", public(repair.page), name=f"repair_{language}"),
        path(
            f"{top}/{word['repair']}/{word['account']}/",
            public(account.page_by_key),
            name=f"repair_account_{language}",
        ),
        path(f"{top}/{word['card']}/", public(card_pages.new_card), name=f"new_card_{language}"),
        path(
            f"{top}/{word['confirm']}/",
            public(card_pages.confirm),
            name=f"confirm_draw_{language}",
        ),
        path(f"{top}/{word['name_sum']}/", public(naming.page), name=f"name_sum_{language}"),
        *(
            path(
                f"{pledge}/{word[name.removeprefix('own_')]}/",
                donors_only(view),
                name=f"{name}_{language}",
            )
            for name, view in acts.items()
        ),
        path(
            f"{pledge}/{word['undo']}/<int:change_id>/",
            donors_only(pledge_pages.undo),
            name=f"undo_{language}",
        ),
        path(f"{top}/{word['gifts']}/", donors_only(giving.gifts), name=f"gifts_{language}"),
        path(
            f"{top}/{word['gifts']}/<int:year>/",
            donors_only(giving.year),
            name=f"year_{language}",
        ),
        path(
            f"{top}/{word['receipt']}/<uuid:ref>/",
            donors_only(giving.receipt),
            name=f"receipt_{language}",
        ),
        path(
            f"{top}/{word['receipt']}/<uuid:ref>/pdf/",
            donors_only(papers.receipt),
            name=f"receipt_pdf_{language}",
        ),
        path(
            f"{top}/{word['gifts']}/<uuid:ref>/{word['receipt']}/",
            donors_only(papers.ask),
            name=f"ask_receipt_{language}",
        ),
        path(
            f"{top}/{word['gifts']}/<int:year>/{word['statement']}/",
            donors_only(papers.statement),
            name=f"statement_{language}",
        ),
        path(f"{top}/{word['details']}/", donors_only(details.details), name=f"details_{language}"),
        path(
            f"{top}/{word['identity']}/",
            donors_only(identity.identity),
            name=f"identity_{language}",
        ),
        path(
            f"{top}/{word['tax_number']}/",
            donors_only(tax_number.tax_number),
            name=f"tax_number_{language}",
        ),
        path(f"{top}/{word['ocr']}/", donors_only(ocr.issue), name=f"ocr_{language}"),
        path(f"{top}/{word['consent']}/", donors_only(details.consent), name=f"consent_{language}"),
        path(f"{top}/{word['request']}/", donors_only(details.ask), name=f"request_{language}"),
    ]
