"""Whether something is there where links lead: asked when there is network.

Only a server that says that it has no such page is sure. One that is slow, refuses to be asked or
can't be found from here proves nothing about what people will see: "not checked". What was asked
is kept for a while, so that a page of checks that is loaded again asks nobody anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.urls import Resolver404, resolve
from django.utils import translation

from fundraise.campaigns.queries import public_campaign
from fundraise.hooks import calling

SECONDS = 4.0  # for all of them together
AT_ONCE = 8
KEPT_SECONDS = 600
NOTHING_THERE = frozenset({404, 410})


class Found(StrEnum):
    ANSWERS = "answers"
    GONE = "gone"
    NOT_CHECKED = "not_checked"


def check(targets: Iterable[str]) -> dict[str, Found]:
    """What is at each address. Never raises for what another side does."""
    found = {url: _ours(url) or _kept(url) for url in dict.fromkeys(targets)}
    asked = [url for url, said in found.items() if said is None]
    if asked and settings.MAIL_LINK_CHECKS:
        found |= _asked(asked)
    return {url: said or Found.NOT_CHECKED for url, said in found.items()}


def _ours(url: str) -> Found | None:
    """Of an address of our own we know ourselves; None of any other."""
    here, there = urlsplit(settings.BASE_URL), urlsplit(url)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        return None
    known = any(_leads(there.path, language) for language, _name in settings.LANGUAGES)
    return Found.ANSWERS if known else Found.GONE


def _leads(path: str, language: str) -> bool:
    """Addresses of another language are known when it is the language; those of a campaign when
    the public may see it."""
    with translation.override(language):
        try:
            slug = resolve(path or "/").kwargs.get("slug")
        except Resolver404:
            return False
    return slug is None or public_campaign(slug) is not None


def _kept(url: str) -> Found | None:
    said: str | None = cache.get(_key(url))
    return Found(said) if said else None


def _asked(urls: list[str]) -> dict[str, Found]:
    """All at once; who has not answered when the time is over is not waited for."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links")
    waiting: dict[Future[calling.Answer], str] = {
        pool.submit(calling.look, url.partition("#")[0], SECONDS): url for url in urls
    }
    done, _late = wait(waiting, timeout=SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)
    found = {waiting[one]: _judged(one.result()) for one in done}
    for url, said in found.items():
        if said != Found.NOT_CHECKED:
            cache.set(_key(url), said.value, KEPT_SECONDS)
    return found


def _judged(answer: calling.Answer) -> Found:
    if answer.status in NOTHING_THERE:
        return Found.GONE
    return Found.ANSWERS if answer.status and answer.status < 500 else Found.NOT_CHECKED


def _key(url: str) -> str:
    return f"link-live:{hashlib.sha256(url.encode()).hexdigest()[:40]}"
