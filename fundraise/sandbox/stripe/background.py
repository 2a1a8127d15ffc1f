"""What happens by itself a moment later: fees arrive, sessions run out, banks answer."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import ApiError
from fundraise.sandbox.stripe.objects import (
    aftermath,
    charges,
    confirmation,
    payouts,
    refunds,
    sessions,
)
from fundraise.sandbox.stripe.world import World, real_time

log = logging.getLogger(__name__)


def _expire_session(world: World, args: Json) -> None:
    # Finding it is enough: a session that has run out is expired on sight.
    sessions.find(world, args["session"])


ACTS: dict[str, Callable[[World, Json], object]] = {
    "settle_charge": lambda world, args: charges.settle(world, args["charge"]),
    "expire_session": _expire_session,
    "swish_timeout": lambda world, args: confirmation.time_out(world, **_swish(args)),
    "update_refund": lambda world, args: refunds.update_later(world, args["refund"]),
    "fail_refund": lambda world, args: refunds.fail(world, args["refund"]),
    "advance_payout": lambda world, args: payouts.advance(world, args["payout"], args["until"]),
    "aftermath": lambda world, args: aftermath.follow(world, args["charge"], args["name"]),
}


def _swish(args: Json) -> dict[str, str]:
    return {"intent_id": args["intent"], "ask": args["ask"]}


class Background:
    def __init__(self, world: World) -> None:
        self.world = world
        self._stop = threading.Event()
        self._turn = threading.Lock()

    def start(self) -> None:
        threading.Thread(target=self._work, name="background", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _work(self) -> None:
        while not self._stop.wait(0.05):
            try:
                self.run_due()
            except Exception:
                log.exception("A timed act stumbled")

    def run_due(self, *, by_clock_only: bool = False) -> int:
        """Do what is due; with `by_clock_only` what waits for real seconds is done at once."""
        done = 0
        with self._turn:
            for task, act, args in self._due(by_clock_only):
                with self.world.store.write():
                    self.world.store.run("DELETE FROM tasks WHERE id = ?", task)
                    _do(self.world, act, json.loads(args))
                done += 1
        return done

    def _due(self, by_clock_only: bool) -> list[tuple[int, str, str]]:
        real = float("inf") if by_clock_only else real_time()
        return self.world.store.query(
            "SELECT id, act, args FROM tasks WHERE due <= ? AND due_clock <= ? ORDER BY id",
            real, self.world.now(),
        )  # fmt: skip

    def soon(self) -> int:
        """Timed acts that wait for real seconds only, and so will happen by themselves."""
        sql = "SELECT COUNT(*) FROM tasks WHERE due_clock <= ?"
        return int(self.world.store.query(sql, self.world.now())[0][0])


def _do(world: World, act: str, args: Json) -> None:
    try:
        ACTS[act](world, args)
    except ApiError as problem:
        # The object has moved on meanwhile; nothing is left to do.
        log.info("Timed act %s had nothing to do: %s", act, problem.code)
