"""Mail through SendGrid's v3 API.

The official package does what it is good at: the signature of events (`signed.py`) and the small
calls about the account (`calls.py`), where a call may be repeated. It does not send: it opens a
connection for every call, has no time-outs of its own, lets headers of one call leak into the next,
can't take bytes that are ready, and mixes "could not connect" up with "no answer". SendGrid knows
no idempotency key, so that last difference is the one that keeps anybody from getting a mail twice;
`mailings/senders/line.py` keeps it, and is measured at some four times the speed.
"""

from __future__ import annotations

from mailings.senders.sendgrid.sender import SendGridSender

__all__ = ["SendGridSender"]
