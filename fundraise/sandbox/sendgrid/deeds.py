"""What recipients do by themselves: programs and scanners follow links, people answer and leave."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from fundraise.sandbox.sendgrid import behaviour, inbound, mails, suppressions
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.inbox import Found, find
from fundraise.sandbox.sendgrid.world import World

DUE = "SELECT id, recipient, act, arg FROM deeds WHERE done = 0 AND due <= ? ORDER BY due, id"
HERE = ("127.0.0.1", "localhost", "::1")
ONE_CLICK = b"List-Unsubscribe=One-Click"
PROGRAM = "Mail/1.0 (stand-in)"
FORM = "application/x-www-form-urlencoded"


def do_due(world: World) -> int:
    """Those that are due, each once: a killed process may leave one done and not written down."""
    done = 0
    for deed, recipient, act, arg in world.store.query(f"{DUE} LIMIT 200", world.exact_now()):
        found = find(world, recipient)
        answer = _do(world, found, act, arg) if found else "gone"
        sql = "UPDATE deeds SET done = 1, answer = ? WHERE id = ?"
        world.store.run(sql, answer, deed)
        done += 1
    return done


def _do(world: World, found: Found, act: str, arg: str) -> str:
    if act == "suppress":
        return suppress(world, found, arg)
    if act in ("visit", "visit_all"):
        return _visit_all(world, found, everything=act == "visit_all")
    if act == "one_click":
        return one_click(world, found.mail())
    if act == "mail_out":
        return mail_out(world, found.mail(), found.email)
    away = act == "away"
    text = "Jag är tillbaka på måndag." if away else "Hej, jag har redan gett. Vänligen"
    return inbound.deliver(world, inbound.reply_to(found, text, away=away))


def suppress(world: World, found: Found, name: str) -> str:
    if name == "group":
        group = found.given.get("asm", {}).get("group_id")
        if group is None:
            return "no group"
        name = f"{suppressions.GROUP}{group}"
    reason, status = behaviour.NO_SUCH[:2] if name == "bounces" else ("", "")
    suppressions.add(world, name, found.email, reason, status)
    return "added"


def one_click(world: World, mail: Json) -> str:
    """POST as RFC 8058 says: no cookies, no redirects followed."""
    if not mail["one_click"]:
        return "no one-click address"
    return fetch(world, mail["unsubscribe_url"], PROGRAM, ONE_CLICK)


def mail_out(world: World, mail: Json, email: str) -> str:
    if not mail["unsubscribe_mailto"]:
        return "no mailto address"
    return inbound.deliver(world, inbound.by_mailto(mail["unsubscribe_mailto"], email))


def _visit_all(world: World, found: Found, *, everything: bool) -> str:
    """The first link; or all of them, and the address to unsubscribe too, as scanners do."""
    links = mails.links_of(found.given, found.person)
    if not everything:
        links = links[:1]
    else:
        web, _ = mails.unsubscribe_of(mails.headers_of(found.given, found.person))
        links = [*links, web] if web else links
    agent = behaviour.SCANNER[0] if everything else behaviour.HUMAN[0]
    return " ".join(fetch(world, url, agent) for url in links)


def _allowed(world: World, url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not world.knobs["visit_links"]:
        return False
    return parts.hostname in HERE or f"{parts.scheme}://{parts.netloc}" in world.config.visit


class _Within(urllib.request.HTTPRedirectHandler):
    """Redirects of a page are followed as far as links are; those of a POST never."""

    def __init__(self, world: World) -> None:
        self.world = world

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if req.data is not None or not _allowed(self.world, newurl):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(world: World, url: str, agent: str, body: bytes | None = None) -> str:
    """The last status of a visit, only to this machine and to what `--visit` names."""
    if not _allowed(world, url):
        return "not followed"
    headers = {"User-Agent": agent} | ({"Content-Type": FORM} if body else {})
    request = urllib.request.Request(url, body, headers)  # noqa: S310 (http and https only)
    opener = urllib.request.build_opener(_Within(world))
    try:
        with opener.open(request, timeout=world.knobs["timeout_seconds"]) as reply:
            reply.read()
            return str(reply.status)
    except urllib.error.HTTPError as error:
        error.close()
        return str(error.code)
    except (http.client.HTTPException, OSError) as problem:
        return type(problem).__name__
