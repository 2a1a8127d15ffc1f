"""Each line asks for real: over the wire, of the stand-in, of the database."""

from __future__ import annotations

import io
import json
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import stripe
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from fundraise import clock, crypto, seal
from fundraise.jobs.models import Alarm
from fundraise.ops import health
from fundraise.ops.golive import queries, reach, services
from fundraise.ops.golive.line import Line, Result
from fundraise.ops.golive.lines import domain, house, keys, mail, providers
from fundraise.ops.models import RestoreTrial
from fundraise.providers import intake
from fundraise.providers.base import provider_of
from fundraise.providers.models import Account, ProviderEvent
from fundraise.staff.roles import Role
from fundraise.staff.services import give_role
from mailings import alarms
from mailings import tasks as mails
from mailings.models import TransactionalMessage
from tests.people import make_party
from tests.stripe_stand_in import API_KEY, WEBHOOK_SECRET, StripeStandIn


def words_of(line: Line, result: Result) -> str:
    """The answer as the page says it: its facts fill its words."""
    return str(line.words[result.code].answer) % result.facts


# --- The address ----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_our_own_address_is_known_by_a_word_that_only_we_can_answer(
    live_server: LiveServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BASE_URL = live_server.url
    found = domain.ask()
    assert (found.state, found.code) == ("green", "plain")
    assert "without https" in words_of(domain.LINE, found)
    settings.LIVE = True
    assert domain.ask().code == "no_https"
    settings.SECURE_SSL_REDIRECT = False
    monkeypatch.setattr(health, "proof_of", lambda _nonce: "another's")
    answer = reach.fetch(f"{live_server.url}/healthz?nonce=abc")
    assert answer.headers["fundraise-proof"] == "another's"


def test_a_stranger_at_our_address_is_seen(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(status: int, proof: str = "", days: int | None = 60) -> None:
        ends = None if days is None else clock.real_now() + timedelta(days=days, minutes=1)
        told = reach.Answered(status, {"fundraise-proof": proof}, b"ok", ends)
        monkeypatch.setattr(reach, "fetch", lambda _url: told)

    monkeypatch.setattr(health, "proof_of", lambda _nonce: "ours")
    found = []
    for made in ((200, "theirs"), (502, ""), (200, "ours", 5), (200, "ours", 60)):
        answers(*made)
        found.append((domain.ask().code, words_of(domain.LINE, domain.ask())))
    assert [code for code, _words in found] == ["another", "status", "ends", "ours"]
    assert "5 days" in found[2][1]


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://127.0.0.1:9/healthz", "no_answer"), ("http://no.such.name.invalid/", "name")],
)
def test_nobody_at_the_address_is_told_apart(
    url: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if code == "name":

        def unknown(*_args: object, **_kwargs: object) -> None:
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr("socket.create_connection", unknown)
    with pytest.raises(reach.Unreachable, match=code):
        reach.fetch(url)


def test_a_word_that_is_too_long_is_not_answered(client: Client) -> None:
    assert "Fundraise-Proof" in client.get("/healthz?nonce=abc").headers
    assert "Fundraise-Proof" not in client.get(f"/healthz?nonce={'a' * 65}").headers
    assert "Fundraise-Proof" not in client.get("/healthz").headers


# --- Stripe ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def stand_in_process() -> Iterator[StripeStandIn]:
    with StripeStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(stand_in_process: StripeStandIn, settings: Any) -> StripeStandIn:
    stand_in_process.reset()
    settings.STRIPE_API_BASE = stand_in_process.address
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = API_KEY, WEBHOOK_SECRET
    return stand_in_process


def make_account(**fields: object) -> Account:
    told = {"slug": "demo", "settings_prefix": "STRIPE", "external_id": "acct_standin", **fields}
    return Account.objects.create(entity=make_party(), provider="stripe", name="Stripe", **told)


@pytest.mark.django_db
def test_stripe_says_what_the_account_may_do(stand_in: StripeStandIn) -> None:
    assert providers.ask_account().code == "none"
    account = make_account()
    found = providers.ask_account()
    assert (found.state, found.code, found.facts["ref"]) == ("green", "takes", "acct_standin")
    assert "acct_standin takes cards and Swish" in words_of(providers.LINE, found)
    Account.objects.update(external_id="acct_other")
    found = providers.ask_account()
    assert (found.code, found.facts["ours"]) == ("another", "acct_other")
    Account.objects.update(external_id="acct_standin", livemode=True)
    assert providers.ask_account().code == "mode"
    assert account.slug == found.facts["account"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("charges_enabled", False, "no_charges"),
        ("payouts_enabled", False, "no_payouts"),
        ("country", "NO", "country"),
        ("settings", {"payments": {"statement_descriptor": None}}, "no_statement"),
        ("capabilities", {"swish_payments": "pending"}, "no_swish"),
    ],
)
def test_what_the_account_lacks_is_named(
    stand_in: StripeStandIn, field: str, value: object, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account()
    whole = stripe.StripeObject.to_dict

    def lacking(self: Any, **kwargs: Any) -> Any:
        return whole(self, **kwargs) | ({field: value} if self["object"] == "account" else {})

    monkeypatch.setattr(stripe.StripeObject, "to_dict", lacking)
    found = providers.ask_account()
    assert (found.state, found.code) == ("red", code)
    assert words_of(providers.LINE, found)


@pytest.mark.django_db
def test_a_key_that_is_refused_is_told_by_its_code(stand_in: StripeStandIn, settings: Any) -> None:
    make_account()
    settings.STRIPE_SECRET_KEY = ""
    found = providers.ask_account()
    assert (found.code, found.facts["error"]) == ("refused", "no_key")


@pytest.mark.django_db(transaction=True)
def test_a_message_of_our_own_goes_through_the_front_door(
    live_server: LiveServer, stand_in: StripeStandIn, settings: Any
) -> None:
    make_account()
    settings.BASE_URL = live_server.url
    assert providers.ask_messages().code == "no_hook"
    url = f"{live_server.url}/webhooks/stripe/demo"
    client = stand_in.client()
    made = client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["payout.paid"]})
    found = providers.ask_messages()
    assert (found.code, "charge.refunded" in str(found.facts["kinds"])) == ("hook_kinds", True)
    client.v1.webhook_endpoints.update(made.id, {"disabled": True})
    assert providers.ask_messages().code == "hook_off"
    client.v1.webhook_endpoints.update(made.id, {"disabled": False, "enabled_events": ["*"]})
    found = providers.ask_messages()
    assert (found.state, found.code) == ("green", "arrived")
    event = ProviderEvent.objects.get()
    assert (event.kind, event.state) == ("fundraise.test", "stored")
    assert intake.process(event.pk) is True
    event.refresh_from_db()
    assert event.state == "ignored"


