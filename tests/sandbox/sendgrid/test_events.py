"""What is told of a mail: every kind of event, signed, and all that may go wrong with telling."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from fundraise.sandbox.sendgrid.behaviour import BEHAVIOURS
from tests.sandbox.sendgrid.conftest import Taker, call, mail, person
from tests.sendgrid_stand_in import Json, SendGridStandIn

TRACKED = {"tracking_settings": {"open_tracking": {"enable": True},
                                 "click_tracking": {"enable": True}}}  # fmt: skip
CLASSES = {
    "bounce": ("bounce", "Invalid Address"), "mailbox": ("bounce", "Mailbox Unavailable"),
    "blocked": ("blocked", "Reputation"), "content": ("blocked", "Content"),
    "frequency": ("blocked", "Frequency or Volume Too High"),
    "technical": ("blocked", "Technical Failure"),
    "unclassified": ("blocked", "Unclassified"),
}  # fmt: skip


def _of(taker: Taker, kind: str, email: str = "") -> list[Json]:
    return [e for e in taker.events if e["event"] == kind and e["email"].startswith(email)]


def test_a_mail_is_processed_and_delivered_with_ids_and_arguments_laid_flat(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    answer = mail(
        sendgrid, person("anna@x.se", custom_args={"m": "tok", "wave": "2"}),
        custom_args={"appeal": "a1", "wave": "1"}, categories=["upprop"], asm={"group_id": 1},
    )  # fmt: skip
    sendgrid.wait()
    assert taker.told("anna@x.se") == ["processed", "delivered"]
    assert taker.unsigned == 0
    for event in taker.events:
        assert (event["m"], event["appeal"], event["wave"]) == ("tok", "a1", "2")
        assert event["sg_message_id"].startswith(answer.headers["X-Message-Id"])
        assert event["smtp-id"].startswith("<")
        assert (event["category"], event["asm_group_id"]) == ("upprop", 1)
        assert 0 < len(event["sg_event_id"]) <= 100
    assert len({event["sg_event_id"] for event in taker.events}) == 2
    (delivered,) = _of(taker, "delivered")
    assert (delivered["tls"], delivered["ip"]) == (1, "168.245.30.9")
    assert delivered["response"].startswith("250 2.0.0 OK")


def test_two_categories_come_as_a_list(sendgrid: SendGridStandIn, taker: Taker) -> None:
    mail(sendgrid, "anna@x.se", categories=["upprop", "våren".replace("å", "a")])
    sendgrid.wait()
    assert {tuple(event["category"]) for event in taker.events} == {("upprop", "varen")}


def test_addresses_bounce_and_are_blocked_by_their_first_word(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    mail(sendgrid, *(f"{word}-7@x.se" for word in CLASSES), custom_args={"appeal": "a1"})
    sendgrid.wait()
    told = {e["email"].partition("-")[0]: (e["type"], e["bounce_classification"])
            for e in _of(taker, "bounce")}  # fmt: skip
    assert told == CLASSES
    for event in _of(taker, "bounce"):
        assert {"reason", "status", "ip", "tls", "appeal", "sg_message_id"} <= set(event)
    bounces = call(sendgrid, "GET", "/v3/suppression/bounces").json
    assert {row["email"] for row in bounces} == {"bounce-7@x.se", "mailbox-7@x.se"}
    assert len(call(sendgrid, "GET", "/v3/suppression/blocks").json) == 5


def test_a_late_bounce_has_the_address_and_nothing_of_ours(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    mail(sendgrid, person("late@x.se", custom_args={"m": "tok"}))
    sendgrid.wait(hurry_seconds=60)
    assert taker.told("late@x.se") == ["processed", "delivered"]
    sendgrid.clock(3700)
    sendgrid.wait(hurry_seconds=0)
    (bounce,) = _of(taker, "bounce")
    assert not {"m", "sg_message_id", "smtp-id", "ip"} & set(bounce)
    assert (bounce["type"], bounce["status"]) == ("bounce", "5.1.1")
    assert bounce["timestamp"] == _of(taker, "processed")[0]["timestamp"] + 3600


def test_people_open_click_complain_and_leave(sendgrid: SendGridStandIn, taker: Taker) -> None:
    words = ("reader", "clicker", "machine", "spam", "unsubscribe", "group", "deferred")
    link = f'<p><a href="{taker.address}/l/1">Ge</a> <a href="{taker.address}/l/2">Mer</a></p>'
    html = [{"type": "text/html", "value": link}]
    mail(sendgrid, *(f"{w}@x.se" for w in words), content=html, asm={"group_id": 1}, **TRACKED)
    sendgrid.wait()
    delivered = ["processed", "delivered"]
    assert {word: taker.told(f"{word}@x.se") for word in words} == {
        "reader": [*delivered, "open"], "clicker": [*delivered, "open", "click"],
        "machine": [*delivered, "open"], "spam": [*delivered, "open", "spamreport"],
        "unsubscribe": [*delivered, "open", "unsubscribe"],
        "group": [*delivered, "open", "group_unsubscribe"],
        "deferred": ["processed", "deferred", "deferred", "delivered"],
    }  # fmt: skip
    assert [e["sg_machine_open"] for e in _of(taker, "open", "machine")] == [True]
    assert [e["sg_machine_open"] for e in _of(taker, "open", "reader")] == [False]
    (click,) = _of(taker, "click")
    assert (click["url"], click["url_offset"]) == (
        f"{taker.address}/l/1", {"index": 0, "type": "html"},
    )  # fmt: skip
    assert {"useragent", "ip"} <= set(click)
    assert taker.visits == [("GET", "/l/1", b"")]
    assert _of(taker, "deferred")[0]["attempt"] == "1"


def test_a_scanner_follows_everything_within_a_second_of_delivery(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    html = "".join(f'<a href="{taker.address}/l/{n}">x</a>' for n in range(3))
    mail(
        sendgrid, "scanner@x.se", content=[{"type": "text/html", "value": html}],
        headers={"List-Unsubscribe": f"<{taker.address}/u/1>, <mailto:u@x.se>"}, **TRACKED,
    )  # fmt: skip
    sendgrid.wait()
    (delivered,) = _of(taker, "delivered")
    clicks = _of(taker, "click")
    assert len(clicks) == 3
    assert all(0 <= click["timestamp"] - delivered["timestamp"] <= 1 for click in clicks)
    assert sorted(taker.visits) == [
        ("GET", "/l/0", b""), ("GET", "/l/1", b""), ("GET", "/l/2", b""), ("GET", "/u/1", b""),
    ]  # fmt: skip


def test_without_tracking_nothing_is_told_of_opens_and_clicks(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    html = [{"type": "text/html", "value": f'<a href="{taker.address}/l/1">x</a>'}]
    mail(sendgrid, "scanner@x.se", "clicker@x.se", "machine@x.se", content=html)
    sendgrid.wait()
    assert {event["event"] for event in taker.events} == {"processed", "delivered"}
    assert len(taker.visits) == 2
    off = {"tracking_settings": {"open_tracking": {"enable": False}}}
    sendgrid.knobs(open_tracking=True)
    mail(sendgrid, "reader@x.se", **off)
    mail(sendgrid, "reader-2@x.se")
    sendgrid.wait()
    assert [e["email"] for e in _of(taker, "open")] == ["reader-2@x.se"]


@pytest.mark.parametrize(
    ("act", "ids", "events"), [("duplicate", 1, 3), ("renew", 3, 3), ("drop", 0, 0)]
)
def test_an_event_is_told_again_or_never(
    sendgrid: SendGridStandIn, taker: Taker, act: str, ids: int, events: int
) -> None:
    sendgrid.event_fault(act, event="delivered", times=3)
    mail(sendgrid, "anna@x.se", "eva@x.se")
    sendgrid.wait()
    found = _of(taker, "delivered", "anna")
    assert (len({e["sg_event_id"] for e in found}), len(found)) == (ids, events)
    assert len({tuple(sorted(e.items())) for e in _of(taker, "delivered", "eva")}) == 1


def test_an_event_comes_more_than_a_day_late(sendgrid: SendGridStandIn, taker: Taker) -> None:
    sendgrid.event_fault("delay", event="delivered", seconds=90_000)
    mail(sendgrid, "anna@x.se")
    sendgrid.wait()
    assert taker.told("anna@x.se") == ["processed"]
    sendgrid.clock(90_100)
    sendgrid.wait(hurry_seconds=0)
    assert taker.told("anna@x.se") == ["processed", "delivered"]


def test_shares_of_events_go_wrong_the_same_for_the_same_seed(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    def play() -> Counter[tuple[str, str]]:
        sendgrid.reset()
        taker.forget()
        sendgrid.knobs(
            seed=5, shuffle=True, shares={"bounce": 0.2, "blocked": 0.1},
            event_shares={"again": 0.1, "renewed": 0.1, "lost": 0.1, "late": 0.1},
        )  # fmt: skip
        mail(sendgrid, *(f"p{n}@x.se" for n in range(100)))
        sendgrid.wait()
        return Counter((event["email"], event["event"]) for event in taker.events)

    first = play()
    assert 5 <= sum(kind == "bounce" for _, kind in first) <= 40
    assert max(first.values()) == 2
    assert len(first) < 200
    order = [event["timestamp"] for event in taker.events]
    assert order != sorted(order)
    assert {mail for mail, _ in play()} == {mail for mail, _ in first}


def test_a_post_is_made_again_until_it_is_taken(sendgrid: SendGridStandIn, taker: Taker) -> None:
    taker.answers = [500, 302, 400]
    mail(sendgrid, "anna@x.se")
    sendgrid.wait()
    assert sorted(taker.told("anna@x.se")) == ["delivered", "processed"]
    posts: list[Json] = sendgrid.read("posts")
    assert sum(post["attempts"] for post in posts) == len(posts) + 3
    assert {post["state"] for post in posts} == {"done"}


def test_events_are_held_let_go_and_told_once_more(sendgrid: SendGridStandIn, taker: Taker) -> None:
    sendgrid.control("events/pause")
    mail(sendgrid, "anna@x.se")
    sendgrid.wait()
    assert taker.posts == []
    sendgrid.control("events/release")
    sendgrid.wait()
    assert len(taker.events) == 2
    sendgrid.control("events/replay")
    sendgrid.wait()
    assert len(taker.events) == 4
    assert len({event["sg_event_id"] for event in taker.events}) == 2


def test_posts_are_no_larger_than_768_kb(sendgrid: SendGridStandIn, taker: Taker) -> None:
    sendgrid.control("events/pause")
    large = {"m": "x" * 5000}
    mail(sendgrid, *(person(f"p{n}@x.se", custom_args=large) for n in range(200)))
    sendgrid.wait()
    sendgrid.control("events/release")
    sendgrid.wait()
    assert len(taker.events) == 400
    assert len(taker.posts) >= 3
    assert max(len(post) for post in taker.posts) <= 768 * 1024 // 5000


def test_one_may_send_events_of_ones_own(sendgrid: SendGridStandIn, taker: Taker) -> None:
    sent = sendgrid.control("events/send", events=[{"event": "open", "email": "a@x.se"}])
    assert sent == {"answer": "204"}
    assert taker.events == [{"event": "open", "email": "a@x.se"}]


def test_the_public_key_is_where_sendgrid_has_it(sendgrid: SendGridStandIn) -> None:
    base = "/v3/user/webhooks/event/settings"
    signed = call(sendgrid, "GET", f"{base}/signed").json
    assert signed == {"id": "stand-in", "public_key": sendgrid.public_key}
    assert call(sendgrid, "GET", f"{base}/signed/stand-in").json == signed
    assert call(sendgrid, "GET", f"{base}/signed/other").status == 404
    (webhook,) = call(sendgrid, "GET", f"{base}/all").json["webhooks"]
    assert webhook["url"].endswith("/events")


def test_every_behaviour_ends_with_what_its_name_says(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    mail(sendgrid, *(f"{word}@x.se" for word in BEHAVIOURS), asm={"group_id": 1}, **TRACKED)
    sendgrid.wait()
    sendgrid.clock(4 * 86_400)
    sendgrid.wait(hurry_seconds=0)
    fates: dict[str, Any] = {one["email"]: one["fate"] for one in sendgrid.mails(limit=99)}
    assert fates == {f"{word}@x.se": b.fate for word, b in BEHAVIOURS.items()}
    assert taker.told("silent@x.se") == []
    assert taker.told("expired@x.se") == ["processed", "deferred", "deferred", "deferred", "bounce"]
    assert taker.told("invalid@x.se") == ["dropped"]
