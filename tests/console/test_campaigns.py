"""Campaigns: changed by comms through the services, pictures made anew and shown to the world."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from fundraise.audit.models import ChangeLine
from fundraise.campaigns import services
from fundraise.campaigns.models import Campaign
from fundraise.console import pictures
from fundraise.ledger.models import Dimension
from fundraise.pictures import PictureError
from tests.console.conftest import cash_gift
from tests.console.test_front import rows

GPS_TAG = 0x8825
DESCRIPTION = 0x010E


def form_of(campaign: Campaign, **changes: Any) -> dict[str, Any]:
    """The campaign's form as its page shows it, with changes."""
    filled: dict[str, Any] = {
        "title_sv": campaign.title_sv,
        "title_en": campaign.title_en,
        "purpose_sv": campaign.purpose_sv,
        "purpose_en": campaign.purpose_en,
        "status": campaign.status,
        "goal_ore": "2 000 000",
        "starts_on": "2026-09-01",
        "ends_on": "2027-08-31",
        "amounts_once": "100; 250; 500; 1 000",
        "amounts_monthly": "50; 100; 200; 500",
        "first_frequency": "once",
        "minimum_ore": "20",
        "maximum_ore": "150 000",
        "theme_colour": "#0b5d4e",
    }
    return {**filled, **changes}


def photo(size: tuple[int, int] = (2400, 1200), kind: str = "JPEG") -> bytes:
    """A picture with a place and words in its metadata."""
    exif = Image.Exif()
    exif[DESCRIPTION] = "Anna at home"
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, exif=exif)
    return out.getvalue()


def upload(content: bytes, name: str = "anna.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_the_campaign_names_the_page_for_other_sites(campaign: Campaign, cecilia: Client) -> None:
    page = cecilia.get(f"/staff/campaigns/{campaign.ref}/").content.decode()
    assert f'href="/{campaign.slug}/badda-in/"' in page


def test_comms_change_a_campaign_and_the_log_says_what(campaign: Campaign, cecilia: Client) -> None:
    form = form_of(campaign, title_sv="Tre miljoner", goal_ore="3 000 000 kr")

    answer = cecilia.post(f"/staff/campaigns/{campaign.ref}/", form)

    campaign.refresh_from_db()
    assert answer.status_code == 302
    assert (campaign.title_sv, campaign.goal_ore) == ("Tre miljoner", 3_000_000_00)
    assert Dimension.objects.get(pk=campaign.dimension_id).name == "Tre miljoner"
    line = ChangeLine.objects.get(action="campaign.changed")
    assert line.before == {"title_sv": "(not kept)", "goal_ore": 2_000_000_00}
    assert line.after["goal_ore"] == 3_000_000_00
    assert line.by == f"staff:{cecilia.session['_auth_user_id']}"


def test_saving_what_is_there_changes_nothing(campaign: Campaign, cecilia: Client) -> None:
    before = rows()

    answer = cecilia.post(f"/staff/campaigns/{campaign.ref}/", form_of(campaign))

    assert answer.status_code == 302
    assert rows() == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"goal_ore": "0"}, "över noll"),
        ({"goal_ore": "2.000.000"}, "utan punkt"),
        ({"amounts_once": "500; 100"}, "stigande"),
        ({"minimum_ore": "200 000"}, "minsta"),
        ({"ends_on": "2026-01-01"}, "sista"),
        ({"theme_colour": "teal"}, "#1a2b3c"),
        ({"first_frequency": "monthly"}, "avslagna"),
        ({"title_sv": ""}, "Rubrik på svenska"),
        ({"title_en": "x" * 91}, "90"),
    ],
)
def test_wrong_field_is_refused_and_changes_nothing(
    changes: dict[str, str], said: str, campaign: Campaign, cecilia: Client
) -> None:
    before = (rows(), Campaign.objects.values().get())

    answer = cecilia.post(f"/staff/campaigns/{campaign.ref}/", form_of(campaign, **changes))

    assert answer.status_code == 422
    assert said.lower() in answer.content.decode().lower()
    assert (rows(), Campaign.objects.values().get()) == before


