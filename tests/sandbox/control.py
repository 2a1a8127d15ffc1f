"""The control plane of the stand-in for Stripe (docs/stripe-stand-in.md), a method for each act."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

Json = dict[str, Any]


class StandInError(Exception):
    """The control plane said no."""


class ControlPlane(ABC):
    @abstractmethod
    def _json(self, method: str, path: str, body: bytes) -> Any:
        """Send and decode; raises StandInError on anything but 200."""

    def control(self, name: str, **given: Any) -> Any:
        body = json.dumps(given).encode()
        return self._json("POST", f"/_test/{name}", body)

    def read(self, name: str) -> Any:
        return self._json("GET", f"/_test/{name}", b"")

    def reset(self) -> None:
        self.control("reset")

    def wait(self, timeout: float = 50, *, hurry: bool = True) -> None:
        """Until fees have arrived and all events are delivered or given up. `hurry`: what waits
        for a real second or two happens at once."""
        answer = self.control("events/wait", timeout=timeout, hurry=hurry)
        if not answer["ok"]:
            raise StandInError(f"Still on the way after {timeout} s: {answer}")

    def knobs(self, **changes: Any) -> Json:
        found: Json = self.control("knobs", **changes)
        return found

    def clock(self, offset_seconds: int) -> None:
        self.control("clock", offset_seconds=offset_seconds)

    def state(self) -> Json:
        found: Json = self.read("state")
        return found

    def objects(self, kind: str) -> list[Json]:
        """The newest 100 of a kind: payment_intent, checkout.session, event, payout …"""
        found: list[Json] = self.read(f"objects/{kind}")["data"]
        return found

    def events(self, type: str = "") -> list[Json]:
        """Events made, oldest first."""
        return [e for e in reversed(self.objects("event")) if e["type"].startswith(type)]

    def calls(self, path: str = "/v1/", method: str = "") -> list[Json]:
        """API calls received: method, path, status, idempotency_key, replayed, lost."""
        found: list[Json] = self.read("calls")
        return [c for c in found if c["path"].startswith(path) and method in ("", c["method"])]

    def deliveries(self) -> list[Json]:
        found: list[Json] = self.read("deliveries")
        return found

    def fault(self, act: str, **given: Any) -> None:
        """act: error, error_saved, error_after, lose, lose_before, delay, conflict;
        with count, path, method, status, seconds."""
        self.control("faults", act=act, **given)

    def event_fault(self, act: str, **given: Any) -> None:
        """act: drop, duplicate, delay; with count, type, seconds, times, as_delivered."""
        self.control("events/fault", act=act, **given)

    def pause_events(self) -> None:
        self.control("events/pause")

    def release_events(self, **given: Any) -> Json:
        """With seed (shuffled), order (event ids, one by one) or wait."""
        found: Json = self.control("events/release", **given)
        return found

    def replay(self, **given: Any) -> int:
        """Queue events again: ids, or since/type."""
        return int(self.control("events/replay", **given)["queued"])

    def deliver(self, *ids: str, parallel: bool = False, times: int = 1) -> list[str]:
        """Send these events now; the answers (HTTP status as text), in order."""
        answers = self.control("events/deliver", ids=list(ids), parallel=parallel, times=times)
        return [answer["answer"] for answer in answers]

    def send_event(self, type: str, object: Json | None = None, **given: Any) -> Json:
        """An event Stripe did not make so: livemode, api_version, account, created, id."""
        extra = given | ({"object": object} if object else {})
        found: Json = self.control("events/send", type=type, **extra)
        return found

    def refund(self, *, amount: int | None = None, **whose: str) -> Json:
        """From the Dashboard; whose: charge=, payment_intent= or session=."""
        part = {} if amount is None else {"amount": amount}
        found: Json = self.control("refund", **whose, **part)
        return found

    def fail_refund(self, refund: str) -> Json:
        found: Json = self.control("refund/fail", refund=refund)
        return found

    def open_dispute(self, *, amount: int | None = None, **given: Any) -> Json:
        part = {} if amount is None else {"amount": amount}
        found: Json = self.control("dispute/open", **given, **part)
        return found

    def win_dispute(self, dispute: str, amount: int | None = None) -> Json:
        found: Json = self.control("dispute/win", dispute=dispute, amount=amount)
        return found

    def lose_dispute(self, dispute: str) -> Json:
        found: Json = self.control("dispute/lose", dispute=dispute)
        return found

    def fraud_warning(self, **whose: str) -> Json:
        found: Json = self.control("fraud_warning", **whose)
        return found

    def payout(self, *, pending: bool = True, until: str = "reconciled") -> Json:
        """Pay out everything (pending=False: only what is available); until: created, paid,
        reconciled."""
        found: Json = self.control("payout", pending=pending, until=until)
        return found

    def fail_payout(self, payout: str) -> Json:
        found: Json = self.control("payout/fail", payout=payout)
        return found

    def expire_session(self, session: str) -> Json:
        found: Json = self.control("session/expire", session=session)
        return found

    def answer(self, intent: str, decision: str = "approve") -> Json:
        found: Json = self.control("answer", intent=intent, decision=decision)
        return found

    def decline_from_now(self, payment_method: str, **given: Any) -> None:
        self.control("decline", payment_method=payment_method, **given)

    def update_card(self, payment_method: str, **changes: Any) -> Json:
        """The network replaced a saved card: exp_month, exp_year, last4."""
        found: Json = self.control("card/update", payment_method=payment_method, **changes)
        return found

    def bulk(self, items: list[Json], **given: Any) -> list[Json]:
        """Gifts that went through: items of amount, metadata, client_reference_id; events: none,
        hold or deliver; sessions, fees: bool. Returns session, payment_intent, charge of each."""
        found: list[Json] = self.control("bulk", items=items, **given)["data"]
        return found
