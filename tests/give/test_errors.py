from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.give import errors, links, shell
from fundraise.ledger.models import LegalEntity
from tests.give.form import GOOD, Door, door, hidden

__all__ = ["door"]


@pytest.mark.parametrize(
    ("path", "words"),
    [("/finns/inte/", "Vi hittar inte sidan"), ("/en/no/such/", "We can't find the page")],
)
def test_a_missing_page_is_calm_in_its_language(client: Client, path: str, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_missing_page_needs_no_database(client: Client) -> None:
    assert client.get("/finns/inte/alls/").status_code == 404  # no db fixture: it would raise


def test_three_hundred_fields_are_no_form_of_ours(
    client: Client, campaign: Campaign, door: Door
) -> None:
    token = hidden(client.get("/valet/"), "token")
    many = {f"field{number}": "x" for number in range(300)}
    answer = client.post("/valet/", {**GOOD, "token": token, **many})
    assert answer.status_code == 400
    assert "Vi kunde inte ta emot det som skickades" in answer.content.decode()
    assert (door.requests, Gift.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"amount": 200}', "application/json"),
        (b"<gift/>", "text/xml"),
        (b"", "application/octet-stream"),
    ],
)
def test_another_content_type_is_refused(
    client: Client, campaign: Campaign, door: Door, body: bytes, content_type: str
) -> None:
    answer = client.post("/valet/", data=body, content_type=content_type)
    assert answer.status_code == 415
    assert door.requests == []


def test_a_broken_multipart_body_is_refused(client: Client, campaign: Campaign, door: Door) -> None:
    answer = client.post(
        "/valet/", data=b"--x\r\nnonsense", content_type="multipart/form-data; boundary="
    )
    assert answer.status_code == 400
    assert door.requests == []


def test_a_megabyte_is_refused(client: Client, campaign: Campaign, door: Door) -> None:
    answer = client.post(
        "/valet/",
        data=b"name=" + b"a" * 2_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400
    assert door.requests == []


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_verbs_are_refused(client: Client, campaign: Campaign, method: str) -> None:
    assert getattr(client, method)("/valet/").status_code == 405


def test_the_error_page_stands_when_everything_else_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*args: object, **kwargs: object) -> str:
        raise RuntimeError("template")

    monkeypatch.setattr(shell, "render", fall)
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Något gick fel" in answer.content.decode()


def test_the_error_page_speaks_the_paths_language() -> None:
    assert (
        "Något gick fel hos oss"
        in errors.server_error(RequestFactory().get("/valet/")).content.decode()
    )
    assert (
        "Something went wrong with us"
        in errors.server_error(RequestFactory().get("/en/valet/")).content.decode()
    )


@pytest.mark.parametrize(
    "path",
    ["/om/integritet/", "/om/tillganglighet/", "/en/about/privacy/", "/en/about/accessibility/"],
)
def test_the_small_pages_are_there_with_and_without_a_campaign(
    client: Client, db: None, path: str
) -> None:
    assert client.get(path).status_code == 200


def test_the_small_pages_name_who_is_responsible(client: Client, campaign: Campaign) -> None:
    page = client.get("/om/integritet/").content.decode()
    assert "Framtidspartiet är ansvarig" in page
    assert "ekonomi@framtidspartiet.example" in page


def test_the_page_about_details_says_all_that_is_kept_and_of_others_nothing_of_a_party(
    client: Client, campaign: Campaign
) -> None:
    party = client.get("/om/integritet/").content.decode()
    for said in (
        "Om du ger med autogiro: ditt konto och ditt personnummer",
        "kortets fyra sista siffror",
        "den som har sagt ja till det",
        "vad du tycker politiskt",
        "Kammarkollegiet",
        "Integritetsskyddsmyndigheten",
        'På <a href="/mina-sidor/">Mina sidor</a>',
    ):
        assert said in party
    assert "Skatteverket" not in party
    LegalEntity.objects.update(kind="charity", tax_reduction=True)
    charity = client.get("/om/integritet/").content.decode()
    assert "Skatteverket, om dem som har skrivit sitt personnummer" in charity
    assert "politiskt" not in charity
    assert "Kammarkollegiet" not in charity


@pytest.mark.parametrize(("path", "own"), [("/", "/mina-sidor/"), ("/en/", "/en/my-pages/")])
def test_whoever_wants_to_end_a_monthly_gift_finds_my_pages_from_every_page(
    client: Client, campaign: Campaign, path: str, own: str
) -> None:
    for at in (path, f"{path}valet/", links.privacy("en" if "en" in path else "sv")):
        foot = client.get(at).content.decode().split('<footer class="foot')[1]
        assert f'<a href="{own}">' in foot
