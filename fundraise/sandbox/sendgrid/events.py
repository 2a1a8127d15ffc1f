"""Events as SendGrid tells them, made from the request and the steps of a behaviour."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from fundraise.sandbox.sendgrid.behaviour import Behaviour, Step
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.mails import links_of

KINDS = ("processed", "dropped", "delivered", "deferred", "bounce", "open", "click", "spamreport",
         "unsubscribe", "group_unsubscribe", "group_resubscribe")  # fmt: skip
IP = "168.245.30.9"
AGENTS = ("useragent", "ip", "sg_machine_open")


@dataclass(frozen=True)
class Addressed:
    """One recipient of a request, and what is the same in all events about it."""

    email: str
    xid: str
    place: int
    given: Json
    person: Json
    opens: bool = False
    clicks: bool = False

    @property
    def subject(self) -> str:
        """As it was written, before values are put in."""
        return str(self.person.get("subject") or self.given.get("subject") or "")

    @property
    def message_id(self) -> str:
        """Begins with the X-Message-Id of the request."""
        return f"{self.xid}.recvd-7d8c5f9b4-standin-1-{self.place:X}-{self.place}.0"

    def base(self) -> Json:
        given = self.given
        found: Json = {**given.get("custom_args", {}), **self.person.get("custom_args", {})}
        found |= {"email": self.email, "sg_message_id": self.message_id,
                  "smtp-id": f"<{self.xid}@geopod-ismtpd-1>"}  # fmt: skip
        categories = given.get("categories", [])
        if categories:
            # Text when it is one, a list when there are more: both are documented.
            found["category"] = categories[0] if len(categories) == 1 else categories
        if "asm" in given:
            found["asm_group_id"] = given["asm"]["group_id"]
        return found


def new_id() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def told(who: Addressed, behaviour: Behaviour, at: float) -> Iterator[tuple[Step, Json]]:
    """Every event of a behaviour with its step; opens and clicks only where they are measured."""
    for step in behaviour.steps:
        if step.event == "open" and not who.opens:
            continue
        if step.event == "click":
            if who.clicks:
                yield from _clicks(who, step, at)
            continue
        if step.event:
            yield step, event(who, step.event, at + step.after, step.more, bare=step.bare)


def _clicks(who: Addressed, step: Step, at: float) -> Iterator[tuple[Step, Json]]:
    found = links_of(who.given, who.person)
    more = {name: value for name, value in step.more.items() if name in AGENTS}
    for number, url in enumerate(found if step.more["which"] == "all" else found[:1]):
        parts = {"url": url, "url_offset": {"index": number, "type": "html"}}
        yield step, event(who, "click", at + step.after, more | parts)


def event(who: Addressed, kind: str, at: float, more: Json, *, bare: bool = False) -> Json:
    """One event. A bare one is a bounce that came back by itself, long after."""
    found: Json = {"email": who.email} if bare else who.base()
    found |= {"event": kind, "timestamp": int(at), "sg_event_id": new_id(), **more}
    if bare:
        return found
    if kind in ("delivered", "bounce"):
        found |= {"ip": IP, "tls": 1}
    if kind == "deferred":
        found["ip"] = IP
    if kind == "delivered":
        domain = urlsplit(f"//{who.email}").hostname or ""
        found.setdefault("response", f"250 2.0.0 OK {int(at)} accepted by mx.{domain}")
    if kind == "processed":
        found["pool"] = {"name": "stand-in", "id": 1}
        send_at = who.person.get("send_at", who.given.get("send_at"))
        if send_at:
            found["send_at"] = send_at
    return found
