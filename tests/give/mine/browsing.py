"""My pages as a browser without a script uses them."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from fundraise.give.mine import visits
from fundraise.outbox import services as outbox
from fundraise.outbox.models import OutboxEvent
from mailings.models import TransactionalMessage
from mailings.transactional import _opened
from tests.give.form import hidden

Answer = Any
HOME = "/mina-sidor/"


def ask(client: Client, address: str, home: str = HOME) -> Answer:
    """Write an address and press the button."""
    opened = client.get(home)
    body = opened.content.decode()
    action = re.search(r'<form method="post" action="([^"]+)"', body)
    assert action is not None
    sent = {"email": address, "token": hidden(opened, "token")}
    if 'name="next"' in body:
        sent["next"] = hidden(opened, "next")
    return client.post(action[1], sent)


def deliver() -> None:
    """What the outbox does at once."""
    outbox.deliver(list(OutboxEvent.objects.filter(state="new").values_list("pk", flat=True)))


def mails(kind: str = "my_pages_link") -> list[TransactionalMessage]:
    return list(TransactionalMessage.objects.filter(kind=kind).order_by("pk"))


def link_in(message: TransactionalMessage) -> str:
    """The link of a mail, as path and query."""
    found = re.search(r"https?://\S+\?key=\S+", _opened(message).text)
    assert found is not None
    parts = urlsplit(found[0])
    return f"{parts.path}?{parts.query}"


def key_in(link: str) -> str:
    return parse_qs(urlsplit(link).query)["key"][0]


def log_in(client: Client, address: str) -> Client:
    """Ask, open the mail, press the button."""
    ask(client, address)
    deliver()
    link = link_in(mails()[-1])
    answer = client.post(urlsplit(link).path, {"key": key_in(link)})
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    return client


def visit(client: Client, address: str) -> Client:
    """A browser that is logged in, known or not."""
    here = visits.begin(address)
    client.cookies["mine"] = visits._signer().sign(here.secret)
    return client


def said(answer: Answer) -> str:
    """What the page says: no marks, one space between words, narrow spaces as they are."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u202f", " ").split())
