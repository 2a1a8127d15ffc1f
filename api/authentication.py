"""`Authorization: Bearer fr_…`: the only way in. No cookie opens the API, so none can be abused."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from fundraise.keys import queries, services
from fundraise.keys.models import ApiKey
from fundraise.staff.rights import Rights

SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a key, what it may do, and how the logs name it."""

    key: ApiKey
    rights: Rights

    @property
    def by(self) -> str:
        return self.key.actor


class KeyAuthentication(BaseAuthentication):
    """Opens with a key of the API."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, typed = header.partition(" ")
        if scheme.lower() != SCHEME:
            raise AuthenticationFailed(code="scheme")
        try:
            key = services.open_with(typed.strip())
        except services.KeyRefused as refused:
            raise AuthenticationFailed(code=refused.code) from None
        return key.made_by, Caller(key, queries.rights_of(key))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="fundraise"'
