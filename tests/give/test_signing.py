"""Ticked, by a mailed link, with BankID: what each asks for, proves and leaves alone."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.give import qr
from fundraise.give.signing import bankid_sandbox
from fundraise.give.signing.bankid_sandbox import Sandbox
from fundraise.pledges import sealing, signed
from fundraise.pledges.models import Signature
from fundraise.pledges.services import starting
from mailings import transactional
from mailings.models import TransactionalMessage
from tests.give.form import Answer, hidden
from tests.give.monthly import only_pledge, open_monthly, sign_up


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """Real time moved on by what is put in here."""
    moved = [timedelta(0)]
    real = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real() + moved[-1])
    return moved


def text_of(answer: Answer) -> str:
    return html.unescape(answer.content.decode()).replace("\u202f", " ")


def evidence() -> dict[str, object]:
    signature = Signature.objects.get()
    return sealing.evidence_of(signature.mandate.ref, bytes(signature.evidence_sealed or b""))


def states() -> tuple[str, str]:
    pledge, mandate = only_pledge()
    return pledge.state, mandate.state


# --- A mailed link --------------------------------------------------------------------------------
def mailed(kind: str) -> list[str]:
    row = TransactionalMessage.objects.get(kind=kind)
    return re.findall(r"https?://[^\s/]+(/\S+)", transactional._opened(row).text)


def test_a_mailed_link_shows_a_button_and_only_the_button_signs(
    client: Client, campaign: Campaign, settings: Any
) -> None:
    settings.MANDATE_SIGNING = "mail_link"
    open_monthly(campaign)
    answer = sign_up(client)
    assert "En knapptryckning återstår" in text_of(client.get(answer["Location"]))
    assert states() == ("unconfirmed", "draft")
    path, not_me = mailed("mandate_link")
    for _ in range(2):  # a scanner and a person
        page = client.get(path)
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "no-referrer"
    assert states() == ("unconfirmed", "draft")
    assert "Bekräfta: 200 kr varje månad" in re.sub(r"\s+", " ", text_of(page))
    pledge, _mandate = only_pledge()
    assert client.post(path)["Location"].startswith(f"/manadsgava/{pledge.ref}/?ny=")
    assert states() == ("pending", "created")
    assert Signature.objects.get().way == "mail_link"
    assert evidence()["link"] == "opened"
    assert client.post(path).status_code == 303
    assert Signature.objects.count() == 1
    assert not_me.startswith("/inte-jag/?key=")


def test_a_link_of_another_kind_or_a_cut_one_signs_nothing(
    client: Client, campaign: Campaign, settings: Any
) -> None:
    settings.MANDATE_SIGNING = "mail_link"
    open_monthly(campaign)
    sign_up(client)
    _pledge, mandate = only_pledge()
    for wrong in (signed.token("disown", mandate.ref), signed.token("sign", mandate.ref)[:-1]):
        answer = client.post(f"/underteckna/?key={wrong}")
        assert answer.status_code == 410
        assert "Länken gäller inte längre" in text_of(answer)
    assert states() == ("unconfirmed", "draft")


def test_a_link_signs_nothing_after_it_was_disowned(
    client: Client, campaign: Campaign, settings: Any
) -> None:
    settings.MANDATE_SIGNING = "mail_link"
    open_monthly(campaign)
    sign_up(client)
    pledge, _mandate = only_pledge()
    path, _not_me = mailed("mandate_link")
    starting.disown(pledge.pk)
    assert client.post(path)["Location"] == f"/manadsgava/{pledge.ref}/"
    assert states() == ("ended", "ended")
    assert not Signature.objects.exists()


# --- BankID ---------------------------------------------------------------------------------------
def begin(client: Client, **changes: str) -> tuple[str, Answer]:
    """Sign up and press Sign on the pledge's page."""
    own = sign_up(client, mandate="", **changes)["Location"]
    page = client.get(own)
    pledge, _mandate = only_pledge()
    path = f"/manadsgava/{pledge.ref}/underteckna/"
    return path, client.post(path, {"ny": hidden(page, "ny")})


def ask(client: Client, path: str, page: Answer) -> str:
    sent = {"ny": hidden(page, "ny"), "order": hidden(page, "order")}
    answer = client.post(path, sent, headers={"Accept": "application/json"})
    said: str = json.loads(answer.content)["now"]
    return said


def test_bankid_is_begun_asked_about_and_leaves_its_proof(
    client: Client,
    campaign: Campaign,
    settings: Any,
    later: list[timedelta],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bankid_sandbox, "TAKES", timedelta(minutes=3))  # a busy machine is slow
    settings.MANDATE_SIGNING = "bankid"
    open_monthly(campaign)
    assert 'name="mandate"' not in text_of(client.get("/valet/"))
    path, page = begin(client)
    assert states() == ("unconfirmed", "draft")
    assert "Underteckna i din BankID-app" in text_of(page)
    assert ask(client, path, page) == "waiting-outstandingTransaction"
    later.append(timedelta(minutes=2))
    assert ask(client, path, page) == "waiting-userSign"
    later.append(timedelta(minutes=4))
    assert ask(client, path, page) == "signed-"
    assert states() == ("pending", "created")
    assert Signature.objects.get().way == "bankid"
    assert (evidence()["by"], evidence()["ocsp"]) == ("198112289874", "sandbox")


