"""The levers over HTTP: JSON in, JSON out. Documented in docs/bankgirot-stand-in.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from fundraise.sandbox.bankgirot.bank import Bankgirot
from fundraise.sandbox.bankgirot.config import Json
from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.service import Service
from fundraise.sandbox.levers import Acts, from_elsewhere, refused, told
from fundraise.sandbox.web import Request, Response, json_response

Act = Callable[[Service, Json], Any]
LEVERS: Acts[Service] = Acts()
act, ACTS = LEVERS.act, LEVERS.acts


def handle(service: Service, request: Request) -> Response:
    name = request.path.removeprefix("/control/").strip("/")
    if from_elsewhere(request):
        return refused()
    if request.method == "GET":
        return told(lambda: _read(service, name, request.query_values.get("bankgiro", "")))
    return LEVERS.pull(service, name, request)


def _read(service: Service, name: str, bankgiro: str) -> Response:
    bank = service.bank
    if name == "state":
        return json_response(service.state())
    if name in ("draws", "refunds"):
        return json_response(_plain(row._asdict() for row in getattr(bank, name)))
    if name == "deposits":
        return json_response(_plain(asdict(row) for row in bank.deposits))
    if name == "mandates":
        return json_response(bank.mandates(bankgiro or only_payee(bank)))
    if name == "waiting":
        waiting = bank.waiting(bankgiro or only_payee(bank))
        return json_response(_plain(asdict(payment) for payment in waiting))
    return json_response({"error": f"Nothing to read at {name}"}, 404)


def _plain(found: Any) -> Any:
    return json.loads(json.dumps(list(found), default=str))


def only_payee(bank: Bankgirot) -> str:
    """The payee, when there is but one. Raises ValueError when there are more."""
    if len(bank.registers) != 1:
        raise ValueError("bankgiro: needed, as there are several payees")
    return next(iter(bank.registers))


def _shown(found: list[ReportFile]) -> list[Json]:
    return [{"name": report.name, "kind": report.kind, "note": report.note} for report in found]


@act("run-day")
def run_day(service: Service, given: Json) -> Any:
    """The next bank day, or all up to and with `date`."""
    day = date.fromisoformat(given["date"]) if given.get("date") else None
    return {"reports": _shown(service.run_day(day)), "last_day": str(service.bank.last_day)}


@act("knobs")
def knobs(service: Service, given: Json) -> Any:
    service.change(lambda bank: bank.set_knobs(given))
    return asdict(service.bank.knobs)


@act("clock")
def set_clock(service: Service, given: Json) -> Any:
    """Its time is real time plus so many seconds; days that are over then are run."""
    return knobs(service, {"clock_offset_seconds": int(given["offset_seconds"])})


@act("reset")
def reset(service: Service, given: Json) -> Any:
    service.reset()
    return {"ok": True}


@act("sweep")
def sweep(service: Service, given: Json) -> Any:
    """Take what lies in the drop folder now."""
    return {"taken": service.sweep()}


@act("again")
def again(service: Service, given: Json) -> Any:
    """A report once more; `how` damages it: cut, total, customer, sign."""
    return {"name": service.again(given["name"], given.get("how", ""))}


def _of_bank(name: str, method: str) -> None:
    """A lever of the bank itself; `bankgiro` may be left out when there is one payee."""

    def pull(service: Service, given: Json) -> Any:
        bankgiro = given.pop("bankgiro", "") or only_payee(service.bank)
        service.change(lambda bank: getattr(bank, method)(bankgiro, **given))
        return {"ok": True}

    ACTS[name] = pull


def _extract(name: str, method: str) -> None:
    def pull(service: Service, given: Json) -> Any:
        bankgiro = given.get("bankgiro", "") or only_payee(service.bank)

        def take(bank: Bankgirot) -> list[ReportFile]:
            found = getattr(bank, method)(bankgiro)
            reports = [found] if found else []
            service.hand_out(reports)
            return reports

        return {"reports": _shown(service.change(take))}

    ACTS[name] = pull


for _name, _method in (
    ("emandate", "give_emandate"), ("know-mandate", "know_mandate"),
    ("payer-cancels", "payer_cancels"),
    ("close-account", "close_account"), ("close-bankgiro", "close_bankgiro"),
    ("stop-payment", "stop_payment"), ("refund", "refund"), ("close-payee", "close_payee"),
    ("next-draw", "next_draw"), ("next-answer", "next_answer"),
):  # fmt: skip
    _of_bank(_name, _method)
_extract("mandate-register", "mandate_register")
_extract("watch-register", "watch_register")
