"""Unsubscribing: by a mail program's POST, by a person, by somebody who was forgotten long ago."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.test import Client
from pytest_django.fixtures import Settings

from donors import lookup, queries
from donors import services as donors
from donors.models import Donor, LegalBasis
from fundraise import crypto
from fundraise.audit.models import ChangeLine
from fundraise.pledges.models import Pledge
from mailings import tokens, transactional
from mailings.appeals.models import Fate
from mailings.models import TransactionalMessage
from mailings.suppressions import queries as suppressions
from mailings.suppressions import wishes
from mailings.suppressions.models import Suppression
from mailings.tokens import Purpose, Token
from tests.donors.givers import BY, SHARED
from tests.give.form import hidden
from tests.give.mails.conftest import KASSA, Post
from tests.give.mine.browsing import ask, deliver, said
from tests.pledging import House

pytestmark = pytest.mark.django_db
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
BROWSER: Any = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}
SV, EN = "/avregistrera/", "/en/unsubscribe/"


def key_of(address: str) -> bytes:
    return lookup.email_hashes(address)[0]


def standing() -> dict[bytes, str]:
    return suppressions.suppressed([key_of(SHARED), key_of(KASSA)])


def one_click(token: str, **headers: Any) -> Any:
    """As a mail provider's machine posts it: no cookie, no origin, any user agent, checked CSRF."""
    machine = Client(enforce_csrf_checks=True)
    return machine.post(f"{SV}{token}", ONE_CLICK, content_type=FORM, **headers)


def test_one_click_unsubscribes_at_once_without_cookie_origin_or_redirect(post: Post) -> None:
    answer = one_click(post.leave(post.kassa))
    assert (answer.status_code, answer.content.decode()) == (200, "Du är avregistrerad.")
    assert answer.cookies == {}
    assert standing() == {key_of(KASSA): "unsubscribed"}
    assert not queries.may(post.kassa.pk, "appeals")
    row = Suppression.objects.get()
    assert (row.scope, row.source) == ("appeals", f"one_click:{post.mailed.appeal.ref}")
    assert row.by == f"donor:{post.kassa.ref}"
    (fate,) = Fate.objects.all()
    assert (fate.seq, fate.unsubscribed_at is not None) == (2, True)


def test_a_second_press_a_form_of_parts_and_another_sites_page_do_no_harm(post: Post) -> None:
    token, lines = post.leave(post.kassa), ChangeLine.objects.count()
    one_click(token)
    once = ChangeLine.objects.count() - lines
    assert (
        one_click(
            token, HTTP_ORIGIN="https://mail.example", HTTP_SEC_FETCH_SITE="cross-site"
        ).status_code
        == 200
    )
    parts = Client(enforce_csrf_checks=True).post(f"{EN}{token}", {"List-Unsubscribe": "One-Click"})
    empty = Client().post(
        f"{SV}{token}", b"\xff" * 100, content_type="multipart/form-data; boundary=x"
    )
    assert (parts.content.decode(), empty.status_code) == ("You are unsubscribed.", 200)
    assert (once, ChangeLine.objects.count() - lines) == (2, 2)  # suppressed, objected
    assert (
        Suppression.objects.count()
        == LegalBasis.objects.filter(withdrawn_at__isnull=False).count()
        == 1
    )


def test_a_scanner_that_opens_everything_changes_nothing(client: Client, post: Post) -> None:
    token = post.leave(post.kassa)
    before = (ChangeLine.objects.count(), LegalBasis.objects.filter(withdrawn_at=None).count())
    for top in (SV, EN):
        undo, choices = ("angra", "/utskick/") if top == SV else ("undo", "/en/mailings/")
        for path in (f"{top}{token}", f"{choices}{token}", f"{top}{token}/{undo}"):
            for method in (client.get, client.head):
                assert method(path).status_code in {200, 303}
    for other in (client.put, client.delete, client.patch):
        assert other(f"{SV}{token}").status_code == 405
    assert standing() == {}
    after = (ChangeLine.objects.count(), LegalBasis.objects.filter(withdrawn_at=None).count())
    assert (after, Fate.objects.count()) == (before, 0)


def test_a_shared_mailbox_hears_nothing_and_only_the_one_mailed_has_said_no(post: Post) -> None:
    one_click(post.leave(post.anna))
    assert standing() == {key_of(SHARED): "unsubscribed"}
    assert (queries.may(post.anna.pk, "appeals"), queries.may(post.bo.pk, "appeals")) == (
        False,
        True,
    )


