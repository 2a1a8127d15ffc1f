"""How recipients and their mail servers behave: by the first word of an address, or by shares.

`bounce@example.org`, `bounce-7@…`, `bounce.anna@…` and `bounce+x@…` all bounce.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from fundraise.sandbox.sendgrid.config import Json

WORD = re.compile(r"[a-z]+")
HOUR, DAY = 3600.0, 86_400.0
APPLE = ("Mozilla/5.0", "17.58.97.12")
HUMAN = ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
         " Version/19.0 Safari/605.1.15", "81.232.10.4")  # fmt: skip
SCANNER = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
           " Chrome/122.0.0.0 Safari/537.36", "52.98.12.77")  # fmt: skip


@dataclass(frozen=True)
class Step:
    """An event so many seconds after the mail was let go, or a deed of the recipient."""

    after: float
    event: str = ""
    more: Json = field(default_factory=dict)
    # As a bounce that comes by the return path: without ids, IP and custom arguments.
    bare: bool = False
    # suppress, visit, visit_all, one_click, mail_out, reply, away
    deed: str = ""
    arg: str = ""


@dataclass(frozen=True)
class Behaviour:
    fate: str
    steps: tuple[Step, ...]


def _bounce(reason: str, status: str, classification: str) -> Json:
    return {"type": "bounce", "reason": reason, "status": status,
            "bounce_classification": classification}  # fmt: skip


def _blocked(reason: str, status: str, classification: str) -> Json:
    return _bounce(reason, status, classification) | {"type": "blocked"}


PROCESSED = Step(0, "processed")
DELIVERED = (PROCESSED, Step(2, "delivered"))
NO_SUCH = ("550 5.1.1 The email account that you tried to reach does not exist.", "5.1.1",
           "Invalid Address")  # fmt: skip


def _hard(reason: str, status: str, classification: str) -> Behaviour:
    bounce = Step(3, "bounce", _bounce(reason, status, classification))
    return Behaviour("bounced", (PROCESSED, bounce, Step(3, deed="suppress", arg="bounces")))


def _soft(reason: str, status: str, classification: str) -> Behaviour:
    bounce = Step(3, "bounce", _blocked(reason, status, classification))
    return Behaviour("blocked", (PROCESSED, bounce, Step(3, deed="suppress", arg="blocks")))


def _reads(*more: Step) -> Behaviour:
    return Behaviour("delivered", (*DELIVERED, *more))


def _open(after: float, who: tuple[str, str], *, machine: bool = False) -> Step:
    return Step(after, "open", {"useragent": who[0], "ip": who[1], "sg_machine_open": machine})


def _click(after: float, who: tuple[str, str], which: str) -> Step:
    return Step(after, "click", {"useragent": who[0], "ip": who[1], "which": which})


def _deferred(after: float, attempt: int) -> Step:
    said = {"response": "450 4.2.1 The user is receiving mail too quickly", "attempt": str(attempt)}
    return Step(after, "deferred", said)


LATE_BOUNCE = Step(HOUR, "bounce", _bounce(*NO_SUCH), bare=True)
BEHAVIOURS: dict[str, Behaviour] = {
    "plain": Behaviour("delivered", DELIVERED),
    "reader": _reads(_open(90, HUMAN)),
    "clicker": _reads(_open(90, HUMAN), _click(120, HUMAN, "first"), Step(120, deed="visit")),
    "machine": _reads(_open(4, APPLE, machine=True)),
    "scanner": _reads(
        _open(2.3, SCANNER), _click(2.6, SCANNER, "all"), Step(2.6, deed="visit_all"),
    ),
    "spam": _reads(_open(200, HUMAN), Step(210, "spamreport"),
                   Step(210, deed="suppress", arg="spam_reports")),
    "unsubscribe": _reads(_open(60, HUMAN), Step(70, "unsubscribe"),
                          Step(70, deed="suppress", arg="unsubscribes")),
    "group": _reads(_open(60, HUMAN), Step(70, "group_unsubscribe"),
                    Step(70, deed="suppress", arg="group")),
    "oneclick": _reads(_open(60, HUMAN), Step(75, deed="one_click")),
    "mailto": _reads(_open(60, HUMAN), Step(75, deed="mail_out")),
    "reply": _reads(_open(60, HUMAN), Step(300, deed="reply")),
    "away": _reads(Step(5, deed="away")),
    "bounce": _hard(*NO_SUCH),
    "mailbox": _hard("552 5.2.2 The mailbox is full and has been for long", "5.2.2",
                     "Mailbox Unavailable"),
    "blocked": _soft("550 5.7.1 Message refused because of the sender's reputation", "5.7.1",
                     "Reputation"),
    "content": _soft("550 5.7.1 Message contains content that is not accepted", "5.7.1", "Content"),
    "frequency": _soft("421 4.7.0 Too many messages from this sender", "4.7.0",
                       "Frequency or Volume Too High"),
    "technical": _soft("error dialing remote address: no route to host", "4.0.0",
                       "Technical Failure"),
    "unclassified": _soft("554 delivery error", "5.0.0", "Unclassified"),
    "deferred": Behaviour("delivered", (PROCESSED, _deferred(3, 1), _deferred(120, 2),
                                        Step(400, "delivered"))),
    "expired": Behaviour("blocked", (
        PROCESSED, _deferred(3, 1), _deferred(HOUR, 2), _deferred(DAY, 3),
        Step(3 * DAY, "bounce", _blocked("unable to get mx info", "4.0.0", "Technical Failure")),
        Step(3 * DAY, deed="suppress", arg="blocks"),
    )),
    "late": Behaviour("delivered", (*DELIVERED, LATE_BOUNCE,
                                    Step(HOUR, deed="suppress", arg="bounces"))),
    "invalid": Behaviour("dropped", (Step(0, "dropped", {"reason": "Invalid"}),
                                     Step(0, deed="suppress", arg="invalid_emails"))),
    "silent": Behaviour("delivered", ()),
}  # fmt: skip


def chosen(email: str, shares: dict[str, float], seed: int, salt: str) -> Behaviour:
    """How this recipient behaves with this mail; the same every time for the same seed."""
    word = WORD.match(email)
    found = BEHAVIOURS.get(word[0]) if word else None
    if found is not None or not shares:
        return found or BEHAVIOURS["plain"]
    point = random.Random(f"{seed}/{email}/{salt}").random()  # noqa: S311 (to be repeated)
    for name, share in sorted(shares.items()):
        if point < share:
            return BEHAVIOURS[name]
        point -= share
    return BEHAVIOURS["plain"]


def dropped(reason: str) -> Behaviour:
    return Behaviour("dropped", (Step(0, "dropped", {"reason": reason}),))
