"""The mail itself: fields, links, the way out, weight, languages, and what filters dislike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mailings.appeals import versions
from mailings.appeals.letters import LEAVE_TAG, tag
from mailings.appeals.looks import live
from mailings.appeals.looks.live import Found
from mailings.appeals.models import Appeal, Content
from mailings.appeals.preflight import BLOCK, OK, UNKNOWN, WARN, Check
from mailings.composing.problems import WARNINGS

HEAVY = 100_000  # bytes: Gmail hides what comes after
SHOUTED = re.compile(r"[A-ZÅÄÖ]{5,}")
CRIED = re.compile(r"!\s*!|[!?]{2,}")
MONEY_WORDS = ("gratis", "vinn nu", "100 %", "free money", "act now", "klicka här", "click here")
LEAST_TEXT = 200  # signs: a mail of pictures alone is what filters know from fraud


def words(appeal: Appeal) -> Iterator[Check]:
    """Every version in every language."""
    contents = list(
        Content.objects.select_related("variant")
        .filter(variant__appeal=appeal)
        .order_by("variant__letter", "-language")
    )
    if not contents:
        yield Check("words", BLOCK, {"missing": "all"})
        return
    for letter in versions.without_words(appeal):
        yield Check("words", BLOCK, {"version": letter, "language": Content.Language.SWEDISH.value})
    for content in contents:
        yield from _of(content)
    yield from _languages(contents)


def _of(content: Content) -> Iterator[Check]:
    where = {"version": content.variant.letter, "language": content.language}
    if content.compiled_at is None or not content.compiled_subject.strip():
        yield Check("words", BLOCK, where)
        return
    yield Check("words", OK, where)
    yield _fields(content, where)
    yield from _links(content, where)
    out = tag(LEAVE_TAG)
    both = out in content.compiled_html and out in content.compiled_text
    yield Check("unsubscribe", OK if both else BLOCK, where)
    weight = len(content.compiled_html.encode())
    state = OK if weight < HEAVY else BLOCK
    yield Check("weight", state, where | {"kilobytes": -(-weight // 1000)})
    yield from _filters(content, where)


def _fields(content: Content, where: dict[str, Any]) -> Check:
    codes = [str(one.get("code", "")) for one in content.problems]
    hard = [code for code in codes if code not in WARNINGS]
    state = BLOCK if hard else WARN if codes else OK
    return Check("fields", state, where | {"problems": hard or codes})


def _links(content: Content, where: dict[str, Any]) -> Iterator[Check]:
    links = list(content.links.order_by("number"))
    bad = [one.number for one in links if not _is_address(one.target)]
    named = f"/l/{tag('m')}/" in content.compiled_html
    if not links or not named:
        yield Check("links", BLOCK, where | {"numbers": []})
    else:
        yield Check("links", BLOCK if bad else OK, where | {"numbers": bad})
    yield _live([one.target for one in links if one.number not in bad], where)


def _live(targets: list[str], where: dict[str, Any]) -> Check:
    """Whether each leads to something; the worst of them is what is said."""
    found = live.check(targets)
    for worst, state in ((Found.GONE, BLOCK), (Found.NOT_CHECKED, UNKNOWN)):
        those = [url for url, said in found.items() if said == worst]
        if those:
            hosts = sorted({urlsplit(url).hostname or "" for url in those})
            return Check("links_live", state, where | {"hosts": hosts})
    return Check("links_live", OK, where | {"hosts": []})


def _is_address(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _filters(content: Content, where: dict[str, Any]) -> Iterator[Check]:
    """What makes filters frown, as far as it can be seen without one."""
    found = []
    subject = content.compiled_subject
    if SHOUTED.search(subject):
        found.append("capitals")
    if CRIED.search(subject):
        found.append("exclamations")
    said = f"{subject} {content.compiled_text}".lower()
    if any(word in said for word in MONEY_WORDS):
        found.append("phrases")
    if len(content.compiled_text) < LEAST_TEXT:
        found.append("little_text")
    yield Check("filters", WARN if found else OK, where | {"signs": found})


def _languages(contents: list[Content]) -> Iterator[Check]:
    by_version: dict[str, set[str]] = {}
    for content in contents:
        by_version.setdefault(content.variant.letter, set()).add(content.language)
    lacking = sorted(
        letter for letter, found in by_version.items() if len(found) < len(Content.Language)
    )
    yield Check("languages", WARN if lacking else OK, {"versions": lacking})
