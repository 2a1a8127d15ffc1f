"""Identifiers of the shape Stripe gives them."""

from __future__ import annotations

import secrets


def new(prefix: str) -> str:
    return f"{prefix}_3{secrets.token_hex(12)[:23]}"


def session_id() -> str:
    return f"cs_test_a1{secrets.token_hex(28)}"


def client_secret(object_id: str) -> str:
    return f"{object_id}_secret_{secrets.token_hex(13)[:25]}"
