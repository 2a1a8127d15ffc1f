"""Mails to staff about their own log-in. Each event has a mail of its own, sent once."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.console.templatetags.staff import when
from fundraise.language import SWEDISH
from fundraise.refs import new_ref
from fundraise.staff import links
from mailings import transactional


def invited(user: User) -> None:
    """A link that lets somebody set up their log-in."""
    said = [
        _("You have an account on the fundraising pages."),
        _("The link lets you choose a password and a second factor."),
        _("It works for three days, once."),
    ]
    button = (_("Set up your log-in"), links.made(user, links.SETUP))
    _send(user, "staff-invited", _("Set up your log-in"), said, button)


def factors_reset(user: User) -> None:
    """An administrator has taken the log-in apart, because its second factor was lost."""
    said = [
        _("An administrator has reset your log-in. Your old password and second factor are gone."),
        _("The link lets you choose new ones. It works for three days, once."),
        _("If you did not ask for this, tell an administrator at once."),
    ]
    button = (_("Set up your log-in"), links.made(user, links.SETUP))
    _send(user, "staff-reset", _("Your log-in was reset"), said, button)


def forgot_password(user: User) -> None:
    """A link for a new password; the second factor is asked for as ever."""
    said = [
        _("Somebody, we think you, has forgotten the password of your account."),
        _("The link lets you choose a new one. It works for one hour, once."),
        _("If it was not you, do nothing: your password stays as it is."),
    ]
    button = (_("Choose a new password"), links.made(user, links.PASSWORD))
    _send(user, "staff-password-link", _("Choose a new password"), said, button)


def password_changed(user: User) -> None:
    """The password is another one from now on."""
    _tell(user, "staff-password-changed", _("The password of your account was changed."))


def factor_added(user: User) -> None:
    """An app or a passkey has been added."""
    _tell(user, "staff-factor-added", _("A second factor was added to your account."))


def factor_removed(user: User) -> None:
    """An app or a passkey has been taken away."""
    _tell(user, "staff-factor-removed", _("A second factor was taken off your account."))


def codes_made(user: User) -> None:
    """The recovery codes are other ones from now on."""
    _tell(user, "staff-codes-made", _("New recovery codes were made for your account."))


def recovery_code_used(user: User) -> None:
    """Somebody logged in with a recovery code."""
    _tell(user, "staff-code-used", _("A recovery code was used to log in to your account."))


def new_browser(user: User) -> None:
    """Somebody logged in with a browser that is not known; what it is and where is not told."""
    at = when(clock.real_now())
    said = [
        _("Somebody, we think you, logged in to your account with a new browser: %(at)s.")
        % {"at": at},
        _(
            "If it was not you: end that session under My log-in, choose a new password, and tell "
            "an administrator at once."
        ),
    ]
    button = (_("My log-in"), settings.BASE_URL + reverse("console:account"))
    _send(user, "staff-new-browser", _("A log-in with a new browser"), said, button)


def _tell(user: User, kind: str, what: str) -> None:
    otherwise = _("If it was not you, tell an administrator at once.")
    _send(user, kind, _("Something changed in your log-in"), [what, otherwise], None)


def _send(
    user: User, kind: str, subject: str, said: Sequence[str], button: tuple[str, str] | None
) -> None:
    if not user.email:
        return
    language = get_language() or SWEDISH
    footer = _("You get this because you work on the fundraising pages at %(address)s.") % {
        "address": settings.BASE_URL
    }
    words = {"language": language, "subject": subject, "said": said, "button": button}
    text = [*said, *([f"{button[0]}: {button[1]}"] if button else []), footer]
    transactional.prepare(
        kind,
        f"{user.pk}:{new_ref()}",
        to=user.email,
        language=language,
        subject=subject,
        html=render_to_string("console/letter.html", {**words, "footer": footer}),
        text="\n\n".join(text) + "\n",
    )
