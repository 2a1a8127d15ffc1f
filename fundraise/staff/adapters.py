"""How allauth works here: nobody signs up, secrets are sealed, and words and limits are ours."""

from __future__ import annotations

import base64
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fundraise import crypto
from fundraise.limits.address import client_address

SEALED_AS = "staff.factor"
NOWHERE = "0.0.0.0"  # noqa: S104 - the word for an address that nobody saw
NAME = "fundraise"


def host() -> str:
    """The host that passkeys are made for: a passkey of another address does not work here."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation. Messages and limits are those of the staff pages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that our own proxies saw, as the limits take it."""
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        remote = request.META.get("REMOTE_ADDR", "")
        seen = client_address(remote, forwarded, settings.TRUSTED_PROXIES)
        try:
            return str(ip_address(seen))
        except ValueError:
            return NOWHERE

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        return [{"id": "again", "url": reverse("account_reauthenticate")}]

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Limits are taken by the view, from the database that all processes share."""

    def add_message(self, *_args: Any, **_more: Any) -> None:
        """The staff pages say what happened in words of their own."""

    def send_notification_mail(self, *_args: Any, **_more: Any) -> None:
        """Mails go through the outbox of the house."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        sealed = crypto.seal(text.encode(), context=SEALED_AS)
        return base64.b64encode(sealed).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(base64.b64decode(encrypted_text), context=SEALED_AS).decode()

    def get_totp_issuer(self) -> str:
        return host()

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": host(), "name": NAME}
