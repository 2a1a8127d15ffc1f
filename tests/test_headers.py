"""What the browser is told, for every kind of response."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from playwright.sync_api import Browser

from fundraise.campaigns.models import Campaign
from fundraise.give import kept
from fundraise.headers import PERMISSIONS
from fundraise.language import STAFF
from tests.console.conftest import make_user
from tests.people import make_campaign, make_party

PICTURE = "0" * 32 + ".webp"
OURS, EVERYBODYS = "same-origin", "cross-origin"
ALIKE = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
# kind: (method, address, status, whose it is)
RESPONSES = {
    "donation page": ("get", "/valet/", 200, OURS),
    "in English": ("get", "/en/valet/", 200, OURS),
    "thermometer page": ("get", "/valet/termometer/", 200, OURS),
    "page for other sites": ("get", "/valet/badda-in/", 200, OURS),
    "privacy": ("get", "/om/integritet/", 200, OURS),
    "redirect": ("get", "/valet", 301, OURS),
    "missing": ("get", "/nix/", 404, OURS),
    "wrong method": ("delete", "/valet/", 405, OURS),
    "refused form": ("post", "/valet/ge/", 400, OURS),
    "numbers": ("get", "/valet/thermometer.json", 200, EVERYBODYS),
    "no numbers": ("get", "/nix/thermometer.json", 404, EVERYBODYS),
    "thermometer picture": ("get", "/valet/thermometer.svg", 200, EVERYBODYS),
    "dark picture": ("get", "/en/valet/thermometer-dark.svg", 200, EVERYBODYS),
    "button picture": ("get", "/valet/button.svg", 200, EVERYBODYS),
    "script for other sites": ("get", "/embed/v1.js", 200, EVERYBODYS),
    "campaign picture": ("get", f"/bilder/{PICTURE}", 200, EVERYBODYS),
    "liveness": ("get", "/healthz", 200, OURS),
    "readiness": ("get", "/readyz", None, OURS),
    "webhook": ("post", "/webhooks/stripe/nix", None, OURS),
    "API, what anybody may read": ("get", "/api/v1/public/campaigns/valet", 200, EVERYBODYS),
    "API, its thermometer": ("get", "/api/v1/public/campaigns/valet/thermometer", 200, EVERYBODYS),
    "API, nothing there": ("get", "/api/v1/public/campaigns/nix", 404, OURS),
    "API, without a key": ("get", "/api/v1/gifts", 401, OURS),
    "API, a start without a form": ("post", "/api/v1/public/gifts", 415, OURS),
    "API, wrong method": ("delete", "/api/v1/gifts", 405, OURS),
    "API, no such address": ("get", "/api/v1/nix", 404, OURS),
    "API, its document": ("get", "/api/v1/openapi.json", 200, EVERYBODYS),
    "API, its guide": ("get", "/api/v1/docs", 200, OURS),
    "staff, a stranger": ("get", "/staff/", 302, OURS),
    "staff log-in": ("get", "/staff/login/", None, OURS),
}


@pytest.fixture
def campaign(db: None, settings: Any) -> Campaign:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir()
    (folder / PICTURE).write_bytes(b"RIFF")
    return make_campaign(make_party())


def differing(response: Any, whose: str) -> dict[str, Any]:
    wanted = {**ALIKE, "Cross-Origin-Resource-Policy": whose}
    return {name: response.get(name) for name in wanted if response.get(name) != wanted[name]}


@pytest.mark.parametrize("kind", RESPONSES)
def test_every_kind_of_response_tells_the_browser(
    client: Client, campaign: Campaign, kind: str
) -> None:
    method, address, status, whose = RESPONSES[kind]
    response = getattr(client, method)(address)
    assert status in {None, response.status_code}
    assert differing(response, whose) == {}
    assert "Content-Security-Policy" in response.headers
    # An element elsewhere reads what it is refused; nothing else is open to be read.
    assert response.get("Access-Control-Allow-Origin") == (
        "*" if whose == EVERYBODYS and kind != "campaign picture" else None
    )


@pytest.mark.parametrize("address", ["/staff/", "/staff/gifts/", "/staff/donors/", "/staff/jobs/"])
def test_staff_pages_are_kept_by_no_browser(campaign: Campaign, address: str) -> None:
    boss = Client()
    boss.force_login(make_user("boss"))
    response = boss.get(address)
    assert response.status_code == 200
    assert differing(response, OURS) == {}
    assert address.startswith(STAFF)
    assert "no-store" in response["Cache-Control"]
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_an_answer_from_memory_tells_the_same(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SECONDS", 60)
    for _twice in range(2):
        response = client.get("/valet/thermometer.json")
        assert differing(response, EVERYBODYS) == {}


def test_a_fault_of_ours_tells_the_same(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fundraise.give.views import about

    def broken(*args: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(about, "_page", broken)
    response = Client(raise_request_exception=False).get("/om/integritet/")
    assert response.status_code == 500
    assert differing(response, OURS) == {}


def test_static_files_tell_the_same(client: Client, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("a{}")
    settings.STATIC_ROOT = str(tmp_path / "static")
    response = Client().get("/static/a.css")
    assert response.status_code == 200
    assert differing(response, OURS) == {}


def test_what_a_view_says_of_itself_stands() -> None:
    from fundraise.headers import SecurityHeadersMiddleware

    def view(_request: object) -> HttpResponse:
        return HttpResponse(headers={"Permissions-Policy": "camera=(self)"})

    response = SecurityHeadersMiddleware(view)(RequestFactory().get("/"))
    assert response["Permissions-Policy"] == "camera=(self)"
    assert response["Cross-Origin-Resource-Policy"] == OURS


@pytest.mark.browser
def test_the_browser_knows_every_permission_that_is_shut(
    chromium: Browser, campaign: Campaign, live_server: Any
) -> None:
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    try:
        page.goto(f"{live_server.url}/om/tillganglighet/")
        allowed = page.evaluate("document.featurePolicy.allowedFeatures()")
    finally:
        page.close()
    assert said == []
    assert not {"camera", "geolocation", "microphone", "payment"} & set(allowed)
    assert "publickey-credentials-get" in allowed
