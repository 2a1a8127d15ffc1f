"""A mail as its reader has it: the values put in, the headers together, the links found."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from fundraise.sandbox.sendgrid.config import Json

TEXT_LINK = re.compile(r"https?://[^\s<>\"']+")
ANGLED = re.compile(r"<([^<>]+)>")
SNIPPET = 140


@lru_cache(maxsize=64)
def _pattern(tags: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(tags, key=len, reverse=True)
    return re.compile("|".join(re.escape(tag) for tag in longest_first))


def filled(text: str, values: dict[str, str]) -> str:
    """Every tag by its value, once: what a value holds is not looked at again."""
    tags = tuple(tag for tag in values if tag)
    return _pattern(tags).sub(lambda found: values[found[0]], text) if tags else text


def parts_of(given: Json, person: Json) -> dict[str, str]:
    """Content type → content with this person's values."""
    values = person.get("substitutions", {})
    return {p["type"].lower(): filled(p["value"], values) for p in given.get("content", ())}


def headers_of(given: Json, person: Json) -> dict[str, str]:
    return {**given.get("headers", {}), **person.get("headers", {})}


def links_of(given: Json, person: Json) -> list[str]:
    """The http links of the mail in order: of the HTML part, else of the text."""
    parts = parts_of(given, person)
    if "text/html" in parts:
        finder = _Links()
        finder.feed(parts["text/html"])
        return finder.found
    return TEXT_LINK.findall(parts.get("text/plain", ""))


def unsubscribe_of(headers: dict[str, str]) -> tuple[str, str]:
    """The https address (for one click) and the mailto address of List-Unsubscribe."""
    value = next((v for n, v in headers.items() if n.lower() == "list-unsubscribe"), "")
    found = ANGLED.findall(value)
    web = next((url for url in found if urlsplit(url).scheme in ("http", "https")), "")
    mail = next((url for url in found if url.lower().startswith("mailto:")), "")
    return web, mail


def one_click(headers: dict[str, str]) -> bool:
    """Whether a mail program may show its own button, by RFC 8058."""
    wanted = "list-unsubscribe=one-click"
    return any(n.lower() == "list-unsubscribe-post" and v.strip().lower() == wanted
               for n, v in headers.items())  # fmt: skip


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "a" and name == "href" and value and value.startswith(("http:", "https:")):
                self.found.append(value)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("style", "script", "title")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script", "title") and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def snippet(parts: dict[str, str]) -> str:
    """What a mail program shows behind the subject: the first words, hidden ones too."""
    text = parts.get("text/plain", "")
    if "text/html" in parts:
        words = _Words()
        words.feed(parts["text/html"][:20_000])
        text = unescape(" ".join(words.words))
    # Preheaders are padded with characters that nobody sees.
    shown = re.sub("[\u034f\u00ad\u200b-\u200f\u2007\ufeff]", "", text)
    return " ".join(shown.split())[:SNIPPET]


def written(one: Any) -> str:
    """An address as it stands in a header: name and address."""
    if type(one) is not dict:
        return ""
    return f"{one['name']} <{one['email']}>" if one.get("name") else str(one["email"])


def mail(given: Json, person: Json) -> Json:
    """All that a reader sees and a mail program knows."""
    values = person.get("substitutions", {})
    parts = parts_of(given, person)
    headers = headers_of(given, person)
    reply = [given["reply_to"]] if "reply_to" in given else given.get("reply_to_list", [])
    web, by_mail = unsubscribe_of(headers)
    return {
        "from": written(person.get("from", given["from"])),
        "to": [written(one) for one in person["to"]],
        "reply_to": [filled(written(one), values) for one in reply],
        "subject": filled(person.get("subject") or given.get("subject") or "", values),
        "snippet": snippet(parts),
        "text": parts.get("text/plain", ""),
        "html": parts.get("text/html", ""),
        "headers": headers,
        "links": links_of(given, person),
        "custom_args": {**given.get("custom_args", {}), **person.get("custom_args", {})},
        "categories": given.get("categories", []),
        "template_id": given.get("template_id", ""),
        "dynamic_template_data": person.get("dynamic_template_data", {}),
        "unsubscribe_url": web,
        "unsubscribe_mailto": by_mail,
        "one_click": bool(web) and one_click(headers),
        "attachments": [one["filename"] for one in given.get("attachments", ())],
    }
