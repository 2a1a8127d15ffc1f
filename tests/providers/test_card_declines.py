"""What follows from a decline of a saved card."""

from __future__ import annotations

from typing import Any

import pytest

from fundraise.providers.stripe.declines import kind_of


@pytest.mark.parametrize(
    ("code", "error", "kind"),
    [
        ("insufficient_funds", {"code": "card_declined"}, "soft"),
        ("generic_decline", {"code": "card_declined"}, "soft"),
        ("a_code_of_tomorrow", {}, "soft"),
        ("generic_decline", {"advice_code": "do_not_try_again"}, "hard"),
        ("generic_decline", {"advice_code": "try_again_later"}, "soft"),
        ("lost_card", {"code": "card_declined"}, "hard"),
        ("stolen_card", {"code": "card_declined"}, "hard"),
        ("expired_card", {"code": "expired_card"}, "hard"),
        ("authentication_required", {"code": "authentication_required"}, "ask"),
        ("generic_decline", {"code": "authentication_required"}, "ask"),
        ("revocation_of_authorization", {"code": "card_declined"}, "revoked"),
        ("stop_payment_order", {"code": "card_declined"}, "revoked"),
    ],
)
def test_what_follows_from_a_decline(code: str, error: dict[str, Any], kind: str) -> None:
    assert kind_of(code, error) == kind
