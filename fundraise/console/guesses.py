"""How often a password may be tried for one account, so that a stranger can't lock its owner out.

During an attack the treasurer is who closes card gifts, and anybody can post a name. So only what
fails is counted (a right password gives its try back), for a name per address block, then for the
name from anywhere; and a browser that its owner has logged in with before has an allowance of its
own. That browser is known by a signed cookie, which opens nothing by itself. Passkeys ask for no
name and are never held back by one. (OWASP calls this device cookies.)
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.limits import services as limits
from fundraise.limits.address import block_of

SALT = "fundraise.console.browser"
LIFE = 365 * 24 * 3600
PATH = "/staff/login/"


@dataclass(frozen=True, slots=True)
class Guess:
    """One try of a password: the allowances it was taken from."""

    taken: tuple[tuple[str, str], ...]

    def was_right(self) -> None:
        """It was no guess: the allowances are as they were."""
        for name, whose in self.taken:
            limits.give_back(name, whose)


def begin(request: HttpRequest, name: str) -> Guess | None:
    """Take one try of a name's password; None when there are none left from where this comes."""
    taken: list[tuple[str, str]] = []
    for allowance in _allowances(request, name.lower()):
        if not limits.take(*allowance, clock.real_now()):
            Guess(tuple(taken)).was_right()  # a try that is not made is not counted anywhere
            return None
        taken.append(allowance)
    return Guess(tuple(taken))


def _allowances(request: HttpRequest, name: str) -> list[tuple[str, str]]:
    known = _known_as(request, accounts_named(name))
    if known:
        return [("login_name", f"browser:{known}")]
    block = block_of(limits.address_of(request))
    return [("login_name", f"{block}:{name}"), ("login_name_wide", name)]


def way_out() -> str:
    """What somebody is told who has no tries left, whether they have an account or not."""
    return _(
        "Too many tries for this name. Log in with a passkey, or in a browser that you have "
        "logged in with before, or wait some minutes."
    )


def accounts_named(name: str) -> Iterable[User]:
    """The accounts that somebody may mean by a name or an address."""
    return User.objects.filter(username__iexact=name) | User.objects.filter(email__iexact=name)


def _known_as(request: HttpRequest, users: Iterable[User]) -> str:
    for user in users:
        said = request.get_signed_cookie(_cookie(user), "", salt=SALT, max_age=LIFE)
        if said:
            return f"{user.pk}:{said}"
    return ""


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether somebody has logged in with this browser before."""
    return bool(_known_as(request, [user]))


def remember(request: HttpRequest, answer: HttpResponse, user: User) -> None:
    """Know the browser from now on, after a whole log-in."""
    answer.set_signed_cookie(
        _cookie(user),
        request.get_signed_cookie(_cookie(user), "", salt=SALT, max_age=LIFE)
        or secrets.token_urlsafe(12),
        salt=SALT,
        max_age=LIFE,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie(user: User) -> str:
    return f"staff_browser_{user.pk}"
