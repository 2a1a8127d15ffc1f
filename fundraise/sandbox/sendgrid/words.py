"""Words of the inbox. Swedish."""

from __future__ import annotations

from datetime import UTC, datetime

from fundraise import clock

BANNER = "Testläge: låtsad mejltjänst, inget mejl skickas"
FATES = {"": "på väg", "delivered": "levererat", "bounced": "studsade", "blocked": "blockerat",
         "dropped": "stoppat av tjänsten", "spam": "markerat som skräp"}  # fmt: skip
STATES = {"held": "väntar", "gone": "skickat", "paused": "pausat", "cancelled": "återkallat",
          "expired": "för gammalt"}  # fmt: skip
DEEDS = {
    "suppress": "hamnade på spärrlistan", "visit": "följde första länken",
    "visit_all": "en skanner följde alla länkar", "one_click": "avregistrerade sig med ett klick",
    "mail_out": "avregistrerade sig med mejl", "reply": "svarade", "away": "frånvarosvar",
    "spam": "markerade som skräp", "bounce": "studsade", "late": "studsade sent",
    "blocked": "blockerades", "unsubscribe": "lämnade via tjänstens länk",
    "group": "lämnade gruppen", "open": "öppnade", "click": "klickade",
}  # fmt: skip
POSTS = {"waiting": "väntar", "pending": "på väg", "sending": "på väg", "done": "levererad",
         "failed": "gavs upp"}  # fmt: skip


def moment(at: float) -> str:
    """An instant as a reader's clock shows it."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone(clock.STOCKHOLM):%Y-%m-%d %H.%M}"
