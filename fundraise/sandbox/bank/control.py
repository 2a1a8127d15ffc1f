"""The levers over HTTP: JSON in, JSON out. Documented in docs/bank-stand-in.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from fundraise import clock
from fundraise.sandbox.bank.config import Json
from fundraise.sandbox.bank.givers import Giver
from fundraise.sandbox.bank.handout import File
from fundraise.sandbox.bank.moves import Move
from fundraise.sandbox.bank.service import Service
from fundraise.sandbox.levers import Acts, from_elsewhere, refused, told
from fundraise.sandbox.web import Request, Response, json_response

Act = Callable[[Service, Json], Any]
LEVERS: Acts[Service] = Acts()
act, ACTS = LEVERS.act, LEVERS.acts
NEWEST = 100_000


def handle(service: Service, request: Request) -> Response:
    name = request.path.removeprefix("/control/").strip("/")
    if from_elsewhere(request):
        return refused()
    if request.method == "GET":
        return told(lambda: _read(service, name, request.query_values))
    return LEVERS.pull(service, name, request)


def _read(service: Service, name: str, asked: dict[str, str]) -> Response:
    if name == "state":
        return json_response(service.state())
    if name == "truth":
        return json_response(service.store.truth(asked.get("account", ""), asked.get("day", "")))
    if name == "faults":
        return json_response(service.store.faults(NEWEST))
    if name == "givers":
        return json_response([asdict(giver) for giver in service.bank.givers])
    return json_response({"error": f"Nothing to read at {name}"}, 404)


def _shown(found: list[File]) -> list[Json]:
    return [{"name": file.name, "kind": file.kind, "note": file.note} for file in found]


@act("run-day")
def run_day(service: Service, given: Json) -> Any:
    """The next bank day, or all up to and with `date`."""
    day = date.fromisoformat(given["date"]) if given.get("date") else None
    return {"files": _shown(service.run_day(day)), "last_day": str(service.bank.last_day)}


@act("begin")
def begin(service: Service, given: Json) -> Any:
    """Its first day is `date`, or today; refused when it has handed out a file."""
    service.begin(date.fromisoformat(given["date"]) if given.get("date") else clock.today())
    return {"last_day": str(service.bank.last_day)}


@act("listen")
def listen(service: Service, given: Json) -> Any:
    """Ask the stand-ins for Stripe and Bankgirot what they paid out."""
    return {"news": service.listen(), "away": service.away}


@act("hear")
def hear(service: Service, given: Json) -> Any:
    """The same, handed in: `payouts` as Stripe lists them, `deposits` as Bankgirot does."""
    return {"news": service.hear(given.get("payouts", []), given.get("deposits", []))}


@act("pay")
def pay(service: Service, given: Json) -> Any:
    """A payment on the next day that is run, or on `day`; else what a Move has."""
    day = date.fromisoformat(given.pop("day")) if given.get("day") else None
    given.pop("day", None)
    kind, channel = given.pop("kind", "gift"), given.pop("channel", "transfer")
    move = Move(kind=kind, channel=channel, **given | {"amount_ore": int(given["amount_ore"])})
    service.change(lambda bank: bank.pay(move, day))
    return {"ok": True}


@act("order")
def order(service: Service, given: Json) -> Any:
    """A list of payments as pain.001, in `content`: they leave on the next day that is run."""
    content = str(given["content"]).encode()
    return {"payments": service.change(lambda bank: bank.order(content))}


@act("givers")
def set_givers(service: Service, given: Json) -> Any:
    """Who gives from now on, instead of people that nobody knows."""
    people = [Giver(**one) for one in given["givers"]]
    service.change(lambda bank: setattr(bank, "givers", people))
    return {"givers": len(people)}


@act("fault")
def fault(service: Service, given: Json) -> Any:
    """`name` falls the next `times` it can, on `account` or any."""
    name, account, times = given["name"], given.get("account", ""), int(given.get("times", 1))
    service.change(lambda bank: bank.dice.ask(name, account, times))
    return {"ok": True}


@act("again")
def again(service: Service, given: Json) -> Any:
    """A file once more; `how`: cut, or reissued under a new id."""
    return {"name": service.again(given["name"], given.get("how", ""))}


@act("extract")
def extract(service: Service, given: Json) -> Any:
    """Days of an account once more: `kind`, `from` and `to`."""
    first, last = date.fromisoformat(given["from"]), date.fromisoformat(given["to"])
    return {"names": service.extract(given["account"], given.get("kind", "csv"), first, last)}


@act("knobs")
def knobs(service: Service, given: Json) -> Any:
    service.change(lambda bank: bank.knobs.set(given))
    return asdict(service.bank.knobs)


@act("clock")
def set_clock(service: Service, given: Json) -> Any:
    """Its time is real time plus so many seconds; days that are over then are run."""
    return knobs(service, {"clock_offset_seconds": int(given["offset_seconds"])})


@act("reset")
def reset(service: Service, given: Json) -> Any:
    service.reset()
    return {"ok": True}
