"""A whole log-in of staff: with a second factor, and shown just now."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from fundraise import clock

ENTER = Client.force_login
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # what the app of everybody here was set up with


def give_app(user: User) -> None:
    """An app with the secret of everybody here, if they have none."""
    sealed = {"secret": get_adapter().encrypt(SECRET)}
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": sealed})


def enter(client: Client, user: User, *, minutes_ago: float = 0, second: bool = True) -> None:
    """Log somebody in who showed a password and (second) a code so long ago."""
    ENTER(client, user)
    session = client.session
    at = clock.real_now().timestamp() - minutes_ago * 60
    shown = ["password", "mfa"] if second else ["password"]
    session["account_authentication_methods"] = [{"method": how, "at": at} for how in shown]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    give_app(user)
