"""What every response tells the browser, whoever made it: a page, a file, a redirect, a refusal.

Django's SecurityMiddleware says nosniff, Referrer-Policy, COOP and HSTS; django-csp the policy.
This adds what neither knows.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Passkeys, the clipboard and sharing are ours to use and stay as browsers have them.
SHUT = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi",
    "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{name}=()" for name in SHUT)


class SecurityHeadersMiddleware:
    """Stands outermost. What is meant for other sites has said so itself by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
