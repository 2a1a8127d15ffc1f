"""The addresses of the public pages in both languages."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from fundraise.language import ENGLISH, SWEDISH

ByLanguage = Callable[[str], str]
# The first part of a path that is no campaign's slug.
RESERVED = {
    "en", "gava", "gift", "om", "about", "staff", "webhooks", "api", "static", "media", "healthz",
    "readyz", "embed", "konto", "account", "mina-sidor", "my-pages", "manadsgava", "monthly",
    "underteckna", "sign", "medgivande", "mandate", "inte-jag", "not-me",
    "avregistrera", "unsubscribe", "utskick", "mailings",
    "byt-adress", "change-address", "l", "anlant",
}  # fmt: skip


def other(language: str) -> str:
    """The language that the page can be changed to."""
    return SWEDISH if language == ENGLISH else ENGLISH


def front(language: str) -> str:
    return reverse(f"give:front_{language}")


def donate(slug: str, language: str) -> str:
    return reverse(f"give:donate_{language}", args=[slug])


def give(slug: str, language: str) -> str:
    """Where the form goes. Not the page's own address: a POST there would make the browser forget
    the page, and Back would bring another form instead of the one that was sent."""
    return reverse(f"give:give_{language}", args=[slug])


def prove(slug: str, language: str) -> str:
    """Where the page's script asks for a proof of work."""
    return reverse(f"give:prove_{language}", args=[slug])


def link(slug: str, language: str) -> str:
    """Where a browser without a script asks for a mailed link instead."""
    return reverse(f"give:link_{language}", args=[slug])


def bank(language: str) -> str:
    """Where the page's script asks for the bank of a clearing number (`?clearing=`, no more)."""
    return reverse(f"give:bank_{language}")


def account(language: str) -> str:
    """Where the page's script has an account looked at, by POST."""
    return reverse(f"give:account_{language}")


def thermometer(slug: str, language: str) -> str:
    return reverse(f"give:thermometer_{language}", args=[slug])


def embed(slug: str, language: str) -> str:
    return reverse(f"give:embed_{language}", args=[slug])


def embed_script() -> str:
    return reverse("give:embed_script")


def picture(slug: str, language: str, *, dark: bool = False) -> str:
    """The thermometer as SVG."""
    return reverse(f"give:svg_{'dark_' if dark else ''}{language}", args=[slug])


def button_picture(slug: str, language: str) -> str:
    return reverse(f"give:button_svg_{language}", args=[slug])


def gift(ref: UUID, language: str) -> str:
    return reverse(f"give:gift_{language}", args=[ref])


def check(ref: UUID, language: str) -> str:
    return reverse(f"give:check_{language}", args=[ref])


def mine(language: str) -> str:
    """My pages, or the question for a link to them."""
    return reverse(f"give:mine_{language}")


def enter(language: str) -> str:
    """Where the mailed link to My pages leads."""
    return reverse(f"give:enter_{language}")


def own(name: str, language: str, *args: object) -> str:
    """A page of My pages by its name in give/mine/urls.py."""
    return reverse(f"give:{name}_{language}", args=args)


def leave(token: str, language: str) -> str:
    """Where a mail's unsubscribe link leads, and its one-click POST."""
    return of_mail("leave_appeals", token, language)


def of_mail(name: str, token: str, language: str) -> str:
    """A page behind a mail's link by its name in give/mails/urls.py."""
    return reverse(f"give:{name}_{language}", args=[token])


def pledge(ref: UUID, language: str) -> str:
    """A monthly gift's own page."""
    return reverse(f"give:pledge_{language}", args=[ref])


def pledge_sign(ref: UUID, language: str) -> str:
    """Where a signature is asked for and asked about, by POST."""
    return reverse(f"give:pledge_sign_{language}", args=[ref])


def first_gift(ref: UUID, language: str) -> str:
    """Where a first gift beside a waiting mandate is begun, by POST."""
    return reverse(f"give:first_gift_{language}", args=[ref])


def privacy(language: str) -> str:
    return reverse(f"give:privacy_{language}")


def accessibility(language: str) -> str:
    return reverse(f"give:accessibility_{language}")


def absolute(path: str) -> str:
    """The path with the service's own address before it."""
    return f"{settings.BASE_URL}{path}"