def test_who_was_forgotten_can_still_leave(client: Client, post: Post) -> None:
    token = post.leave(post.kassa)
    donors.forget_donor(donor_ref=post.kassa.ref, by=BY, reason="bad om det")
    assert "Avregistrera mig" in said(client.get(f"{SV}{token}"))
    assert one_click(token).status_code == 200
    assert standing() == {key_of(KASSA): "unsubscribed"}
    assert Suppression.objects.get().by == "system:unsubscribe"
    page = said(client.get(f"/utskick/{token}"))
    assert "Du finns inte i vårt register" in page
    assert client.post(f"{SV}{token}/angra").status_code == 303
    assert standing() == {key_of(KASSA): "unsubscribed"}


def test_what_is_no_token_of_ours_is_not_found_and_runs_out_of_tries(
    client: Client, post: Post, settings: Settings
) -> None:
    settings.LIMITS = {**live_settings.LIMITS, "mail-token": (2, 600)}
    good = post.leave(post.kassa)
    forged = good[:9] + ("A" if good[9] != "A" else "B") + good[10:]
    answers = [
        client.post(f"{SV}{text}").status_code for text in (forged, post.give(post.kassa), forged)
    ]
    assert answers == [404, 404, 429]
    assert standing() == {}
    assert client.get(f"{SV}x").status_code == 404
    assert one_click(good).status_code == 200  # an honest one is never refused
    assert standing() == {key_of(KASSA): "unsubscribed"}


def test_the_link_of_a_test_mail_says_so_and_unsubscribes_nobody(
    client: Client, post: Post
) -> None:
    token = tokens.make(Token(Purpose.LEAVE, post.mailed.appeal.pk, 0))
    for answer in (client.get(f"{SV}{token}"), client.post(f"{SV}{token}", **BROWSER)):
        assert (answer.status_code, "Det här var ett testmejl" in said(answer)) == (200, True)
    assert (standing(), Suppression.objects.count()) == ({}, 0)


def test_tokens_work_for_years_under_new_keys_and_not_when_theirs_is_gone(
    client: Client, post: Post, settings: Settings
) -> None:
    ring = crypto.lookup_ring().keys
    old = [f"{key.id}:{b64encode(key.secret).decode()}" for key in ring]
    mailed = key_of(KASSA)
    token, new = post.leave(post.kassa), crypto.new_key_setting("new")
    settings.LOOKUP_KEYS = [new, *old]
    assert donors.rotate_keys(batch=10).unreadable == ()
    assert one_click(token).status_code == 200
    assert key_of(KASSA) != mailed
    both = [mailed, key_of(KASSA)]  # what the message was sent to, and where the donor is now
    assert suppressions.suppressed(both) == dict.fromkeys(both, "unsubscribed")
    settings.LOOKUP_KEYS = [new]
    assert client.get(f"{SV}{token}").status_code == 404


def test_the_page_says_what_goes_on_and_where_to_stop_it(
    client: Client, post: Post, house: House
) -> None:
    pledge = house.active()
    Pledge.objects.filter(pk=pledge.pk).update(donor=post.kassa)
    token = post.leave(post.kassa)
    asked = said(client.get(f"{SV}{token}"))
    assert "Avregistrera mig" in asked
    assert "Din månadsgåva fortsätter" not in asked  # whoever was forwarded the mail learns nothing
    done = client.post(f"{SV}{token}", **BROWSER)
    assert "Du är avregistrerad" in said(done)
    assert "Din månadsgåva fortsätter" in said(done)
    stop = f"/mina-sidor/manadsgava/{pledge.ref}/avsluta/"
    assert f'href="{stop}"' in done.content.decode()
    pledge.refresh_from_db()
    assert pledge.state == "active"
    assert (done["Cache-Control"], done["X-Robots-Tag"]) == ("private, no-store", "noindex")
    again = client.get(f"{EN}{token}")
    assert "Your monthly gift goes on" in said(again)
    assert hidden(again, "wording") != ""


