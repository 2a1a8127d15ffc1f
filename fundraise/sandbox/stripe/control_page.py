"""The control page in HTML."""

from __future__ import annotations

from fundraise.sandbox.stripe.control import Control
from fundraise.sandbox.stripe.pages import layout
from fundraise.sandbox.stripe.web import Request, Response


def show(control: Control, request: Request) -> Response:
    return layout.page("sv", "Kontrollsida", layout.paragraph("…"))
