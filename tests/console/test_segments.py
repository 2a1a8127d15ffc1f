"""Segments on the staff pages: made, counted for an appeal, explained, and kept in versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date

import pytest
from django.test import Client

from donors import services as donors
from donors.models import ConsentWording, Donor
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from mailings.segments import ready, services
from mailings.segments.models import Segment
from tests.donors.givers import BY, register

GAVE = {"is": "gave", "measure": "gifts", "at_least": 1}


def members(people: Iterable[Donor]) -> None:
    for one in people:
        donors.record_membership(
            donor_id=one.pk, informed_on=date(2026, 1, 1), source="import", by=BY
        )


def agrees(donor: Donor) -> None:
    wording = ConsentWording.objects.get(purpose="targeting")
    donors.give_consent(donor_id=donor.pk, wording=wording, source="paper", proof="nr-1", by=BY)


@pytest.fixture
def people(campaign: Campaign) -> list[Donor]:
    """Three members whom nothing is known of as givers; the first agreed to be chosen."""
    found = [register(given=f"Person{n}", email=f"p{n}@example.se") for n in range(3)]
    members(found)
    agrees(found[0])
    return found


def ask(client: Client, name: str, tree: object, **more: str) -> dict[str, object]:
    answer = client.post(f"/staff/segments/{name}/", {"tree": json.dumps(tree), **more})
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_both_groups_of_an_appeal_are_told_and_nobody_is_dropped(
    people: list[Donor], campaign: Campaign, cecilia: Client
) -> None:
    found = ask(cecilia, "count", {"not": GAVE}, campaign=str(campaign.ref))
    assert found["count"] == 3
    assert found["groups"] == [
        {"text": "har samtyckt till att väljas: får utskicket, med egna belopp", "people": 1},
        {
            "text": "har inte det: får utskicket med vanliga belopp, valda utan det som inriktar",
            "people": 2,
        },
    ]
    assert found["targeting"] == ["gav"]
    none = ask(cecilia, "count", GAVE, campaign=str(campaign.ref))
    assert (none["count"], none["groups"][1]["people"]) == (0, 2)  # type: ignore[index]


def test_what_is_wrong_with_a_tree_is_told_with_its_place(cecilia: Client) -> None:
    tree = {"all": [{"is": "gave", "measure": "sum"}, {"is": "moon"}, {"is": "town", "one_of": []}]}
    found = ask(cecilia, "count", tree)
    assert found == {
        "problems": [
            {"path": ["all", 0, "at_least"], "text": "Här måste något väljas eller skrivas."},
            {"path": ["all", 1, "is"], "text": "Det finns inget sådant villkor."},
            {"path": ["all", 2, "one_of"], "text": "Värdet går inte att använda här."},
        ]
    }
    assert ask(cecilia, "count", "nonsense")["problems"]


def test_people_are_opened_through_the_read_log(people: list[Donor], cecilia: Client) -> None:
    answer = cecilia.post("/staff/segments/sample/", {"tree": json.dumps({"all": []})})
    assert all(f"Person{n} Lind" in answer.content.decode() for n in range(3))
    assert ReadLine.objects.filter(purpose="staff.segment_sample").count() == 3
    assert all(f'data-why-of="{one.ref}">Varför?</button>' in answer.content.decode()
               for one in people)  # fmt: skip
    by_ref = {"tree": json.dumps({"not": GAVE}), "who": str(people[2].ref)}
    assert "Person2 Lind" in cecilia.post("/staff/segments/why/", by_ref).content.decode()
    why = cecilia.post(
        "/staff/segments/why/", {"tree": json.dumps({"not": GAVE}), "who": "Person1 Lind"}
    ).content.decode()
    assert "är med" in why
    assert "<b>ja</b>: inte gav" in why
    assert "(0 gåvor)" in why
    assert ReadLine.objects.filter(purpose="staff.segment_why").count() == 2


def test_versions_are_kept_and_an_older_page_overwrites_nothing(cecilia: Client) -> None:
    cecilia.post("/staff/segments/", {"name": "Vårens givare"})
    segment = Segment.objects.get()
    address = f"/staff/segments/{segment.ref}/"
    cecilia.post(f"{address}save/", {"tree": json.dumps(GAVE), "made_from": "1"})
    older = {"tree": json.dumps({"all": [{"not": GAVE}]}), "made_from": "1"}
    answer = cecilia.post(f"{address}save/", older)
    segment.refresh_from_db()
    assert (segment.latest, segment.versions.count(), answer.status_code) == (2, 2, 422)
    page = answer.content.decode()
    assert "Någon har sparat urvalet under tiden, så ditt är inte sparat." in page
    assert "Alla som gav." in page
    assert built(page) == {"all": [{"not": GAVE}]}
    assert 'name="made_from" value="2"' in page
    cecilia.post(f"{address}change/", {"do": "archive"})
    cecilia.post(f"{address}save/", {"tree": json.dumps({"all": []}), "made_from": "2"})
    assert segment.versions.count() == 2


def built(page: str) -> object:
    """The tree that the page's builder begins with."""
    found = re.search(r'<script id="segment-builder"[^>]*>(.+?)</script>', page)
    assert found
    return json.loads(found[1])["tree"]


