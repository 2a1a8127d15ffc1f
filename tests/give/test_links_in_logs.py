"""A link that is good by itself leaves no key in a log: it stands in the query.

The web server's own log writes `$uri`, which has no query (docs/deploy/nginx/fundraise.conf).
"""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from fundraise import logs
from fundraise.campaigns.models import Campaign
from fundraise.pledges import links, signed
from tests.give.monthly import only_pledge, open_monthly, sign_up

MAKERS = ("sign", "disown", "mandate", "mandate_pdf")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The lines of the real configuration."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logging.config.dictConfig(logs.logging_config(json_lines=True))
    ours = root.handlers[0]
    assert isinstance(ours, logging.StreamHandler)
    stream = io.StringIO()
    ours.setStream(stream)
    structlog.contextvars.clear_contextvars()
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_no_line_holds_the_key_of_a_mailed_link(
    client: Client, campaign: Campaign, written: io.StringIO
) -> None:
    open_monthly(campaign)
    sign_up(client)
    pledge, mandate = only_pledge()
    mailed = [
        signed.url(kind, mandate.ref, language) for kind in MAKERS for language in ("sv", "en")
    ]
    mailed += [links.repair_link(pledge), links.upgrade_link(pledge, pledge.amount_ore + 100)]
    mailed += [links.name_sum_link(mandate, "sv")]
    mailed += [settings.BASE_URL + signed.own_page(pledge.ref, "sv")]
    for link in mailed:
        parts = urlsplit(link)
        (key,) = next(iter(parse_qs(parts.query).values()))
        written.truncate(0)
        client.get(f"{parts.path}?{parts.query}")
        if "inte-jag" in link or "not-me" in link:
            client.post(f"{parts.path}?{parts.query}")
        said = written.getvalue()
        assert f"GET {parts.path}" in said, link
        assert key not in said
        assert key.rsplit(":", 1)[-1] not in said


# What mail programs and SendGrid call: the key can only stand in the path, and no log shows it.
IN_THE_PATH = [
    *(f"/{word}/{'k' * 24}" for word in ("avregistrera", "en/unsubscribe", "utskick", "l")),
    f"/en/mailings/{'k' * 24}/address",
    f"/webhooks/sendgrid/inbound/{'k' * 24}",
]


def test_no_other_address_of_the_service_takes_a_key_in_its_path() -> None:
    taken = list(_taken(get_resolver().url_patterns))
    assert {"ref", "slug"} <= set(taken)
    assert set(taken) & {"signature", "signed"} == set()
    assert {name for name in taken if name in {"token", "secret"}} == {"token", "secret"}
    with_token = [p for p in _routes(get_resolver().url_patterns) if ":token>" in p]
    assert all(
        part.startswith(("avregistrera", "en/unsubscribe", "utskick", "en/mailings", "l/"))
        for part in with_token
    )


@pytest.mark.parametrize("path", IN_THE_PATH)
def test_a_key_in_a_path_is_blanked_in_every_line(path: str) -> None:
    assert "kkk" not in logs.scrub(f"GET {path}")


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def _taken(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        yield from (name for name, kind in pattern.pattern.converters.items() if kind)
        if isinstance(pattern, URLResolver):
            yield from _taken(pattern.url_patterns)


def test_the_web_servers_log_leaves_the_query_out() -> None:
    lines = Path(settings.BASE_DIR, "docs/deploy/nginx/fundraise.conf").read_text().splitlines()
    (form,) = [line for line in lines if line.startswith("log_format")]
    kept = set(form.replace('"', " ").replace("'", " ").replace(";", " ").split())
    assert "$uri" in kept
    assert kept & {"$request", "$request_uri", "$args", "$query_string", "$http_referer"} == set()
    named = [line.split() for line in lines if line.strip().startswith("access_log")]
    assert all(words[1] == "off;" or words[2] == "fundraise;" for words in named)
