from __future__ import annotations

import gzip
import re
from pathlib import Path

from django.test import Client

from fundraise.campaigns.models import Campaign

STATIC = Path(__file__).resolve().parents[2] / "fundraise/give/static/give"
KILOBYTE = 1000


def test_page_style_and_script_weigh_at_most_forty_kilobytes(
    client: Client, campaign: Campaign
) -> None:
    page = client.get("/valet/?belopp=3000").content
    parts = [page, (STATIC / "give.css").read_bytes(), (STATIC / "give.js").read_bytes()]
    assert sum(len(gzip.compress(part, 9)) for part in parts) <= 40 * KILOBYTE
    assert len(re.findall(rb"<script[^>]*src=", page)) == 1
    assert len(re.findall(rb'<link rel="stylesheet"', page)) == 1


def test_every_size_is_in_rem_so_that_larger_text_is_larger() -> None:
    style = (STATIC / "give.css").read_text(encoding="utf-8")
    assert re.findall(r"(?<!-)\b(?:font-size|font):[^;]*\dpx", style) == []
    pixels = re.findall(r"[\w-]+:[^;{}]*\b\d+px[^;]*;", style)
    assert set(pixels) == {"width: 1px;", "height: 1px;", "margin: -1px;"}  # only what is unseen


def test_the_script_waits_for_nothing_and_reaches_nobody() -> None:
    script = (STATIC / "give.js").read_text(encoding="utf-8")
    assert "http" not in script
    for forbidden in ("eval(", "innerHTML", "document.write", "localStorage", "cookie"):
        assert forbidden not in script
