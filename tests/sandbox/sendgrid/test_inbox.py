"""Mails as their readers have them, and what readers do: levers, pages, letters to the product."""

from __future__ import annotations

import email
import email.policy
import json
import re
from email.message import EmailMessage
from urllib.parse import urlencode

import pytest

from fundraise.sandbox.sendgrid.page import MIXED
from tests.sandbox.sendgrid.conftest import Answer, Taker, call, mail, person
from tests.sendgrid_stand_in import Json, LeverError, SendGridStandIn

HTML = """<html><head><style>p{color:red}</style></head><body>
<div style="display:none">Förhandstext till -name-&nbsp;&#847;&zwnj;</div>
<p>Hej -name_h-!</p><a href="http://localhost:9/l/-m-/1">Ge -sum- kr</a>
<a href="http://localhost:9/u/-m-">Avregistrera</a></body></html>"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _values(name: str, escaped: str, token: str) -> Json:
    return {"-name-": name, "-name_h-": escaped, "-m-": token, "-sum-": "200"}


def _two_mails(sendgrid: SendGridStandIn, taker: Taker, **more: object) -> None:
    leave = f"<{taker.address}/u/-m->, <mailto:u+tok@in.example.org?subject=Avregistrera%20mig>"
    parts = [{"type": "text/plain", "value": "Hej -name-!\nGe: http://localhost:9/l/-m-/1"},
             {"type": "text/html", "value": HTML}]  # fmt: skip
    people = [
        person(address, substitutions=_values(name, escaped, token), custom_args={"m": token},
               headers={"List-Unsubscribe": leave.replace("-m-", token),
                        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"})
        for address, name, escaped, token in (
            ("anna@x.se", "Anna -sum-", "Anna -sum-", "t1"),
            ("eva@x.se", "<b>Eva", "&lt;b&gt;Eva", "t2"))
    ]  # fmt: skip
    answer = mail(sendgrid, *people, subject="Till -name-", content=parts,
                  reply_to={"email": "svar@example.org", "name": "Svar"}, **more)  # fmt: skip
    assert answer.status == 202
    sendgrid.wait()


def page(sendgrid: SendGridStandIn, path: str, **form: str) -> Answer:
    """A page, or with `form` the answer to a button of it."""
    if form:
        return call(sendgrid, "POST", path, urlencode(form).encode(), key="", **FORM)
    return call(sendgrid, "GET", path, key="")


def letters(taker: Taker) -> list[tuple[EmailMessage, dict[str, str]]]:
    """What was posted to the inbound address: the raw message parsed, and the other fields."""
    found = []
    for body, kind in taker.letters:
        form = email.message_from_bytes(
            f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=email.policy.default
        )
        fields = {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
            for part in form.iter_parts()
        }
        raw = fields.pop("email")
        assert isinstance(raw, bytes)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        texts = {name: value.decode() for name, value in fields.items() if isinstance(value, bytes)}
        found.append((message, texts))
    return found


def test_each_reader_has_the_mail_with_their_own_values(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    _two_mails(sendgrid, taker)
    eva, anna = sendgrid.mails()
    # What a value holds is not looked at again.
    assert (anna["subject"], eva["subject"]) == ("Till Anna -sum-", "Till <b>Eva")
    assert anna["text"] == "Hej Anna -sum-!\nGe: http://localhost:9/l/t1/1"
    assert "<p>Hej &lt;b&gt;Eva!</p>" in eva["html"]
    assert eva["links"] == ["http://localhost:9/l/t2/1", "http://localhost:9/u/t2"]
    assert anna["snippet"].startswith("Förhandstext till Anna")
    assert (anna["from"], anna["reply_to"]) == (
        "Upproret <uppror@example.org>", ["Svar <svar@example.org>"],
    )  # fmt: skip
    assert anna["custom_args"] == {"m": "t1"}
    assert anna["unsubscribe_url"] == f"{taker.address}/u/t1"
    assert (anna["one_click"], anna["fate"], anna["state"]) == (True, "delivered", "gone")
    assert [one["email"] for one in sendgrid.mails("ANNA")] == ["anna@x.se"]
    assert sendgrid.mails("a_n") == []
    assert sendgrid.mail_to("anna@x.se")["id"] == anna["id"]
    with pytest.raises(LeverError):
        sendgrid.mail_to("nna@x.se")
    assert sendgrid.tally("m") == {"accepted": {"t1": 1, "t2": 1}, "gone": {"t1": 1, "t2": 1}}
    assert sendgrid.tally("email")["gone"] == {"anna@x.se": 1, "eva@x.se": 1}


def test_pages_show_the_list_and_the_mail_and_run_nothing(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    empty = page(sendgrid, "/").raw.decode()
    assert "Här visas mejlen när något har skickats." in empty
    _two_mails(sendgrid, taker)
    listed = page(sendgrid, "/").raw.decode()
    assert "Till &lt;b&gt;Eva" in listed
    assert "<b>Eva" not in listed
    assert "2 levererade" in listed
    assert "eva@x.se" not in page(sendgrid, "/?till=anna").raw.decode()
    assert "Ingen adress passar." in page(sendgrid, "/?till=ingen").raw.decode()
    number = sendgrid.mails("anna")[0]["id"]
    shown = page(sendgrid, f"/mail/{number}")
    text = shown.raw.decode()
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    wanted = ("Avregistrera (ett klick)", "Markera som skräp", "Studsa", "Svara",
              "List-Unsubscribe-Post", "http://localhost:9/l/t1/1", "Hej Anna -sum-!")  # fmt: skip
    for words in wanted:
        assert words in text
    framed = page(sendgrid, f"/mail/{number}/html")
    assert framed.headers["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "default-src 'none'" in framed.headers["Content-Security-Policy"]
    assert '<head><base target="_blank"><style>' in framed.raw.decode()
    for path in ("/mail/99999999", "/mail/x", f"/mail/{number}/x", "/nowhere"):
        assert page(sendgrid, path).status == 404


def test_more_than_fifty_mails_are_leafed_through(sendgrid: SendGridStandIn) -> None:
    mail(sendgrid, *(f"p{n:02}@x.se" for n in range(60)))
    first = page(sendgrid, "/?till=x.se").raw.decode()
    (older,) = re.findall(r'href="(/\?till=x.se&amp;fore=\d+)">Äldre', first)
    second = page(sendgrid, older.replace("&amp;", "&")).raw.decode()
    assert (first.count("<li><a"), second.count("<li><a")) == (50, 10)
    assert "Äldre" not in second


def test_a_reader_answers_and_the_product_gets_the_raw_message(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    _two_mails(sendgrid, taker)
    number = sendgrid.mails("anna")[0]["id"]
    answer = page(sendgrid, f"/mail/{number}", act="reply", text="Jag gav i går.\nHälsningar åäö")
    assert (answer.status, answer.headers["Location"]) == (303, f"/mail/{number}")
    ((message, fields),) = letters(taker)
    assert (message["From"], message["To"]) == ("anna@x.se", "svar@example.org")
    assert message["Subject"] == "Sv: Till Anna -sum-"
    own, _, quoted = message.get_content().partition("\n\nDen ")
    assert own == "Jag gav i går.\nHälsningar åäö"
    assert quoted.splitlines()[0].endswith(" skrev Upproret <uppror@example.org>:")
    assert quoted.splitlines()[2:] == ["> Hej Anna -sum-!", "> Ge: http://localhost:9/l/t1/1"]
    (told, *_) = [event for event in taker.events if event["email"] == "anna@x.se"]
    assert message["In-Reply-To"] == message["References"] == told["smtp-id"]
    assert fields["envelope"] == '{"to": ["svar@example.org"], "from": "anna@x.se"}'
    assert {"dkim", "SPF", "sender_ip", "charsets", "to", "from", "subject"} <= set(fields)
    assert taker.unsigned == 0
    assert "svarade" in page(sendgrid, f"/mail/{number}").raw.decode()


def test_a_reader_leaves_by_one_click_and_by_mail(sendgrid: SendGridStandIn, taker: Taker) -> None:
    _two_mails(sendgrid, taker)
    number = sendgrid.mails("anna")[0]["id"]
    assert page(sendgrid, f"/mail/{number}", act="one_click").status == 303
    assert taker.visits == [("POST", "/u/t1", b"List-Unsubscribe=One-Click")]
    assert sendgrid.act(number, "mail_out") == "200"
    ((message, _),) = letters(taker)
    assert (message["To"], message["Subject"]) == ("u+tok@in.example.org", "Avregistrera mig")
    assert [(deed["act"], deed["answer"]) for deed in sendgrid.deeds(number)] == [
        ("one_click", "200"), ("mail_out", "200"),
    ]  # fmt: skip


def test_a_reader_complains_bounces_opens_and_clicks(
    sendgrid: SendGridStandIn, taker: Taker
) -> None:
    _two_mails(sendgrid, taker, asm={"group_id": 1})
    number = sendgrid.mails("anna")[0]["id"]
    for act, text in (("open", ""), ("click", "http://localhost:9/l/t1/1"), ("spam", ""),
                      ("bounce", ""), ("blocked", ""), ("late", ""), ("unsubscribe", ""),
                      ("group", "")):  # fmt: skip
        assert sendgrid.act(number, act, text) == "told"
    sendgrid.wait()
    told = [event["event"] for event in taker.events if event["email"] == "anna@x.se"]
    assert sorted(told) == sorted(
        ["processed", "delivered", "open", "click", "spamreport", "bounce", "bounce", "bounce",
         "unsubscribe", "group_unsubscribe"]
    )  # fmt: skip
    assert len(call(sendgrid, "GET", "/v3/suppression/spam_reports").json) == 1
    assert call(sendgrid, "GET", "/v3/asm/groups/1/suppressions").json == ["anna@x.se"]
    assert sendgrid.mails("anna")[0]["fate"] == "bounced"
    with pytest.raises(LeverError, match="no link of this mail"):
        sendgrid.act(number, "click", "http://localhost:9/elsewhere")


def test_programs_of_readers_act_by_themselves(sendgrid: SendGridStandIn, taker: Taker) -> None:
    leave = {"List-Unsubscribe": f"<{taker.address}/u/9>, <mailto:u+9@in.example.org>",
             "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # fmt: skip
    words = ("oneclick", "mailto", "reply", "away")
    mail(sendgrid, *(f"{word}@x.se" for word in words), headers=leave | {"Message-Id": "<9@x.se>"})
    sendgrid.wait()
    assert taker.visits == [("POST", "/u/9", b"List-Unsubscribe=One-Click")]
    found = {message["From"]: message for message, _ in letters(taker)}
    assert {name: message["To"] for name, message in found.items()} == {
        "mailto@x.se": "u+9@in.example.org", "reply@x.se": "uppror@example.org",
        "away@x.se": "uppror@example.org",
    }  # fmt: skip
    assert found["away@x.se"]["Auto-Submitted"] == "auto-replied"
    assert found["reply@x.se"]["Auto-Submitted"] is None
    assert {found[f"{word}@x.se"]["In-Reply-To"] for word in ("reply", "away")} == {"<9@x.se>"}


def test_nobody_goes_beyond_this_machine(sendgrid: SendGridStandIn, taker: Taker) -> None:
    html = [{"type": "text/html", "value": '<a href="http://192.0.2.1/l">x</a>'}]
    leave = {"List-Unsubscribe": "<https://example.org/u/9>",
             "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # fmt: skip
    mail(sendgrid, "clicker@x.se", content=html, headers=leave)
    sendgrid.wait()
    number = sendgrid.mails()[0]["id"]
    assert sendgrid.act(number, "one_click") == "not followed"
    assert {deed["answer"] for deed in sendgrid.deeds(number)} == {"not followed"}


def test_buttons_answer_to_their_own_page_only(sendgrid: SendGridStandIn) -> None:
    mail(sendgrid, "anna@x.se")
    sendgrid.wait()
    number = sendgrid.mails()[0]["id"]
    for path in ("/", f"/mail/{number}"):
        form = urlencode({"act": "spam"}).encode()
        answer = call(sendgrid, "POST", path, form, key="", Origin="http://evil.test", **FORM)
        assert answer.status == 403
    assert page(sendgrid, f"/mail/{number}", act="juggle").status == 400
    assert page(sendgrid, "/", act="juggle").status == 400
    assert len(sendgrid.events(number)) == 2
    assert page(sendgrid, "/", act="faults", args='{"act": "lose"}').status == 303
    assert sendgrid.state()["faults"][0]["act"] == "lose"
    assert page(sendgrid, "/", act="knobs", args=json.dumps({"shares": MIXED})).status == 303
    assert "Mottagarna är blandade." in page(sendgrid, "/").raw.decode()
    assert page(sendgrid, "/", act="reset", args="{}").status == 303
    assert sendgrid.mails() == []


def test_a_mail_of_text_alone_and_one_of_a_template_are_shown(sendgrid: SendGridStandIn) -> None:
    mail(sendgrid, "text@x.se", content=[{"type": "text/plain", "value": "Bara <text>"}])
    mail(sendgrid, person("mall@x.se", dynamic_template_data={"namn": "Anna"}, cc=[
        {"email": "kopia@x.se"}]), template_id="d-1", content=None, subject=None)  # fmt: skip
    sendgrid.wait()
    numbers = {one["email"]: one["id"] for one in sendgrid.mails()}
    assert "Bara &lt;text&gt;" in page(sendgrid, f"/mail/{numbers['text@x.se']}").raw.decode()
    assert "(utan ämne)" in page(sendgrid, f"/mail/{numbers['mall@x.se']}").raw.decode()
    assert "Kopia till" in page(sendgrid, f"/mail/{numbers['kopia@x.se']}").raw.decode()


def test_a_file_of_a_mail_is_saved_as_it_was_sent(sendgrid: SendGridStandIn) -> None:
    paper = {"filename": "kvitto å.pdf", "content": "JVBERg==", "type": "application/pdf"}
    mail(sendgrid, "anna@x.se", attachments=[paper])
    number = sendgrid.mail_to("anna@x.se")["id"]
    assert f"/mail/{number}/attachment/0" in page(sendgrid, f"/mail/{number}").raw.decode()
    answer = page(sendgrid, f"/mail/{number}/attachment/0")
    assert (answer.status, answer.raw) == (200, b"%PDF")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kvitto__.pdf"'
    for other in ("1", "-1", "x", ""):
        assert page(sendgrid, f"/mail/{number}/attachment/{other}").status == 404