def test_what_was_built_stays_on_the_page_when_it_cannot_be_saved(cecilia: Client) -> None:
    segment = services.create_segment(name="Vårens givare", tree=GAVE, by=BY)
    half = {"all": [GAVE, {"is": "gave", "measure": "sum", "at_least": "abc"}]}
    sent = {"tree": json.dumps(half), "made_from": "1"}
    answer = cecilia.post(f"/staff/segments/{segment.ref}/save/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Värdet går inte att använda här." in page
    assert built(page) == half
    assert segment.versions.count() == 1


def test_a_segment_is_never_inside_itself(cecilia: Client) -> None:
    inner = services.create_segment(name="inre", tree=GAVE, by=BY)
    named = {"is": "segment", "ref": str(inner.ref)}
    outer = services.create_segment(name="yttre", tree={"not": named}, by=BY)
    ring = {"all": [{"is": "segment", "ref": str(outer.ref)}]}
    sent = {"tree": json.dumps(ring), "made_from": "1"}
    page = cecilia.post(f"/staff/segments/{inner.ref}/save/", sent).content.decode()
    inner.refresh_from_db()
    assert inner.latest == 1
    assert "inte ingå i sig självt" in page
    assert f'"value": "{outer.ref}"' in page
    assert f'"value": "{inner.ref}"' not in page


def test_ready_made_segments_are_made_once_and_can_be_copied(cecilia: Client) -> None:
    for _ in range(2):
        cecilia.post("/staff/segments/ready-made/")
    assert Segment.objects.count() == len(ready.READY) == 8
    lybunt = Segment.objects.get(code="lybunt")
    cecilia.post(f"/staff/segments/{lybunt.ref}/copy/")
    copy = Segment.objects.get(code="", name__startswith="Kopia av Gav förra året")
    assert copy.versions.get().tree == lybunt.versions.get().tree
    said = cecilia.get("/staff/segments/").content.decode()
    assert "Alla som gav förra året och inte gav i år." in said
    assert "Gave last year" not in said
    rename = {"do": "rename", "name": "Gav förra året men inte i år"}
    cecilia.post(f"/staff/segments/{lybunt.ref}/change/", rename)
    lybunt.refresh_from_db()
    assert lybunt.called("en") == "Gave last year, not this year (LYBUNT)"


def test_why_says_what_was_looked_at_group_by_group(
    people: list[Donor], campaign: Campaign, cecilia: Client
) -> None:
    tree = {"all": [
        {"any": [{"is": "pledge", "states": ["active"]}, {"is": "mailed", "at_least": 1}]},
        {"not": {"all": [{"is": "basis", "purpose": "appeals", "one_of": ["membership"]},
                         {"is": "language", "one_of": ["sv"]}]}},
        {"is": "share", "percent": 100, "seed": "a"},
        {"is": "tag", "one_of": ["styrelsen"]},
    ]}  # fmt: skip
    donors.tag_donor(donor_id=people[0].pk, label="styrelsen", source="staff", by=BY)

    page = cecilia.post(
        "/staff/segments/why/", {"tree": json.dumps(tree), "who": "Person0 Lind"}
    ).content.decode()

    lines = [" ".join(re.sub("<[^>]+>", "", one).split()) for one in page.split("<li ")[1:]]
    assert [one.partition(">")[2].partition(" (lott")[0] for one in lines] == [
        "nej: Minst ett av dessa",
        "nej: har en månadsgåva som pågår (ingen)",
        "nej: har fått minst 1 utskick (aldrig)",
        "nej: inte",
        "ja: Alla dessa",
        "ja: har medlemskap för att bli tillfrågad om gåvor (medlemskap)",
        "ja: läser svenska (svenska)",
        "ja: lottas fram, 100 % (dragning a)",
        "ja: har etiketten ”styrelsen” (styrelsen)",
    ]