@pytest.mark.parametrize("name", ["reader", "david"])
def test_others_read_a_campaign_and_change_nothing(
    name: str, campaign: Campaign, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(name)
    before = (rows(), Campaign.objects.values().get())
    form = form_of(campaign, goal_ore="1")

    codes = [
        client.get(f"/staff/campaigns/{campaign.ref}/").status_code,
        client.post(f"/staff/campaigns/{campaign.ref}/", form).status_code,
        client.post("/staff/campaigns/new/", {**form, "slug": "ny"}).status_code,
    ]

    assert codes == [200, 403, 403]
    assert (rows(), Campaign.objects.values().get()) == before


def test_campaign_with_gifts_is_never_hidden(campaign: Campaign, cecilia: Client) -> None:
    cash_gift(campaign)

    answer = cecilia.post(f"/staff/campaigns/{campaign.ref}/", form_of(campaign, status="draft"))

    campaign.refresh_from_db()
    assert (answer.status_code, campaign.status) == (422, "live")


def test_fixed_fields_are_not_for_changing(campaign: Campaign) -> None:
    with pytest.raises(TypeError):
        services.update_campaign(campaign.pk, by="staff:1", entity=None)
    with pytest.raises(ValidationError):
        services.update_campaign(campaign.pk, by="staff:1", slug="inte ok")


def test_new_campaign_gets_its_dimension_and_thermometer(
    campaign: Campaign, cecilia: Client
) -> None:
    form = form_of(campaign, slug="host", entity=campaign.entity_id, status="draft")

    answer = cecilia.post("/staff/campaigns/new/", form)

    made = Campaign.objects.get(slug="host")
    assert answer["Location"] == f"/staff/campaigns/{made.ref}/"
    assert (made.status, made.dimension.code, made.thermometer.received_ore) == ("draft", "host", 0)
    shown = cecilia.get("/staff/campaigns/").content.decode()
    assert "></a>" not in shown  # no number yet, so no link without words


@pytest.mark.parametrize("slug", ["staff", "en", "bilder", "valet", "Å", "api", "a" * 61])
def test_address_that_is_taken_or_odd_is_refused(
    slug: str, campaign: Campaign, cecilia: Client
) -> None:
    before = rows()

    form = form_of(campaign, slug=slug, entity=campaign.entity_id)
    answer = cecilia.post("/staff/campaigns/new/", form)

    assert answer.status_code == 422
    assert rows() == before


def test_picture_is_made_small_bare_and_shown_to_the_world(
    campaign: Campaign, cecilia: Client, client: Client
) -> None:
    form = form_of(campaign, picture=upload(photo()))
    cecilia.post(f"/staff/campaigns/{campaign.ref}/", form)
    campaign.refresh_from_db()

    answer = client.get(campaign.picture.url)

    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    shown = Image.open(io.BytesIO(body))
    assert campaign.picture.url == f"/bilder/{campaign.picture.name}"
    assert (shown.format, shown.size) == ("WEBP", (1600, 800))
    assert (dict(shown.getexif()), b"Anna" in body) == ({}, False)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.cookies == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg onload=alert(1)>", "ingen JPEG"),
        (b"%PDF-1.7 no picture", "ingen JPEG"),
        (photo()[:900], "ingen JPEG"),
        (photo() + b"\0" * 10_000_000, "större än 10 MB"),
    ],
)
def test_what_is_no_picture_is_refused(
    content: bytes, said: str, campaign: Campaign, cecilia: Client
) -> None:
    before = rows()

    form = form_of(campaign, picture=upload(content), goal_ore="5")
    answer = cecilia.post(f"/staff/campaigns/{campaign.ref}/", form)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    campaign.refresh_from_db()
    assert (campaign.goal_ore, campaign.picture.name, rows()) == (2_000_000_00, "", before)


def test_picture_of_too_many_pixels_is_refused() -> None:
    huge = io.BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")

    with pytest.raises(PictureError) as caught:
        pictures.remake(huge)

    assert caught.value.code == "too_large"


@pytest.mark.parametrize("name", ["nothing.webp", "..%2fsettings.py", "0" * 32 + ".webp", "a.html"])
def test_other_names_are_not_found(name: str, client: Client, campaign: Campaign) -> None:
    assert client.get(f"/bilder/{name}").status_code == 404


def test_address_whose_beginning_is_another_campaigns_gets_a_code_of_its_own(
    campaign: Campaign, cecilia: Client
) -> None:
    form = form_of(campaign, slug="a-very-long-address-one", entity=campaign.entity_id)
    cecilia.post("/staff/campaigns/new/", form)

    answer = cecilia.post("/staff/campaigns/new/", {**form, "slug": "a-very-long-address-two"})

    assert answer.status_code == 302
    codes = Dimension.objects.filter(owner__slug__startswith="a-very").values_list(
        "code", flat=True
    )
    assert sorted(codes) == ["a-very-long-addr-2", "a-very-long-address-"]
