"""The threads behind the door: one lets mails go, one does deeds, some post events."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fundraise.sandbox.line import Line
from fundraise.sandbox.sendgrid import deeds, mover, poster
from fundraise.sandbox.sendgrid.world import World

POSTERS = 2
log = logging.getLogger(__name__)


class Background:
    def __init__(self, world: World) -> None:
        self.world = world
        self._stop = threading.Event()
        # One at a time: a control act may do what is due while the thread does so too.
        self._moving, self._doing = threading.Lock(), threading.Lock()
        self._gathered = 0.0

    def start(self) -> None:
        poster.resume(self.world)
        works: list[Callable[[], bool]] = [self._move, self._do]
        works += [self._posting() for _ in range(POSTERS)]
        for number, work in enumerate(works):
            name = f"background-{number}"
            threading.Thread(target=self._loop, args=(work,), name=name, daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _loop(self, work: Callable[[], bool]) -> None:
        while not self._stop.is_set():
            try:
                if not work():
                    self._stop.wait(0.05)
            except Exception:
                log.exception("Something that happens by itself stumbled")
                self._stop.wait(0.2)

    def _move(self) -> bool:
        moved = self.move()
        since = time.monotonic() - self._gathered
        if since >= self.world.knobs["post_seconds"]:
            self._gathered = time.monotonic()
            poster.gather(self.world)
        return moved > 0

    def move(self) -> int:
        with self._moving:
            return mover.let_go(self.world)

    def _do(self) -> bool:
        return self.do() > 0

    def do(self) -> int:
        with self._doing:
            return deeds.do_due(self.world)

    def _posting(self) -> Callable[[], bool]:
        line = Line(lambda: float(self.world.knobs["timeout_seconds"]))
        return lambda: poster.post_one(self.world, line)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nothing is let go and nothing done meanwhile."""
        with self._moving, self._doing:
            yield

    def gather(self) -> None:
        with self._moving:
            poster.gather(self.world)
