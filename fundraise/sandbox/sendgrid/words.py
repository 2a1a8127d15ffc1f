"""Words of the inbox. Swedish."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from fundraise import clock

BANNER = "Testläge: låtsad mejltjänst, inget mejl skickas"
FATES = {"": "på väg", "delivered": "levererat", "bounced": "studsade", "blocked": "blockerat",
         "dropped": "stoppat av tjänsten", "spam": "markerat som skräp"}  # fmt: skip
COUNTS = FATES | {"delivered": "levererade", "blocked": "blockerade", "spam": "skräp",
                  "dropped": "stoppade av tjänsten"}  # fmt: skip
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
FAULTS = {"error": "nästa anrop nekas", "error_after": "tas emot men felet svaras",
          "lose": "nästa svar går förlorat", "lose_before": "nästa anrop går förlorat",
          "delay": "nästa svar dröjer", "refuse": "en adress nekas"}  # fmt: skip
ANSWERS = {"told": "anmält", "added": "tillagd", "not followed": "följdes inte",
           "gone": "mejlet finns inte längre", "no group": "mejlet har ingen grupp",
           "no --parse-url": "ingen adress för inkommande mejl (--parse-url)",
           "no one-click address": "mejlet har ingen adress för ett klick",
           "no mailto address": "mejlet har ingen mejladress att lämna genom"}  # fmt: skip
POSTS = {"waiting": "väntar", "pending": "på väg", "sending": "på väg", "done": "levererad",
         "failed": "gavs upp"}  # fmt: skip


def answered(answer: str) -> str:
    """What came of an act; a status or the kind of an error stands as it is. For HTML."""
    return escape(ANSWERS.get(answer, answer))


def moment(at: float) -> str:
    """An instant as a reader's clock shows it."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone(clock.STOCKHOLM):%Y-%m-%d %H.%M}"
