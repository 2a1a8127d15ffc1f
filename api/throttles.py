"""How much a key, or an address block without one, may ask; counted for all processes at once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.authentication import Caller
from fundraise import clock
from fundraise.limits import services as limits


class Allowance(BaseThrottle):
    """One of the house's own buckets (settings.LIMITS)."""

    spent = ""

    def allow_request(self, request: Request, view: Any) -> bool:
        if isinstance(request.auth, Caller):
            self.spent = "api_key"
            return limits.take(self.spent, request.auth.key.prefix, clock.real_now())
        self.spent = "api_public"
        return limits.allow(request._request, self.spent)

    def wait(self) -> float:
        """Until one more is there."""
        most, seconds = settings.LIMITS[self.spent]
        return seconds / most + 1
