"""What other sites get: the script, the pictures, the numbers, and the page that says how."""

from __future__ import annotations

import gzip
import html
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import OperationalError, connection
from django.test import Client

from fundraise import colour
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.give import embedded, kept, links, reading
from fundraise.give.drawn import DARK, LIGHT, Paint

SCRIPT = "/embed/v1.js"
JSON = "/valet/thermometer.json"
SVGS = [
    "/valet/thermometer.svg",
    "/valet/thermometer-dark.svg",
    "/valet/button.svg",
    "/en/valet/thermometer.svg",
    "/en/valet/thermometer-dark.svg",
    "/en/valet/button.svg",
]
LARGEST = 15_000
PAGES = {"sv": "/valet/badda-in/", "en": "/en/valet/embed/"}
TEXT = 4.5


def away(*args: object) -> None:
    raise OperationalError("gone")


def text_of(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


# --- The script -----------------------------------------------------------------------------------
def test_the_script_is_open_to_every_site_and_kept_for_an_hour(client: Client) -> None:
    answer = client.get(SCRIPT)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"].startswith("public, max-age=3600, ")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.cookies == {}


def test_the_script_weighs_at_most_fifteen_kilobytes(client: Client) -> None:
    plain = client.get(SCRIPT)
    packed = client.get(SCRIPT, headers={"Accept-Encoding": "gzip"})
    assert len(plain.content) <= LARGEST
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < LARGEST / 2


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_an_unchanged_script_is_not_sent_again(client: Client, coding: str) -> None:
    tag = client.get(SCRIPT, headers={"Accept-Encoding": coding})["ETag"]
    again = client.get(SCRIPT, headers={"Accept-Encoding": coding, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(SCRIPT, headers={"Accept-Encoding": coding, "If-None-Match": '"other"'})
    assert other.status_code == 200


def test_the_script_needs_nothing_that_a_strict_site_forbids() -> None:
    script = embedded.script().body.decode()
    for forbidden in (
        "eval(", "new Function", "innerHTML", "document.write", "localStorage", "sessionStorage",
        "cookie", "createElement(\"style\")", ".style.", 'setAttribute("style"', "import(", "http",
    ):  # fmt: skip
        assert forbidden not in script, forbidden


def test_only_comments_and_blanks_are_taken_out_of_the_script(tmp_path: Path) -> None:
    whole = re.sub(
        r"\s", "", "".join(embedded._COMMENT.sub("", embedded._read(n)) for n in embedded.PARTS)
    )
    style, _, rest = embedded.script().body.decode().partition("\n")
    assert re.sub(r"\s", "", rest) == whole
    assert style.startswith('const STYLE = ":host{display:block;')
    assert ".bar .forecast{position:absolute;" in style


def test_the_script_says_what_the_pages_say() -> None:
    words = embedded._read("words.js")
    catalogue = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted(Path("fundraise/locale/parts").glob("give*.po"))
    )
    for english, swedish in (
        ("The campaign has just begun", "Insamlingen har just börjat"),
        ("The campaign is closed", "Insamlingen är avslutad"),
        ("last day", "sista dagen"),
    ):
        assert f'msgid "{english}"\nmsgstr "{swedish}"' in catalogue
        assert f'"{english}"' in words
        assert f'"{swedish}"' in words


# --- What the elements ask ------------------------------------------------------------------------
def test_what_is_refused_can_be_read_by_the_element(client: Client, campaign: Campaign) -> None:
    answer = client.get("/nix/thermometer.json")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (404, "*")


def test_a_service_that_is_away_says_when_to_come_back(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_proven", {})
    with connection.execute_wrapper(away):
        answer = client.get(JSON)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Expose-Headers"] == "Retry-After"
    assert answer["Cache-Control"] == "no-store"


def test_a_draft_is_shown_to_nobody(client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(status="draft")
    for path in (JSON, *SVGS, *PAGES.values()):
        assert client.get(path).status_code == 404


def test_a_closed_campaign_says_so(client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(status="closed")
    assert client.get(JSON).json()["open"] is False
    assert "Insamlingen är avslutad" in text_of(client, "/valet/button.svg")


def test_how_often_is_the_houses_to_say(
    client: Client, campaign: Campaign, settings: object
) -> None:
    settings.THERMOMETER_POLL_SECONDS = 120  # type: ignore[attr-defined]
    assert client.get(JSON).json()["poll_after"] == 120


def test_a_kept_answer_is_given_before_anything_else_is_done(
    client: Client,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(kept, "SECONDS", 60)
    slow = client.get(JSON)
    capfd.readouterr()
    quick = client.get(JSON)
    same = client.get(JSON, headers={"If-None-Match": f'"other", W/{slow["ETag"]}'})
    assert (quick.content, quick["ETag"], same.status_code) == (slow.content, slow["ETag"], 304)
    for name in (
        "Cache-Control", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy",
        "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
    ):  # fmt: skip
        assert quick[name] == same[name] == slow[name]
    assert "request_finished" not in capfd.readouterr().err
    assert client.post(JSON).status_code == 405


def test_the_two_languages_of_a_picture_are_kept_apart(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SECONDS", 60)
    for _twice in range(2):
        assert ">av 2" in text_of(client, "/valet/thermometer.svg")
        assert ">of 2" in text_of(client, "/en/valet/thermometer.svg")
        assert DARK.ground in text_of(client, "/valet/thermometer-dark.svg")


# --- The pictures ---------------------------------------------------------------------------------
@pytest.mark.parametrize("path", SVGS)
def test_every_picture_may_stand_on_every_site(
    client: Client, campaign: Campaign, path: str
) -> None:
    Thermometer.objects.update(received_ore=1_243_500_00, donors=3112)
    answer = client.get(path)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own picture
    assert root[0].tag.endswith("title")
    assert root[0].text
    assert b"style" not in answer.content


@pytest.mark.parametrize("paint", [LIGHT, DARK])
def test_text_in_the_pictures_is_legible(paint: Paint) -> None:
    ground = "#ffffff" if paint.ground == "#fff" else paint.ground
    assert colour.contrast(paint.ink, ground) >= TEXT
    assert colour.contrast(paint.quiet, ground) >= TEXT


@pytest.mark.parametrize("chosen", ["#ffff00", "#000000", "#ffffff", "#7f7f7f", "#d00000"])
def test_the_button_is_legible_in_any_colour(
    client: Client, campaign: Campaign, chosen: str
) -> None:
    Campaign.objects.update(theme_colour=chosen)
    ground, ink = re.findall(r'fill="(#\w+)"', text_of(client, "/valet/button.svg"))
    assert colour.contrast(ground, ink) >= TEXT
    for a, b in client.get(JSON).json()["brand"].values():
        assert colour.contrast(a, b) >= TEXT


# --- The page that says how -----------------------------------------------------------------------
@pytest.mark.parametrize(("language", "path"), PAGES.items())
def test_the_page_has_every_snippet_with_our_address(
    client: Client, campaign: Campaign, settings: object, language: str, path: str
) -> None:
    settings.BASE_URL = "https://ge.example.org"  # type: ignore[attr-defined]
    page = text_of(client, path)
    at, slug = "https://ge.example.org", "/valet/" if language == "sv" else "/en/valet/"
    for snippet in (
        f'<script type="module" src="{at}/embed/v1.js"></script>',
        f'<fundraise-thermometer campaign="valet" lang="{language}">\n  <a href="{at}{slug}',
        f'<fundraise-button campaign="valet" lang="{language}" ref="partner">\n  <a href="{at}',
        f'<source srcset="{at}{slug}thermometer-dark.svg" media="(prefers-color-scheme: dark)">',
        f'<img src="{at}{slug}thermometer.svg" alt="',
        f'<img src="{at}{slug}button.svg" alt="',
        f"script-src {at}\nconnect-src {at}\nimg-src {at}",
    ):
        assert snippet in page, snippet


def test_a_title_can_not_break_out_of_a_snippet(client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(title_sv='<script>"x"</script>')
    raw = client.get(PAGES["sv"]).content.decode()
    assert "<script>" not in raw
    page = html.unescape(raw)
    assert (
        "Se hur mycket som har samlats in: &lt;script&gt;&quot;x&quot;&lt;/script&gt;</a>" in page
    )
    assert 'alt="Se hur mycket som har samlats in: &lt;script&gt;&quot;x&quot;' in page


def test_the_page_is_not_there_without_a_campaign(client: Client, campaign: Campaign) -> None:
    assert client.get("/nix/badda-in/").status_code == 404
    with connection.execute_wrapper(away):
        assert client.get(PAGES["sv"]).status_code == 503


def test_the_links_are_the_ones_of_the_language() -> None:
    assert links.embed("valet", "sv") == PAGES["sv"]
    assert links.embed("valet", "en") == PAGES["en"]
    assert links.embed_script() == SCRIPT