def test_a_phone_scans_a_code_of_each_second_until_its_app_has_the_order(
    client: Client,
    campaign: Campaign,
    settings: Any,
    later: list[timedelta],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At a desktop with BankID on the phone; the codes are those of BankID's own example."""
    token, secret = "67df3917-fa0d-44e5-b327-edcc928297f8", "d28db9a7-4cde-429e-a983-359be676944c"
    began = clock.real_now() + timedelta(seconds=5)  # the form was shown before that
    made, start = list[str](), Sandbox().sign
    monkeypatch.setattr(clock, "real_now", lambda: began + later[-1])
    monkeypatch.setattr(
        Sandbox, "sign", lambda _, **said: replace(start(**said), qr_token=token, qr_secret=secret)
    )

    def drawn(text: str) -> str:
        made.append(text)
        return "<svg></svg>"

    monkeypatch.setattr(qr, "svg", drawn)
    settings.MANDATE_SIGNING = "bankid"
    open_monthly(campaign)
    path, page = begin(client)
    assert "Öppna appen där och skanna koden" in text_of(page)
    assert secret not in text_of(page)
    silent = text_of(page).split("<noscript>")[1].split("</noscript>")[0]
    assert "Utan JavaScript förnyas koden inte av sig själv" in silent
    assert 'type="submit" form="sign">Visa en ny kod' in silent  # posts what brings the next frame
    sent = {"ny": hidden(page, "ny"), "order": hidden(page, "order")}
    later.append(timedelta(seconds=1))
    answer = client.post(path, {**sent, "code": "1"})
    assert json.loads(answer.content) == {"code": "<svg></svg>"}
    assert "skanna koden" in text_of(client.post(path, sent))
    proofs = (
        "0.dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8",
        "1.949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2",
        "1.949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2",
    )
    assert made == [f"bankid.{token}.{proof}" for proof in proofs]
    later.append(timedelta(seconds=2))  # scanned: the app asks for the code of its own
    assert "skanna koden" not in text_of(client.post(path, sent))
    forged = client.post(path, {**sent, "order": "bm9uc2Vuc2U=", "code": "1"})
    assert json.loads(forged.content) == {"code": ""}
    assert states() == ("unconfirmed", "draft")


def test_a_mailed_link_is_no_bankid(client: Client, campaign: Campaign, settings: Any) -> None:
    settings.MANDATE_SIGNING = "bankid"
    open_monthly(campaign)
    sign_up(client, mandate="")
    pledge, mandate = only_pledge()
    answer = client.post(f"/underteckna/?key={signed.token('sign', mandate.ref)}")
    assert answer["Location"].startswith(f"/manadsgava/{pledge.ref}/?ny=")
    assert states() == ("unconfirmed", "draft")
    assert "Underteckna ditt medgivande" in text_of(client.get(answer["Location"]))


def test_who_presses_cancel_in_the_app_may_begin_again(
    client: Client, campaign: Campaign, settings: Any, later: list[timedelta]
) -> None:
    settings.MANDATE_SIGNING = "bankid"
    open_monthly(campaign)
    path, page = begin(client, payer_number="701063-2391")
    later.append(timedelta(seconds=4))
    sent = {"ny": hidden(page, "ny"), "order": hidden(page, "order")}
    again = client.post(path, sent)
    assert "Du avbröt i appen. Inget är undertecknat" in text_of(again)
    assert 'name="order"' not in text_of(again)
    assert states() == ("unconfirmed", "draft")


def test_somebody_elses_bankid_signs_nothing(
    client: Client, campaign: Campaign, settings: Any, later: list[timedelta],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.MANDATE_SIGNING = "bankid"
    open_monthly(campaign)
    order = Sandbox().sign
    monkeypatch.setattr(
        Sandbox, "sign", lambda self, **said: order(**{**said, "personal_number": "199001012384"})
    )
    path, page = begin(client)
    later.append(timedelta(seconds=4))
    assert ask(client, path, page) == "failed-somebody_else"
    assert states() == ("unconfirmed", "draft")


def test_an_order_of_one_mandate_signs_no_other(
    client: Client, campaign: Campaign, settings: Any, later: list[timedelta]
) -> None:
    settings.MANDATE_SIGNING = "bankid"
    open_monthly(campaign)
    path, page = begin(client, payer="organisation", payer_number="802002-4280")
    own = Sandbox().sign(text="", data="", address="", personal_number="").ref
    later.append(timedelta(seconds=4))
    sent = {"ny": hidden(page, "ny"), "order": own}
    answer = client.post(path, sent, headers={"Accept": "application/json"})
    assert json.loads(answer.content) == {"now": "failed-expiredTransaction"}
    assert states() == ("unconfirmed", "draft")


def test_only_who_signed_up_may_sign(client: Client, campaign: Campaign, settings: Any) -> None:
    settings.MANDATE_SIGNING = "bankid"
    open_monthly(campaign)
    path, _page = begin(client)
    pledge, _mandate = only_pledge()
    assert client.post(path, {"ny": "forged"})["Location"] == f"/manadsgava/{pledge.ref}/"
    assert 'name="ny"' not in text_of(client.get(f"/manadsgava/{pledge.ref}/"))


def test_the_sandbox_refuses_to_sign_in_live_mode(settings: Any) -> None:
    settings.MODE = "live"
    with pytest.raises(RuntimeError, match="live mode needs a real client"):
        Sandbox()


def test_a_signature_of_an_old_day_promises_a_later_one(
    client: Client, campaign: Campaign, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MANDATE_SIGNING = "mail_link"
    open_monthly(campaign)
    sign_up(client)
    pledge, _mandate = only_pledge()
    path, _not_me = mailed("mandate_link")
    noon = datetime.combine(pledge.starts_on, datetime.min.time(), clock.STOCKHOLM)
    monkeypatch.setattr(clock, "now", lambda: noon)
    monkeypatch.setattr(clock, "today", lambda: pledge.starts_on)
    client.post(path)
    signed_pledge, _mandate = only_pledge()
    assert signed_pledge.starts_on > pledge.starts_on
