"""A mail's links: to the stored target and nowhere else; each visit is a line and nothing more."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.outbox.models import OutboxEvent
from mailings import tokens
from mailings.appeals import naming
from mailings.appeals.models import Fate, Link, Message
from mailings.appeals.services import linking
from mailings.appeals.services.linking import MendError
from mailings.mail_events.models import Arrival, ToJudge
from mailings.suppressions.models import Suppression
from mailings.tokens import Purpose, Token
from tests.give.mails.conftest import Post
from tests.mailings.appeals.test_followed import follows, no_more
from tests.people import CECILIA

pytestmark = pytest.mark.django_db
CHROME: Any = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36"}


def aim(post: Post, number: int, target: str) -> None:
    Link.objects.filter(content=post.mailed.content, number=number).update(target=target)


def test_a_link_leads_to_its_stored_target_with_the_reference_and_the_sum(
    client: Client, post: Post, settings: Settings
) -> None:
    aim(post, 1, f"{settings.BASE_URL}/valet/?frekvens=manad&ref=old&belopp=50#ge")
    token = post.give(post.kassa)
    answer = client.get(f"/l/{token}/1?belopp=300&next=https://evil.example", **CHROME)
    assert (answer.status_code, answer["Location"]) == (
        302, f"{settings.BASE_URL}/valet/?frekvens=manad&ref={token}&lank=1&belopp=300#ge",
    )  # fmt: skip
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert answer.cookies == {}
    for odd in ("3e2", "99999999", "-5", "٣", "300&ref=x", ""):
        went = client.get(f"/l/{token}/1", {"belopp": odd}, **CHROME)["Location"]
        assert went == f"{settings.BASE_URL}/valet/?frekvens=manad&belopp=50&ref={token}&lank=1#ge"
    rows = set(Arrival.objects.values_list("appeal_id", "seq", "link", "beacon", "sign"))
    assert rows == {(post.mailed.appeal.pk, 2, 1, False, "")}


def test_who_took_back_the_consent_to_be_followed_is_named_by_no_link_of_a_mail_that_left(
    client: Client, post: Post, settings: Settings
) -> None:
    aim(post, 1, f"{settings.BASE_URL}/valet/")
    for donor in (post.anna, post.kassa):
        follows(donor)
    Message.objects.filter(appeal=post.mailed.appeal).update(tracked=True)
    no_more(post.kassa)

    went = client.get(f"/l/{post.give(post.kassa)}/1?belopp=300", **CHROME)["Location"]
    carried = parse_qs(urlsplit(went).query)
    whole = Token(Purpose.GIVE, post.mailed.appeal.pk, 0, naming.extra_of("A", "sv"))
    assert (tokens.read(carried["ref"][0], Purpose.GIVE), carried["belopp"]) == (whole, ["300"])
    assert list(Arrival.objects.values_list("seq", "link")) == [(0, 1)]
    assert ToJudge.objects.count() == 0

    hers = post.give(post.anna)
    assert f"ref={hers}&" in client.get(f"/l/{hers}/1", **CHROME)["Location"]


def test_other_sites_learn_neither_the_mail_nor_the_sum(client: Client, post: Post) -> None:
    answer = client.get(f"/l/{post.give(post.kassa)}/2?belopp=300")
    assert answer["Location"] == "https://party.example/2"


def test_a_link_without_a_message_finds_the_words_of_its_version(
    client: Client, post: Post
) -> None:
    appeal = post.mailed.appeal.pk
    for extra, status in (
        (naming.extra_of("A", "sv"), 302),
        (naming.extra_of("A", "en"), 404),
        (99, 404),
    ):
        token = tokens.make(Token(Purpose.GIVE, appeal, 0, extra))
        assert client.get(f"/l/{token}/3").status_code == status
    assert list(Arrival.objects.values_list("seq", "extra", "link")) == [(0, 0, 3)]
    assert {naming.words_of(naming.extra_of(x, y)) for x in "ABCD" for y in ("sv", "en")} == {
        (x, y) for x in "ABCD" for y in ("sv", "en")
    }


def test_what_is_no_link_of_ours_leads_nowhere(client: Client, post: Post) -> None:
    token = post.give(post.kassa)
    forged = token[:9] + ("A" if token[9] != "A" else "B") + token[10:]
    for path in (f"/l/{forged}/1", f"/l/{token}/9", f"/l/{post.leave(post.kassa)}/1"):
        answer = client.get(path)
        assert (answer.status_code, "Location" in answer) == (404, False)
    Link.objects.filter(number=2).update(target="javascript:alert(1)")
    assert client.get(f"/l/{token}/2").status_code == 404
    assert client.post(f"/l/{token}/1").status_code == 405
    assert not Arrival.objects.exists()


def test_a_scanner_that_follows_all_links_of_a_mail_leaves_log_lines_alone(
    client: Client, post: Post
) -> None:
    give, leave = post.give(post.kassa), post.leave(post.kassa)
    links = [f"/l/{give}/{n}" for n in (1, 2, 3)] + [f"/avregistrera/{leave}", f"/utskick/{leave}"]
    before = [model.objects.count() for model in (ChangeLine, ReadLine, OutboxEvent)]
    for link in links:
        for method in (client.head, client.get):
            assert method(link, HTTP_USER_AGENT="Barracuda Sentinel").status_code in {200, 302}
    after = [model.objects.count() for model in (ChangeLine, ReadLine, OutboxEvent)]
    assert (after, Suppression.objects.count(), Fate.objects.count()) == (before, 0, 0)
    signs = Arrival.objects.values_list("sign", flat=True)
    assert sorted(signs) == ["barracuda"] * 3 + ["head"] * 3


def test_a_pages_own_word_is_noted_and_nobody_elses(client: Client, post: Post) -> None:
    token = post.give(post.kassa)
    good = {"ref": token, "lank": "1"}
    assert client.post("/anlant", good, **CHROME).status_code == 204
    assert client.post("/anlant", good, HTTP_ORIGIN="https://evil.example").status_code == 403
    for bad in ({"ref": "x", "lank": "1"}, {"ref": token, "lank": "9e9"}, {"ref": token}, {}):
        assert client.post("/anlant", bad, **CHROME).status_code == 204
    assert client.get("/anlant").status_code == 405
    assert list(Arrival.objects.values_list("link", "beacon")) == [(1, True)]


def test_a_link_is_mended_after_sending_with_a_reason_and_a_line(
    client: Client, post: Post
) -> None:
    link = Link.objects.get(content=post.mailed.content, number=2)
    token = post.give(post.kassa)
    for target, reason, code in (
        ("javascript:alert(1)", "fel", "bad_link"),
        ("mailto:a@b.example.se", "fel", "bad_link"),
        ("http://party.example/", "fel", "insecure_link"),
        ("", "fel", "no_link"),
        ("https://party.example/ny", "  ", "needs_reason"),
    ):
        with pytest.raises(MendError, match=code):
            linking.mend(link_id=link.pk, target=target, by=CECILIA, reason=reason)
    assert client.get(f"/l/{token}/2")["Location"] == "https://party.example/2"
    linking.mend(
        link_id=link.pk, target="https://party.example/ny?a=1", by=CECILIA, reason="sidan flyttade"
    )
    assert client.get(f"/l/{token}/2")["Location"] == "https://party.example/ny?a=1"
    line = ChangeLine.objects.get(action="appeal.link.mended")
    assert (line.before, line.after, line.reason) == (
        {"link": 2, "target": "party.example/2"},
        {"link": 2, "target": "party.example/ny"},
        "sidan flyttade",
    )
