"""One mail as its reader has it, and what may be done with it. Swedish."""

from __future__ import annotations

import base64
import re
from html import escape

from fundraise.sandbox import layout, panel
from fundraise.sandbox.sendgrid import acts, inbox
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.control import Control
from fundraise.sandbox.sendgrid.inbox import Found
from fundraise.sandbox.sendgrid.words import BANNER, DEEDS, FATES, POSTS, STATES, answered, moment
from fundraise.sandbox.web import Request, Response

HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
# Links open beside the inbox; nothing within runs, is sent or looks out of its frame.
FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:;"
    " style-src 'unsafe-inline'; font-src *; frame-ancestors 'self'"
)


def handle(control: Control, request: Request) -> Response:
    number, _, part = request.path.removeprefix("/mail/").partition("/")
    found = None
    if number.isascii() and number.isdecimal() and len(number) < 18:
        found = inbox.find(control.world, int(number))
    if found is not None and part.startswith("attachment/"):
        return _attachment(found, part.removeprefix("attachment/"))
    if found is None or part not in ("", "html"):
        return _not_here()
    if part == "html":
        return _framed(found)
    if request.method == "POST":
        return _act(control, found, request)
    return _show(control, found)


def _framed(found: Found) -> Response:
    html = found.mail()["html"]
    base = '<base target="_blank">'
    head = HEAD.search(html)
    html = html[: head.end()] + base + html[head.end() :] if head else base + html
    headers = {"Content-Security-Policy": FRAME_POLICY, "Cache-Control": "no-store",
               "Referrer-Policy": "no-referrer"}  # fmt: skip
    return Response(html, headers=headers)


def _not_here() -> Response:
    body = layout.link("/", "Till inkorgen")
    return layout.page("sv", "Mejlet finns inte", body, banner=BANNER, status=404)


def _attachment(found: Found, number: str) -> Response:
    """A file of the mail, to be saved: it is never shown here."""
    files = found.given.get("attachments", [])
    if not number.isascii() or not number.isdecimal() or int(number) >= len(files):
        return _not_here()
    name = re.sub(r"[^A-Za-z0-9._-]", "_", files[int(number)]["filename"])
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = base64.b64decode(files[int(number)]["content"])
    return Response(content, type="application/octet-stream", headers=headers)


def _act(control: Control, found: Found, request: Request) -> Response:
    def act() -> None:
        form = request.form
        acts.do(control.world, found.id, form.get("act", ""), form.get("text", ""))

    return panel.answered(request, act, banner=BANNER, back=f"/mail/{found.id}")


def _show(control: Control, found: Found) -> Response:
    mail = found.mail()
    parts = [
        '<p><a href="/">Inkorgen</a></p>', _head(found, mail), _content(found, mail),
        "<h2>Gör som mottagaren</h2>", _acts(mail), _reply(), _more(found, mail),
        _history(control, found),
    ]  # fmt: skip
    title = mail["subject"] or "(utan ämne)"
    return layout.page("sv", title, "\n".join(parts), banner=BANNER, frames=True)


def _head(found: Found, mail: Json) -> str:
    state = FATES[found.fate] if found.state == "gone" else STATES[found.state]
    rows = [("Från", mail["from"]), ("Till", ", ".join(mail["to"]))]
    if found.email not in (one.lower() for one in mail["to"]):
        rows.append(("Kopia till", found.email))
    if mail["reply_to"]:
        rows.append(("Svar till", ", ".join(mail["reply_to"])))
    rows += [("Förhandstext", mail["snippet"] or "–"), ("Läge", f"{state}, {moment(found.at)}")]
    if found.due > found.at:
        rows.append(("Skickas", moment(found.due)))
    return f'<dl class="head">{_pairs(rows)}</dl>'


def _pairs(rows: list[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)


def _content(found: Found, mail: Json) -> str:
    if not mail["html"]:
        return f'<div class="card"><pre>{escape(mail["text"])}</pre></div>'
    address = f"/mail/{found.id}/html"
    sandbox = "allow-popups allow-popups-to-escape-sandbox"
    return (
        f'<iframe class="letter" title="Mejlet" src="{address}" sandbox="{sandbox}"></iframe>'
        f'<p><a href="{address}" target="_blank" rel="noopener">Mejlet i eget fönster</a></p>'
    )


def _button(text: str, act: str, given: str = "") -> str:
    value = f'<input type="hidden" name="text" value="{escape(given)}">' if given else ""
    return (
        f'<form method="post"><input type="hidden" name="act" value="{act}">{value}'
        f"{layout.button(text, plain=True)}</form>"
    )


def _acts(mail: Json) -> str:
    buttons = [("Markera som skräp", "spam"), ("Studsa", "bounce"), ("Studsa sent", "late"),
               ("Blockera", "blocked"), ("Öppnat", "open")]  # fmt: skip
    if mail["unsubscribe_mailto"]:
        buttons.insert(0, ("Avregistrera med mejl", "mail_out"))
    if mail["one_click"]:
        buttons.insert(0, ("Avregistrera (ett klick)", "one_click"))
    return f'<div class="acts">{"".join(_button(*one) for one in buttons)}</div>'


def _reply() -> str:
    return (
        '<form method="post"><input type="hidden" name="act" value="reply">'
        '<label for="text">Svara</label><textarea id="text" name="text" required></textarea>'
        f"{layout.button('Svara')}</form>"
    )


def _more(found: Found, mail: Json) -> str:
    text = f"<pre>{escape(mail['text'] or 'Mejlet har ingen textdel.')}</pre>"
    headers = f'<dl class="head">{_pairs(list(mail["headers"].items()))}</dl>'
    args = f'<dl class="head">{_pairs(list(mail["custom_args"].items()))}</dl>'
    links = "".join(
        f'<li><a href="{escape(url)}" target="_blank" rel="noopener">{escape(url)}</a>'
        f'<div class="acts">{_button("Räkna ett klick", "click", url)}</div></li>'
        for url in mail["links"]
    )  # fmt: skip
    links = f'<ul class="links">{links}</ul>'
    files = "".join(
        f'<li><a href="/mail/{found.id}/attachment/{number}">{escape(name)}</a></li>'
        for number, name in enumerate(mail["attachments"])
    )
    parts = {"Textdelen": text, "Brevhuvuden": headers, "Länkar": links, "Avsändarens märken": args}
    if files:
        parts["Bilagor"] = f'<ul class="links">{files}</ul>'
    return "<h2>Delarna</h2>" + "".join(_details(title, body) for title, body in parts.items())


def _details(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>{body}</details>"


def _history(control: Control, found: Found) -> str:
    rows = [
        (one["due"], f"<code>{escape(one['event']['event'])}</code>",
         f"{POSTS[one['state']]} {answered(one['answer'])}")
        for one in inbox.events_of(control.world, found.id)
    ] + [
        (one["due"], DEEDS[one["act"]], answered(one["answer"]) if one["done"] else "väntar")
        for one in inbox.deeds_of(control.world, found.id)
    ]  # fmt: skip
    if not rows:
        return "<h2>Vad som hänt</h2>" + layout.paragraph("Inget ännu.")
    body = "".join(
        f"<tr><td>{moment(at)}</td><td>{what}</td><td>{answer}</td></tr>"
        for at, what, answer in sorted(rows, key=lambda row: row[0])
    )
    return (
        "<h2>Vad som hänt</h2>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Händelser">'
        '<table><thead><tr><th scope="col">Tid</th><th scope="col">Vad</th>'
        f'<th scope="col">Svar</th></tr></thead><tbody>{body}</tbody></table></div>'
    )
