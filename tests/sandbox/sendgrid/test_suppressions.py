"""Addresses that nothing is sent to: SendGrid's lists, read page by page, and what they hold."""

from __future__ import annotations

from tests.sandbox.sendgrid.conftest import Taker, call, mail, person
from tests.sendgrid_stand_in import SendGridStandIn

REASONS = {
    "bounces": "Bounced Address", "spam_reports": "Spam Reporting Address",
    "unsubscribes": "Unsubscribed Address", "invalid_emails": "Invalid",
}  # fmt: skip
FIELDS = {
    "bounces": {"created", "email", "reason", "status"},
    "blocks": {"created", "email", "reason", "status"},
    "invalid_emails": {"created", "email", "reason"},
    "spam_reports": {"created", "email", "ip"},
    "unsubscribes": {"created", "email"},
}
LISTS = "/v3/suppression"


def test_who_is_on_a_list_is_dropped_with_its_reason(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    for name in FIELDS:
        sendgrid.control("suppress", list=name, email=f"{name}@X.se", reason="x")
    mail(sendgrid, *(person(f"{name}@x.se", custom_args={"m": name}) for name in FIELDS))
    sendgrid.wait()
    dropped = {e["email"]: (e["reason"], e["m"]) for e in taker.events if e["event"] == "dropped"}
    assert dropped == {f"{name}@x.se": (why, name) for name, why in REASONS.items()}
    assert taker.told("blocks@x.se") == ["processed", "delivered"]
    fates = {one["email"]: one["fate"] for one in sendgrid.mails()}
    assert fates["bounces@x.se"] == "dropped"


def test_a_mail_may_pass_a_list_where_it_says_so(sendgrid: SendGridStandIn, taker: Taker) -> None:
    sendgrid.control("suppress", list="bounces", email="a@x.se")
    sendgrid.control("suppress", list="spam_reports", email="a@x.se")
    for setting in ("bypass_bounce_management", "bypass_list_management"):
        mail(sendgrid, "a@x.se", mail_settings={setting: {"enable": True}})
        sendgrid.wait()
    kinds = [(event["event"], event.get("reason")) for event in taker.events]
    assert sorted(kinds, key=str) == [
        ("delivered", None), ("dropped", "Spam Reporting Address"), ("processed", None),
    ]  # fmt: skip


def test_lists_are_read_page_by_page_and_by_time(sendgrid: SendGridStandIn) -> None:
    for number in range(5):
        sendgrid.clock(number * 10)
        sendgrid.control("suppress", list="bounces", email=f"p{number}@x.se", reason="550")
    whole = call(sendgrid, "GET", f"{LISTS}/bounces").json
    assert [row["email"] for row in whole] == [f"p{n}@x.se" for n in (4, 3, 2, 1, 0)]
    pages = [call(sendgrid, "GET", f"{LISTS}/bounces?limit=2&offset={n}").json for n in (0, 2, 4)]
    assert [row for page in pages for row in page] == whole
    start, end = whole[2]["created"], whole[1]["created"]
    some = call(sendgrid, "GET", f"{LISTS}/bounces?start_time={start}&end_time={end}").json
    assert some == whole[1:3]
    assert call(sendgrid, "GET", f"{LISTS}/bounces?email=P3@x.se").json == whole[1:2]
    assert call(sendgrid, "GET", f"{LISTS}/bounces?limit=501").status == 400
    assert call(sendgrid, "GET", f"{LISTS}/bounces?offset=-1").status == 400


def test_each_list_has_its_own_fields_and_is_emptied(sendgrid: SendGridStandIn) -> None:
    for name, fields in FIELDS.items():
        for address in ("a@x.se", "b@x.se", "c@x.se"):
            sendgrid.control("suppress", list=name, email=address)
        path = f"{LISTS}/{name}"
        assert set(call(sendgrid, "GET", f"{path}/A@x.se").json[0]) == fields
        assert call(sendgrid, "DELETE", f"{path}/a@x.se").status == 204
        assert call(sendgrid, "DELETE", f"{path}/a@x.se").status == 404
        assert call(sendgrid, "GET", f"{path}/a@x.se").json == []
        assert call(sendgrid, "DELETE", path, {"emails": ["B@x.se"]}).status == 204
        assert [row["email"] for row in call(sendgrid, "GET", path).json] == ["c@x.se"]
        both = {"emails": ["c@x.se"], "delete_all": True}
        assert [call(sendgrid, "DELETE", path, given).status for given in ({}, both)] == [400, 400]
        assert call(sendgrid, "DELETE", path, {"delete_all": True}).status == 204
        assert call(sendgrid, "GET", path).json == []
    assert call(sendgrid, "GET", f"{LISTS}/unheard").status == 404


def test_the_group_holds_back_mails_of_the_group_only(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    path = "/v3/asm/groups/1/suppressions"
    answer = call(sendgrid, "POST", path, {"recipient_emails": ["anna@x.se"]})
    assert (answer.status, answer.json) == (201, {"recipient_emails": ["anna@x.se"]})
    assert call(sendgrid, "POST", path, {}).status == 400
    assert call(sendgrid, "GET", path).json == ["anna@x.se"]
    assert call(sendgrid, "GET", "/v3/asm/groups").json[0]["unsubscribes"] == 1
    (row,) = call(sendgrid, "GET", "/v3/asm/suppressions").json
    assert (row["email"], row["group_id"]) == ("anna@x.se", 1)
    mail(sendgrid, "anna@x.se", asm={"group_id": 1})
    mail(sendgrid, "anna@x.se")
    sendgrid.wait()
    assert sorted(taker.told("anna@x.se")) == ["delivered", "dropped", "processed"]
    assert call(sendgrid, "DELETE", f"{path}/anna@x.se").status == 204
    assert call(sendgrid, "GET", path).json == []


def test_the_global_list_is_that_of_unsubscribes(sendgrid: SendGridStandIn) -> None:
    path = "/v3/asm/suppressions/global"
    assert call(sendgrid, "POST", path, {"recipient_emails": ["Anna@x.se"]}).status == 201
    assert call(sendgrid, "GET", f"{path}/anna@x.se").json == {"recipient_email": "anna@x.se"}
    assert call(sendgrid, "GET", f"{LISTS}/unsubscribes").json[0]["email"] == "anna@x.se"
    assert call(sendgrid, "DELETE", f"{path}/anna@x.se").status == 204
    assert call(sendgrid, "GET", f"{path}/anna@x.se").json == {}
