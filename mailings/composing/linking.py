"""Links: every one goes by our own address and a number, so that its target can be mended later."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from mailings.composing import tags
from mailings.composing.drafts import RAISING, House, Link

MESSAGE, LEAVE = "m", "u"
LONGEST = 2000
NOWHERE = "#"
DIRECT = ("mailto:", "tel:")  # opened by the person's own programs, so never by our address
# Nor a sign that turns the direction of what follows: an address would be read as another.
_BAD = re.compile(r"[\s\x00-\x1f\x7f\u2028-\u202e\u2066-\u2069\"'<>\\^`{|}]|-fr_")
_MAILTO = re.compile(r"mailto:[^@\s?]+@[^@\s?]+\.[^@\s?]+(\?[^\s]*)?")
_TEL = re.compile(r"tel:\+?[0-9()-]{3,20}")
UNSUBSCRIBE = {"sv": "avregistrera", "en": "en/unsubscribe"}
CHOICES = {"sv": "utskick", "en": "en/mailings"}
KEY = "key"  # what raises a monthly gift
AMOUNT = {"sv": "belopp", "en": "amount"}


def fault(url: str) -> str:
    """What is wrong with an address: a code, or nothing."""
    if not url:
        return "no_link"
    if len(url) > LONGEST or _BAD.search(url):
        return "bad_link"
    if url.startswith(DIRECT):
        return "" if _MAILTO.fullmatch(url) or _TEL.fullmatch(url) else "bad_link"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "bad_link"
    if parts.scheme not in {"http", "https"} or parts.username is not None or not _is_host(host):
        return "bad_link"
    return "insecure_link" if parts.scheme == "http" and host not in _HERE else ""


_HERE = frozenset({"localhost", "127.0.0.1"})


def _is_host(host: str) -> bool:
    return host in _HERE or ("." in host.strip(".") and ".." not in host)


class Links:
    """The links of one mail, numbered as they come; the same target has one number."""

    def __init__(self, house: House, language: str) -> None:
        self.house, self.language = house, language
        self._numbers: dict[str, int] = {}
        self._own = {house.page(language): "give", house.page(language, monthly=True): "monthly"}

    def to(self, url: str, *, sum_tag: str = "") -> str:
        """Our address of a target; with the name of a sum's tag, its page asks for that sum.

        A sum a month raises the gift of who gives every month, and so does the page of raising.
        """
        if fault(url) in {"bad_link", "no_link"}:
            return NOWHERE  # the mail can't go like this, and no such target is ever kept
        if url.startswith(DIRECT):
            return url
        number = self._numbers.setdefault(url, len(self._numbers) + 1)
        asked = [f"{AMOUNT[self.language]}={tags.written(sum_tag)}"] if sum_tag else []
        key = self._key(url, sum_tag)
        asked += [f"{KEY}={tags.written(key)}"] if key else []
        query = f"?{'&'.join(asked)}" if asked else ""
        return f"{self.house.base_url}/l/{tags.written(MESSAGE)}/{number}{query}"

    def _key(self, url: str, sum_tag: str) -> str:
        """The field whose words raise a monthly gift, if the link can do that."""
        if sum_tag.startswith("month"):
            return f"raise{sum_tag.removeprefix('month')[0]}"
        return "raise0" if url in map(self.house.raising, RAISING) else ""

    def campaign(self, *, monthly: bool = False, sum_tag: str = "") -> str:
        """Our address of the campaign's page."""
        return self.to(self.house.page(self.language, monthly=monthly), sum_tag=sum_tag)

    @property
    def unsubscribe(self) -> str:
        """Where a person leaves."""
        return f"{self.house.base_url}/{UNSUBSCRIBE[self.language]}/{tags.written(LEAVE)}"

    @property
    def preferences(self) -> str:
        """Where a person chooses what to get."""
        return f"{self.house.base_url}/{CHOICES[self.language]}/{tags.written(LEAVE)}"

    def made(self) -> tuple[Link, ...]:
        """All of them, in their order."""
        return tuple(
            Link(number, url, self._own.get(url, "web")) for url, number in self._numbers.items()
        )