def test_undo_lifts_the_no_and_notes_a_yes_to_the_words_shown(client: Client, post: Post) -> None:
    token = post.leave(post.kassa)
    shown = client.post(f"{SV}{token}", **BROWSER)
    wording = hidden(shown, "wording")
    other_site: Any = {"HTTP_ORIGIN": "https://evil.example"}
    assert client.post(f"{SV}{token}/angra", {"wording": wording}, **other_site).status_code == 403
    assert client.post(f"{SV}{token}/angra", {"wording": "0"}).status_code == 303
    assert (standing(), queries.may(post.kassa.pk, "appeals")) == (
        {key_of(KASSA): "unsubscribed"}, False,
    )  # fmt: skip
    answer = client.post(f"{SV}{token}/angra", {"wording": wording})
    assert (answer.status_code, answer["Location"]) == (303, f"{SV}{token}")
    assert (standing(), queries.may(post.kassa.pk, "appeals")) == ({}, True)
    basis = LegalBasis.objects.filter(donor=post.kassa).latest("pk")
    assert basis.proof == f"mail:{post.mailed.appeal.ref}:2"
    assert "Avregistrera mig" in said(client.get(f"{SV}{token}"))


def test_receipts_and_links_to_log_in_are_mailed_to_who_has_left(
    client: Client, post: Post
) -> None:
    one_click(post.leave(post.kassa))
    ask(client, KASSA)
    deliver()
    (mail,) = TransactionalMessage.objects.all()
    assert transactional.send(mail.pk)
    assert TransactionalMessage.objects.get().state == "sent"


def choose(client: Client, token: str, **sent: str) -> str:
    """Fill the page in as it is shown, but for what is said here, and send it."""
    page = client.get(f"/utskick/{token}")
    fields = {"campaign": "on", "often": "0", "language": "sv", "wording": ""} | sent
    if "wording" in page.content.decode():
        fields["wording"] = hidden(page, "wording")
    answer = client.post(f"/utskick/{token}", {k: v for k, v in fields.items() if v != "off"})
    assert (answer.status_code, answer["Location"]) == (303, f"/utskick/{token}?kept=1#kept")
    return said(client.get(f"/utskick/{token}?kept=1"))


def test_a_donor_chooses_how_often_about_what_and_in_which_language(
    client: Client, post: Post
) -> None:
    token, campaign = post.leave(post.kassa), post.mailed.appeal.campaign
    assert "Sparat" in choose(client, token, often="91", language="en")
    assert wishes.of_donors([post.anna.pk, post.kassa.pk]) == {post.kassa.pk: 91}
    assert Donor.objects.get(pk=post.kassa.pk).language == "en"
    assert standing() == {}
    choose(client, token, campaign="off")
    assert suppressions.suppressed([key_of(KASSA)], campaign.pk) == {key_of(KASSA): "unsubscribed"}
    assert (standing(), wishes.of_donors([post.kassa.pk])) == ({}, {})
    assert queries.may(post.kassa.pk, "appeals")
    choose(client, token)
    assert suppressions.suppressed([key_of(KASSA)], campaign.pk) == {}
    choose(client, token, often="none")
    assert standing() == {key_of(KASSA): "unsubscribed"}
    choose(client, token, often="30")
    assert (standing(), queries.may(post.kassa.pk, "appeals")) == ({}, True)
    assert wishes.every_days_of(post.kassa.pk) == 30


def test_a_yes_that_has_no_words_to_agree_to_is_not_said_to_be_kept(
    client: Client, post: Post
) -> None:
    token = post.leave(post.kassa)
    choose(client, token, often="none")
    wanted = {"campaign": "on", "often": "30", "language": "en"}  # no words were on the page
    answer = client.post(f"/utskick/{token}", wanted)
    shown = said(client.get(answer["Location"]))
    assert "går inte att spara här" in shown
    assert "Sparat" not in shown
    assert standing() == {key_of(KASSA): "unsubscribed"}
    assert not queries.may(post.kassa.pk, "appeals")
    assert Donor.objects.get(pk=post.kassa.pk).language == "en"


def test_what_was_not_on_the_page_can_not_be_chosen(client: Client, post: Post) -> None:
    token = post.leave(post.kassa)
    sent: dict[str, str]
    for sent in ({"often": "7"}, {"often": "x", "language": "de"}, {"newsletter": "on"}, {}):
        assert client.post(f"/utskick/{token}", sent).status_code == 303
    assert (standing(), wishes.of_donors([post.kassa.pk])) == ({}, {})
    assert not queries.may(post.kassa.pk, "newsletter")
    assert Donor.objects.get(pk=post.kassa.pk).language == "sv"
