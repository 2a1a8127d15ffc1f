"""Somebody else's site: pages from another origin, under the strictest policy that can be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from playwright.sync_api import Page

# What the page's own policy, a script's error or a blocked request would say.
LISTENS = """
window.faults = [];
addEventListener("securitypolicyviolation",
  (event) => faults.push(`${event.violatedDirective} ${event.blockedURI}`));
addEventListener("error", (event) => faults.push(event.message));
window.said = [];
for (const name of ["view", "update", "click"]) {
  addEventListener(`fundraise:${name}`, (event) => said.push([name, event.detail]));
}
"""
# A test says when the page is hidden: a headless browser never hides one.
HIDES = """
Object.defineProperty(Document.prototype, "hidden", { get: () => window.away === true });
window.hide = (away) => {
  window.away = away;
  document.dispatchEvent(new Event("visibilitychange"));
};
"""


def strict(ours: str, *more: str) -> str:
    """The two lines that docs/embedding.md asks for, and nothing else."""
    lines = ("default-src 'none'", f"script-src {ours}", f"connect-src {ours}", *more)
    return "; ".join((*lines, "require-trusted-types-for 'script'"))


@dataclass
class Foreign:
    """The site: what it serves by path, each with its policy."""

    address: str
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)

    def page(self, body: str, policy: str, *, language: str = "sv", head: str = "") -> str:
        """Serve a page; its address."""
        path = f"/{len(self.pages)}"
        title = '<meta name="viewport" content="width=device-width"><title>Another site</title>'
        self.pages[path] = (
            f'<!doctype html><html lang="{language}"><head>{title}{head}</head>'
            f"<body><main><h1>Another site</h1>{body}</main></body></html>",
            policy,
        )
        return f"{self.address}{path}"


@contextmanager
def foreign_site() -> Iterator[Foreign]:
    """Runs while the block does, on a port and a host name that are not ours."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text, policy = site.pages.get(self.path, ("", ""))
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Foreign(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Visit:
    """A browser on the other site, and all that went wrong or was asked for."""

    page: Page
    console: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def by(cls, page: Page) -> Visit:
        visit = cls(page)
        page.add_init_script(LISTENS + HIDES)
        page.on("console", lambda said: visit.console.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: visit.console.append(str(error)))
        page.on("request", lambda request: visit.asked.append(request.url))
        return visit

    def faults(self) -> list[str]:
        return [*self.console, *self.page.evaluate("window.faults")]

    def polls(self) -> int:
        """How often the numbers were asked for."""
        return sum(url.endswith("/thermometer.json") for url in self.asked)

    def asked_times(self, number: int) -> None:
        """Wait until the numbers have been asked for that often, and answered, and no more."""
        for _each in range(100):
            if self.polls() >= number:
                break
            self.page.wait_for_timeout(50)
        self.page.wait_for_timeout(300)
        assert self.polls() == number

    def said(self) -> list[Any]:
        found: list[Any] = self.page.evaluate("window.said")
        return found