@pytest.mark.django_db
def test_a_front_door_that_does_not_take_it_is_red(
    stand_in: StripeStandIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account()
    settings.BASE_URL = "https://ge.example"
    stand_in.client().v1.webhook_endpoints.create(
        {"url": "https://ge.example/webhooks/stripe/demo", "enabled_events": ["*"]}
    )
    for status, code in ((413, "not_taken"), (200, "elsewhere")):
        told = reach.Answered(status, {}, b"", None)
        monkeypatch.setattr(reach, "fetch", lambda *_args, told=told, **_named: told)
        assert providers.ask_messages().code == code


# --- Mail and alarms ------------------------------------------------------------------------------
def newest_mail(folder: Path) -> str:
    return max(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns).read_text()


@pytest.mark.django_db
@pytest.mark.parametrize("line", [mail.LINE, mail.ALARM_LINE], ids=["mail", "alarm"])
def test_the_code_in_the_mail_that_came_makes_the_line_green(
    line: Line, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.OPS_EMAIL = "vakt@example.se"
    with django_capture_on_commit_callbacks(execute=True):
        services.ask(services.begin(line, by="staff:1").pk)
    mails.sweep()
    text = newest_mail(Path(settings.MAIL_DIR))
    (code,) = set(re.findall(r"\b[a-z2-9]{8}\b(?=\s*\n)", text)) & codes(text)
    assert "vakt@example.se" in text
    assert services.confirm(line, code, by="staff:1").state == "green"
    assert queries.standing(line).state == "green"
    assert Alarm.objects.filter(resolved_at=None).count() == 0
    settings.OPS_EMAIL = "annan@example.se"
    assert queries.standing(line).state == "waiting"


@pytest.mark.django_db
def test_the_code_of_the_test_alarm_stands_in_its_mail_and_nowhere_else(
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.OPS_EMAIL = "vakt@example.se"
    with django_capture_on_commit_callbacks(execute=True):
        services.ask(services.begin(mail.ALARM_LINE, by="staff:1").pk)
    alarm = Alarm.objects.get()
    code = alarms.code_of(alarm)
    mails.sweep()
    assert code in newest_mail(Path(settings.MAIL_DIR))
    assert "alarm_raised" in caplog.text
    assert [value for value in (alarm.subject, alarm.text, caplog.text) if code in value] == []
    assert services.confirm(mail.ALARM_LINE, alarm.subject, by="staff:1").code == "wrong_code"
    assert services.confirm(mail.ALARM_LINE, code, by="staff:1").code == "confirmed"


def codes(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z2-9]{8}", text) if set(word) <= set(alarms.ALPHABET)}


@pytest.mark.django_db
def test_without_an_address_nothing_is_sent(settings: Any) -> None:
    settings.OPS_EMAIL = ""
    assert (mail.ask().code, mail.ask_alarm().code) == ("no_address", "no_address")
    assert (TransactionalMessage.objects.count(), Alarm.objects.count()) == (0, 0)


def test_what_nobody_looked_up_is_said_not_to_be_checked(settings: Any) -> None:
    settings.MAIL_FROM = "Framtidspartiet <tack@gava.example>"
    found = mail.ask_domain()
    assert (found.state, found.facts) == ("red", {"domain": "gava.example"})
    assert "_dmarc.gava.example" in str(mail.DOMAIN_LINE.words["not_checked"].mend) % found.facts


# --- Keys -----------------------------------------------------------------------------------------
def printed(*words: str) -> str:
    out = io.StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def test_fingerprints_read_at_the_second_place_are_compared(tmp_path: Path, settings: Any) -> None:
    other, third = crypto.new_key_setting("k2"), crypto.new_key_setting("k1")
    settings.FIELD_KEYS, settings.LOOKUP_KEYS = [*settings.FIELD_KEYS, other], [third]
    (tmp_path / "paper").write_text("\n".join([*settings.FIELD_KEYS, third]))
    (tmp_path / "old").write_text(",".join([settings.FIELD_KEYS[0], crypto.new_key_setting("k2")]))
    assert keys.check(printed("--file", str(tmp_path / "paper"))).facts == {"number": 3}
    found = keys.check(printed("--file", str(tmp_path / "old")))
    assert (found.code, found.facts) == ("missing", {"ids": "k1, k2"})
    assert keys.check("I have them").code == "none_typed"
    secret = other.partition(":")[2]
    assert secret not in printed() + printed("--file", str(tmp_path / "paper"))


def test_a_file_that_holds_no_keys_is_told_without_its_words(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("k1:hemligheten")
    with pytest.raises(CommandError) as told:
        printed("--file", str(tmp_path / "letter"))
    assert "hemligheten" not in str(told.value)
    with pytest.raises(CommandError, match="can't be read"):
        printed("--file", str(tmp_path / "nowhere"))


# --- The house ------------------------------------------------------------------------------------
def tried(days: int, *, equal: bool = True) -> None:
    RestoreTrial.objects.create(
        at=clock.real_now() - timedelta(days=days), seconds=3, backup="b", tables=60, rows=900,
        checks=21, equal=equal, told="" if equal else "a row", by="system:backup",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_restore_must_have_been_tried_lately_and_well() -> None:
    assert house.ask_restore().code == "never"
    tried(41)
    assert house.ask_restore().code == "old"
    tried(3)
    found = house.ask_restore()
    assert (found.state, words_of(house.RESTORE, found)[:10]) == ("green", "3 days ago")
    tried(1, equal=False)
    assert house.ask_restore().code == "differed"


@pytest.mark.django_db
def test_the_seal_and_the_jobs_are_asked(settings: Any) -> None:
    seal.seal()
    assert (house.ask_seal().state, house.ask_jobs().state) == ("green", "green")
    settings.MODE = "test"
    assert house.ask_seal().code == "broken"
    settings.JOBS = {"never": ("fundraise.jobs.tasks.watch", 60, -100_000)}
    found = house.ask_jobs()
    assert (found.state, found.facts) == ("red", {"names": "never"})


@pytest.mark.django_db
def test_a_treasurer_and_somebody_else_must_be_there_for_each_that_takes_gifts() -> None:
    assert house.ask_second_person().code == "no_entity"
    entity = make_account().entity
    assert house.ask_second_person().code == "no_treasurer"
    david = make_staff("david")
    give_role(david, Role.TREASURER, entity, by="system:test")
    assert house.ask_second_person().code == "alone"
    give_role(make_staff("sara"), Role.SECOND, entity, by="system:test")
    found = house.ask_second_person()
    assert (found.state, found.facts) == ("green", {"number": 1})


def make_staff(name: str, *, is_superuser: bool = False) -> User:
    return User.objects.create_user(name, is_staff=True, is_superuser=is_superuser)


@pytest.mark.django_db
def test_two_administrators_need_a_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    entity = make_party()
    one, two = make_staff("anna"), make_staff("boss", is_superuser=True)
    give_role(one, Role.ADMIN, entity, by="system:test")
    assert house.ask_admins().facts == {"number": 0, "all": 2}
    monkeypatch.setattr(house, "_with_second_factor", lambda: {one.pk})
    assert house.ask_admins().code == "few"
    monkeypatch.setattr(house, "_with_second_factor", lambda: {one.pk, two.pk, 99})
    assert (house.ask_admins().state, house.ask_admins().facts["number"]) == ("green", 2)


@pytest.mark.django_db
def test_a_second_factor_is_an_app_or_a_passkey_and_no_recovery_code() -> None:
    one, two, three = make_staff("anna"), make_staff("bo"), make_staff("eva")
    for user, kind in ((one, "totp"), (two, "webauthn"), (three, "recovery_codes")):
        Authenticator.objects.create(user=user, type=kind, data={})
    assert house._with_second_factor() == {one.pk, two.pk}


def test_the_sample_is_signed_as_stripe_signs(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    account = Account(provider="stripe", slug="demo", settings_prefix="STRIPE")
    sample = provider_of(account).sample(account)
    assert sample is not None
    incoming = provider_of(account).parse(account, sample.body, sample.headers)
    assert (incoming.event_id, incoming.kind) == (sample.event_id, "fundraise.test")
    assert json.loads(sample.body)["livemode"] is False
