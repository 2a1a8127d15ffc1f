"""The public pages: Swedish at `/`, the same under `/en/` in English."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from fundraise.give.mails import urls as mails
from fundraise.give.mine import urls as mine
from fundraise.give.views import (
    about,
    account,
    donate,
    embed,
    gift,
    mandate,
    pledge,
    proof,
    thermometer,
)

app_name = "give"

WORDS = {
    "sv": {
        "gift": "gava",
        "check": "kontrollera",
        "thermometer": "termometer",
        "give": "ge",
        "embed": "badda-in",
        "prove": "prova",
        "link": "lank",
        "about": "om",
        "privacy": "integritet",
        "accessibility": "tillganglighet",
        "account": "konto",
        "pledge": "manadsgava",
        "sign": "underteckna",
        "first": "forsta-gava",
        "mandate": "medgivande",
        "disown": "inte-jag",
    },
    "en": {
        "gift": "gift",
        "check": "check",
        "thermometer": "thermometer",
        "give": "give",
        "embed": "embed",
        "prove": "prove",
        "link": "link",
        "about": "about",
        "privacy": "privacy",
        "accessibility": "accessibility",
        "account": "account",
        "pledge": "monthly",
        "sign": "sign",
        "first": "first-gift",
        "mandate": "mandate",
        "disown": "not-me",
    },
}


def _patterns(language: str) -> list[URLPattern]:
    words = WORDS[language]
    about_path, gift_path = words["about"], f"{words['gift']}/<uuid:ref>"
    return [
        path("", donate.front, name=f"front_{language}"),
        *mine.patterns(language),
        *mails.patterns(language),
        path(f"{about_path}/{words['privacy']}/", about.privacy, name=f"privacy_{language}"),
        path(
            f"{about_path}/{words['accessibility']}/",
            about.accessibility,
            name=f"accessibility_{language}",
        ),
        path(f"{words['account']}/bank/", account.bank, name=f"bank_{language}"),
        path(f"{words['account']}/{words['check']}/", account.check, name=f"account_{language}"),
        path(f"{gift_path}/", gift.show, name=f"gift_{language}"),
        path(f"{gift_path}/{words['check']}/", gift.check, name=f"check_{language}"),
        *_monthly(language),
        path("<slug:slug>/thermometer.svg", thermometer.svg, name=f"svg_{language}"),
        path(
            "<slug:slug>/thermometer-dark.svg",
            thermometer.svg,
            {"dark": True},
            name=f"svg_dark_{language}",
        ),
        path("<slug:slug>/button.svg", thermometer.button, name=f"button_svg_{language}"),
        path(f"<slug:slug>/{words['embed']}/", embed.page, name=f"embed_{language}"),
        path(
            f"<slug:slug>/{words['thermometer']}/",
            thermometer.page,
            name=f"thermometer_{language}",
        ),
        path(f"<slug:slug>/{words['give']}/", donate.give, name=f"give_{language}"),
        path(f"<slug:slug>/{words['prove']}/", proof.challenge, name=f"prove_{language}"),
        path(f"<slug:slug>/{words['link']}/", proof.link, name=f"link_{language}"),
        path("<slug:slug>/", donate.page, name=f"donate_{language}"),
    ]


def _monthly(language: str) -> list[URLPattern]:
    """A monthly gift's page, and what its mailed links lead to: their key is in the query."""
    words = WORDS[language]
    own = f"{words['pledge']}/<uuid:ref>"
    return [
        path(f"{own}/", pledge.show, name=f"pledge_{language}"),
        path(f"{own}/{words['sign']}/", pledge.sign, name=f"pledge_sign_{language}"),
        path(f"{own}/{words['first']}/", pledge.first_gift, name=f"first_gift_{language}"),
        path(f"{words['sign']}/", mandate.sign, name=f"sign_{language}"),
        path(f"{words['disown']}/", mandate.disown, name=f"disown_{language}"),
        path(f"{words['mandate']}/", mandate.page, name=f"mandate_{language}"),
        path(f"{words['mandate']}/pdf/", mandate.pdf, name=f"mandate_pdf_{language}"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    *mails.without_language(),
    path("embed/v1.js", embed.script, name="embed_script"),
    path("<slug:slug>/thermometer.json", thermometer.data, name="thermometer_json"),
    path("<slug:slug>/thermometer.png", thermometer.png, name="thermometer_png"),
    path("en/", include(_patterns("en"))),
    *_patterns("sv"),
]
