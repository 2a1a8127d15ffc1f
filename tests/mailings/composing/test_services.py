"""Templates, their versions, the library of pictures, and the words of an appeal."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from PIL import Image

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.pictures import PictureError
from mailings.appeals.models import Appeal, Content, Link
from mailings.appeals.services import drafting, linking, writing
from mailings.composing import houses, rendering, services, sheets
from mailings.composing.errors import Refused, Stale
from mailings.composing.models import Picture, Template, TemplateVersion
from mailings.composing.starters import STARTERS
from tests.mailings.composing.mails import ANNA, WHOLE
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db
BY, OTHER = "staff:1", "staff:2"
SHEET = sheets.read({"subject": "Hej", "preheader": "Läs", "blocks": WHOLE})
OTHER_SHEET = sheets.read({"subject": "Hallå", "preheader": "Läs", "blocks": WHOLE})


@pytest.fixture
def campaign() -> Campaign:
    party = make_party()
    party.address = "Storgatan 1, 111 22 Stockholm"
    party.save()
    return make_campaign(party)


@pytest.fixture
def template(campaign: Campaign) -> Template:
    return services.create_template(entity=campaign.entity, name=" Höst  brev ", by=BY)


@pytest.fixture
def appeal(campaign: Campaign) -> Appeal:
    return Appeal.objects.create(
        campaign=campaign,
        title="Höst",
        created_at=datetime(2026, 11, 26, tzinfo=UTC),
        created_by=BY,
    )


def _save(template: Template, edition: int, sheet: sheets.Sheet = SHEET, by: str = BY) -> Template:
    return services.save_sheet(ref=template.ref, language="sv", sheet=sheet, edition=edition, by=by)


# --- Templates ------------------------------------------------------------------------------------
def test_two_pages_never_overwrite_each_other_and_the_same_words_twice_are_saved_once(
    template: Template,
) -> None:
    assert _save(template, 1).edition == 2
    assert _save(template, 1).edition == 2  # the answer was lost, the page sends again
    with pytest.raises(Stale) as stale:
        _save(template, 1, OTHER_SHEET, OTHER)

    assert (stale.value.edition, stale.value.by) == (2, BY)
    template.refresh_from_db()
    assert (template.name, services.sheet_of(template, "sv").subject) == ("Höst brev", "Hej")
    assert services.sheet_of(template, "en").is_empty


def test_a_kept_version_stays_whatever_is_tried(template: Template) -> None:
    _save(template, 1)
    first = services.keep_version(ref=template.ref, by=BY)
    assert services.keep_version(ref=template.ref, by=BY) == first
    _save(template, 2, OTHER_SHEET)
    assert services.keep_version(ref=template.ref, by=BY).number == 2
    taken = services.take_version(ref=template.ref, number=1, edition=3, by=BY)

    assert services.sheet_of(taken, "sv").subject == "Hej"
    for change in (
        lambda: TemplateVersion.objects.update(number=9),
        lambda: TemplateVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert [one.number for one in template.versions.order_by("number")] == [1, 2]


def test_what_has_faults_or_no_words_is_no_version(template: Template) -> None:
    with pytest.raises(Refused, match="no_words"):
        services.keep_version(ref=template.ref, by=BY)
    _save(template, 1, sheets.read({"subject": "{{nix}}", "blocks": WHOLE}))
    with pytest.raises(Refused, match="not_ready"):
        services.keep_version(ref=template.ref, by=BY)
    assert not TemplateVersion.objects.exists()


def test_names_are_one_per_entity_until_archived_and_an_archived_one_is_not_written(
    template: Template,
) -> None:
    with pytest.raises(Refused, match="name_taken"):
        services.create_template(entity=template.entity, name="Höst brev", by=BY)
    with pytest.raises(Refused, match="no_name"):
        services.rename(ref=template.ref, name=" ", by=BY)
    services.archive(ref=template.ref, by=BY)
    services.archive(ref=template.ref, by=BY)
    again = services.create_template(entity=template.entity, name="Höst brev", by=BY)
    with pytest.raises(Refused, match="archived"):
        _save(template, 1)

    assert again.ref != template.ref
    assert services.rename(ref=again.ref, name="Vår", by=BY).name == "Vår"
    assert list(ChangeLine.objects.order_by("pk").values_list("action", flat=True)[:5]) == [
        "campaign.created", "template.made", "template.archived", "template.made",
        "template.renamed",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["appeal", "monthly", "thanks"])
def test_the_mails_to_begin_from_lack_only_what_the_writer_alone_can_know(
    template: Template, code: str
) -> None:
    for language, sheet in STARTERS[code].sheets.items():
        made = sheet.compiled(language, houses.of_entity(template.entity, language))
        assert {one.code for one in made.problems if one.blocks} == {"left_to_write"}
        assert not made.can_go


# --- Pictures -------------------------------------------------------------------------------------
def _upload(mode: str = "RGB", size: tuple[int, int] = (3000, 2000), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    picture = Image.new(mode, size, (200, 30, 30) if mode == "RGB" else (200, 30, 30, 90))
    exif = Image.Exif()
    exif[0x010E] = "hemlig plats"
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def _add(template: Template, data: bytes, alt: str = "Röd ruta") -> Picture:
    return services.add_picture(
        entity=template.entity, upload=io.BytesIO(data), size=len(data), alt_sv=alt, alt_en="",
        by=BY,
    )  # fmt: skip


def test_a_picture_is_made_anew_small_enough_and_without_what_it_told(template: Template) -> None:
    row = _add(template, _upload())
    clear = _add(template, _upload("RGBA", (400, 300), "PNG"))

    assert (row.width, row.height, row.name[-4:]) == (1200, 800, ".jpg")
    assert (clear.width, clear.height, clear.name[-4:]) == (400, 300, ".png")
    kept = (Path(settings.MEDIA_ROOT) / row.name).read_bytes()
    assert len(kept) == row.size
    assert b"hemlig" not in kept
    assert _add(template, _upload(), "Nya ord").pk == row.pk
    assert [one.alt("en") for one in Picture.objects.order_by("pk")] == ["Nya ord", "Röd ruta"]


def test_a_picture_needs_words_and_must_be_one(template: Template) -> None:
    with pytest.raises(Refused, match="no_words"):
        _add(template, _upload(), " ")
    for data in (b"", b"<svg onload=x>", _upload()[:2000]):
        with pytest.raises(PictureError, match="no_picture"):
            _add(template, data)
    with pytest.raises(PictureError, match="too_heavy"):
        services.add_picture(
            entity=template.entity, upload=io.BytesIO(b""), size=10_000_001, alt_sv="x", alt_en="",
            by=BY,
        )  # fmt: skip
    assert not Picture.objects.exists()


# --- An appeal's words ----------------------------------------------------------------------------
def _write(appeal: Appeal, edition: int, sheet: sheets.Sheet = SHEET) -> writing.Saved:
    return writing.save_words(
        appeal_id=appeal.pk, letter="A", language="sv", sheet=sheet, edition=edition, by=BY
    )


def test_an_appeals_words_are_compiled_when_they_are_saved(appeal: Appeal) -> None:
    saved = _write(appeal, 0)
    content = Content.objects.get()

    assert (saved.edition, content.edition) == (1, 1)
    assert content.compiled_html == saved.compiled.html
    assert tuple(content.tags) == saved.compiled.tags
    assert content.problems == []
    assert list(Link.objects.order_by("number").values_list("number", "target"))[1:] == [
        (2, "https://example.org/program?a=1&b=2"),
        (3, f"{settings.BASE_URL}/{appeal.campaign.slug}/?frekvens=manad"),
        (4, "https://example.org/"),
    ]
    subject, html, text = rendering.render_for(content, ANNA)
    assert subject == "Hej"
    assert "Hej Anna, tre veckor kvar" in html
    assert "-fr_" not in html + text
    assert writing.sheet_of(content) == saved.sheet


def test_words_saved_twice_are_saved_once_and_other_words_meanwhile_are_told(
    appeal: Appeal,
) -> None:
    _write(appeal, 0)
    assert _write(appeal, 0).edition == 1
    with pytest.raises(Stale):
        _write(appeal, 0, OTHER_SHEET)
    assert _write(appeal, 1, OTHER_SHEET).edition == 2
    assert Content.objects.get().subject == "Hallå"


def test_a_sitting_is_one_line_of_the_log_and_another_person_one_more(appeal: Appeal) -> None:
    _write(appeal, 0)
    _write(appeal, 1, OTHER_SHEET)
    writing.save_words(
        appeal_id=appeal.pk, letter="A", language="sv", sheet=SHEET, edition=2, by=OTHER
    )
    lines = ChangeLine.objects.filter(action="appeal.words_saved").order_by("pk")
    assert [line.by for line in lines] == [BY, OTHER]
    Content.objects.update(changed_at=clock.now() - timedelta(minutes=11))
    writing.save_words(
        appeal_id=appeal.pk, letter="A", language="sv", sheet=OTHER_SHEET, edition=3, by=OTHER
    )
    assert [line.by for line in lines.all()] == [BY, OTHER, OTHER]


def test_a_text_by_hand_remembers_what_it_was_made_of(appeal: Appeal) -> None:
    made = _write(appeal, 0)
    by_hand = sheets.read({**SHEET.dump(), "text_edited": made.compiled.text_made + "\nPS. Tack"})
    hand = _write(appeal, 1, by_hand)
    assert hand.compiled.problems == ()
    assert hand.compiled.text.count("PS. Tack") == 1

    kept = hand.sheet.dump()
    later = _write(appeal, 2, sheets.read({**kept, "blocks": kept["blocks"][1:]}))
    assert [one.code for one in later.compiled.problems] == ["text_stale"]
    back = _write(appeal, 3, sheets.read({**later.sheet.dump(), "text_edited": ""}))
    assert (back.sheet.text_basis, back.compiled.problems) == ("", ())


def test_a_language_with_nothing_left_in_it_is_no_language(appeal: Appeal) -> None:
    _write(appeal, 0)
    assert _write(appeal, 1, sheets.Sheet()).edition == 0
    assert not Content.objects.exists()
    assert _write(appeal, 0, sheets.Sheet()).edition == 0
    assert _write(appeal, 0).edition == 1


def test_variants_begin_as_copies_and_a_stays(appeal: Appeal) -> None:
    _write(appeal, 0)
    letters = [writing.add_variant(appeal_id=appeal.pk, copy_of="A", by=BY) for _ in range(3)]
    assert letters == ["B", "C", "D"]
    with pytest.raises(Refused, match="full"):
        writing.add_variant(appeal_id=appeal.pk, copy_of="A", by=BY)
    with pytest.raises(Refused, match="no_variant"):
        writing.remove_variant(appeal_id=appeal.pk, letter="A", by=BY)
    writing.remove_variant(appeal_id=appeal.pk, letter="C", by=BY)
    writing.remove_variant(appeal_id=appeal.pk, letter="C", by=BY)

    assert writing.add_variant(appeal_id=appeal.pk, copy_of="B", by=BY) == "C"
    copies = Content.objects.filter(variant__appeal=appeal)
    assert {one.compiled_html for one in copies} == {copies[0].compiled_html}
    assert Link.objects.count() == 4 * 4


def test_words_of_a_campaign_that_changed_are_compiled_again(appeal: Appeal) -> None:
    _write(appeal, 0)
    Campaign.objects.update(theme_colour="#aa0000")
    writing.compile_again(appeal_id=appeal.pk, by=BY)
    first = Content.objects.get()
    writing.compile_again(appeal_id=appeal.pk, by=BY)

    assert "#aa0000" in first.compiled_html
    assert (first.edition, Content.objects.get().edition) == (2, 2)


def test_a_copy_has_the_names_of_today_and_the_addresses_that_were_mended(appeal: Appeal) -> None:
    made = _write(appeal, 0)
    by_hand = made.compiled.text_made + "\nPS. Läs https://example.org/ och https://example.org/a"
    _write(appeal, 1, sheets.read({**SHEET.dump(), "text_edited": by_hand}))
    old = Link.objects.get(target="https://example.org/")
    linking.mend(link_id=old.pk, target="https://ny.example/b", by=BY, reason="flyttad")
    LegalEntity.objects.update(address="Nygatan 2, 222 33 Lund")

    copied = drafting.copy_appeal(appeal.ref, by=BY)
    content = Content.objects.get(variant__appeal=copied)
    assert "Nygatan 2" in content.compiled_html
    assert "Nygatan 2" in content.compiled_text
    assert "PS. Läs https://ny.example/b och https://example.org/a" in content.text_edited
    assert "https://ny.example/b" in str(content.blocks)
    assert content.problems == []
    targets = set(content.links.values_list("target", flat=True))
    assert "https://ny.example/b" in targets
    assert "https://example.org/" not in targets
    assert "https://example.org/a" in targets
    kept = Content.objects.get(variant__appeal=appeal)
    assert "Nygatan 2" not in kept.compiled_html


def test_what_is_scheduled_is_not_written_any_more(appeal: Appeal) -> None:
    _write(appeal, 0)
    Appeal.objects.update(state="cancelled", ended_at=datetime(2026, 11, 26, tzinfo=UTC))
    for change in (
        lambda: _write(appeal, 1, OTHER_SHEET),
        lambda: writing.add_variant(appeal_id=appeal.pk, copy_of="A", by=BY),
        lambda: writing.compile_again(appeal_id=appeal.pk, by=BY),
    ):
        with pytest.raises(Refused, match="not_draft"):
            change()
    assert Content.objects.get().subject == "Hej"
