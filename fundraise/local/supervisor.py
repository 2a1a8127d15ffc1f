"""Keeps a list of processes running and stops them in order. One thread, one loop."""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FrameType

from fundraise.local.children import Child, Spec
from fundraise.local.leftovers import Record
from fundraise.local.logfiles import say
from fundraise.local.starter import Starter

TICK = 0.5
SAME_WISH = 1.0
# Of the ten seconds in which everything must be gone; the servers need the rest.
LONGEST_STOP = 6.5


class Asked(Exception):
    """Somebody wants the service to stop."""


class Supervisor:
    def __init__(self, data: Path, environ: Mapping[str, str]) -> None:
        self.logs = data / "logs"
        self.environ = environ
        self.children: dict[str, Child] = {}
        self.record = Record(data / "run")
        self.asked = 0
        self._asked_at = 0.0
        self._starter = Starter()
        self._selector = selectors.DefaultSelector()
        self._wake_in, self._wake_out = os.pipe()

    # --- signals ---

    def listen(self) -> None:
        """Install handlers, explicitly: a background job of a shell starts with SIGINT ignored."""
        for handle in (self._wake_in, self._wake_out):
            os.set_blocking(handle, False)
        self._selector.register(self._wake_in, selectors.EVENT_READ, None)
        signal.set_wakeup_fd(self._wake_out, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, self._ask)
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        # nohup means: go on when the terminal closes.
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        """One wish may come twice: to the group, and passed on by make. A second is a later one."""
        if self.asked == 0 or time.monotonic() > self._asked_at + SAME_WISH:
            self.asked += 1
            self._asked_at = time.monotonic()

    def check_asked(self) -> None:
        if self.asked == 0 and self._starter.wants_stop():
            self.asked = 1
        if self.asked:
            raise Asked

    # --- running ---

    def start(self, spec: Spec) -> Child:
        child = Child(spec, self.environ, self.logs)
        self.children[spec.name] = child
        self._start(child)
        return child

    def _start(self, child: Child) -> None:
        self.record.add(child.spec.name, child.start())
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def finish(self, spec: Spec) -> tuple[int, str]:
        """Run a process to its end, listening to everything else meanwhile."""
        child = self.start(spec)
        return self.await_end(child)

    def await_end(self, child: Child) -> tuple[int, str]:
        while child.spec.name in self.children:
            self.check_asked()
            self.turn()
        return child.code, b"".join(child.printed).decode("utf-8", "replace")

    def run(self, each_turn: Callable[[], None] = lambda: None) -> None:
        """Keep everything running until somebody asks for the end."""
        while True:
            self.check_asked()
            self.turn()
            each_turn()

    def turn(self, tick: float = TICK) -> None:
        """One round: read what was printed, notice who ended, start who is due."""
        for key, _ in self._selector.select(tick):
            if key.data is None:
                _drain(self._wake_in)
            elif not key.data.read():
                self._selector.unregister(key.fd)
        for child in list(self.children.values()):
            if child.process is not None and not child.alive():
                self._note_end(child)
            elif child.process is None and time.monotonic() >= child.due and not self.asked:
                self._start(child)

    def _note_end(self, child: Child) -> None:
        self._read_rest(child)
        code = child.ended()
        self.record.remove(child.spec.name)
        if not child.spec.restart:
            del self.children[child.spec.name]
            child.close()
        elif not self.asked:
            pause = max(child.due - time.monotonic(), 0)
            say(f"{child.spec.name} ended ({_said(code)}); starting again in {pause:.0f} s")

    def _read_rest(self, child: Child) -> None:
        if child.output in self._selector.get_map():
            self._selector.unregister(child.output)
            deadline = time.monotonic() + 0.2
            while time.monotonic() < deadline and child.read():
                # A grandchild may hold the pipe open: take what is there and go on.
                if not _readable(child.output):
                    break

    # --- stopping ---

    def stop(self) -> None:
        """Stop stage by stage; what does not end in time is killed, with all its children."""
        self.asked = max(self.asked, 1)
        deadline = time.monotonic() + LONGEST_STOP
        for stage in sorted({child.spec.stage for child in self.children.values()}):
            members = [c for c in self.children.values() if c.spec.stage == stage]
            self._stop_stage(members, deadline)
        for child in self.children.values():
            child.close()
        self.record.close()

    def _stop_stage(self, children: list[Child], latest: float) -> None:
        for child in children:
            child.tell(signal.SIGTERM)
        patience = max((child.spec.patience for child in children), default=0.0)
        deadline = min(time.monotonic() + patience, latest)
        # A second Ctrl-C means: now.
        while _any_alive(children) and time.monotonic() < deadline and self.asked < 2:
            self.turn(0.1)
        for child in children:
            child.kill()
        while _any_alive(children):
            self.turn(0.1)
        self.turn(0)


def _any_alive(children: Iterable[Child]) -> bool:
    return any(child.alive() for child in children)


def _drain(handle: int) -> None:
    try:
        while os.read(handle, 512):
            pass
    except BlockingIOError:
        return


def _readable(handle: int) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        return bool(selector.select(0))


def _said(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
