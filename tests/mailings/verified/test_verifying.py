"""An address that appeals may come from: only when the code that was mailed there came back."""

from __future__ import annotations

from datetime import timedelta

import dns.exception
import dns.resolver
import pytest
from pytest_django.fixtures import Settings

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from mailings import verifying
from mailings.models import TransactionalMessage
from mailings.transactional import _opened
from mailings.verified import domain_checks, queries
from mailings.verified.domain_checks import Domain, Said
from mailings.verified.models import VerifiedSender
from mailings.verifying import SenderError
from tests.people import CECILIA, make_campaign, make_party

US = "hej@partiet.example.se"


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign(make_party())


def add(campaign: Campaign, address: str = US, name: str = "Partiet") -> VerifiedSender:
    return verifying.add(
        entity=campaign.entity, address=address, name=name, link="http://x/", by=CECILIA
    )


def code() -> str:
    mail = TransactionalMessage.objects.filter(kind="sender_code").latest("pk")
    lines = _opened(mail).text.split("\n\n")
    return next(line for line in lines if len(line) == verifying.LETTERS and line.isalnum())


def refused(sender: VerifiedSender, typed: str) -> str:
    with pytest.raises(SenderError) as error:
        verifying.verify(sender.ref, typed=typed, by=CECILIA)
    return error.value.code


def test_an_address_is_of_use_when_its_code_came_back(campaign: Campaign) -> None:
    sender = add(campaign)
    assert not queries.may_come_from(campaign.entity_id, US)
    assert refused(sender, "nix") == "wrong"
    typed = code()
    verifying.verify(sender.ref, typed=f" {typed.upper()} ", by=CECILIA)
    assert queries.may_come_from(campaign.entity_id, US.upper())
    assert not queries.may_come_from(campaign.entity_id + 1, US)
    assert refused(sender, typed) == "unknown"
    actions = ChangeLine.objects.values_list("action", flat=True)
    assert [one for one in actions if one.startswith("sender.")] == [
        "sender.added", "sender.verified",
    ]  # fmt: skip
    assert typed not in str(VerifiedSender.objects.values())
    assert verifying.end(sender.ref, by=CECILIA)
    assert not verifying.end(sender.ref, by=CECILIA)
    assert not queries.may_come_from(campaign.entity_id, US)
    add(campaign)  # anew, with a code of its own


def test_codes_run_out_of_tries_and_of_time(campaign: Campaign) -> None:
    sender = add(campaign)
    first = code()
    assert [refused(sender, "nix") for _try in range(6)] == ["wrong"] * 5 + ["over"]
    assert refused(sender, first) == "over"
    with pytest.raises(SenderError, match="soon"):
        verifying.send_code(sender.ref, link="http://x/", by=CECILIA)
    ago = clock.real_now() - timedelta(hours=25)
    VerifiedSender.objects.update(code_sent_at=ago)
    verifying.send_code(sender.ref, link="http://x/", by=CECILIA)
    second = code()
    VerifiedSender.objects.update(code_sent_at=ago)
    assert refused(sender, second) == "over"
    VerifiedSender.objects.update(codes_sent=10)
    with pytest.raises(SenderError, match="many"):
        verifying.send_code(sender.ref, link="http://x/", by=CECILIA)
    assert VerifiedSender.objects.get().verified_at is None


def test_what_is_no_address_or_stands_there_is_refused(campaign: Campaign) -> None:
    add(campaign)
    for address, name, why in (
        ("nix", "Partiet", "address"),
        ("a@b.example.se", 'Bo" <x@evil.example>', "name"),
        ("a@b.example.se", "Bo\r\nBcc: x", "name"),
        (US, "Partiet", "known"),
    ):
        with pytest.raises(SenderError, match=why):
            add(campaign, address, name)
    assert VerifiedSender.objects.count() == TransactionalMessage.objects.count() == 1


def test_answers_go_to_a_verified_address_or_to_us(campaign: Campaign, settings: Settings) -> None:
    settings.MAIL_INBOUND_DOMAIN = "svar.example.org"
    may = [
        queries.may_be_answered_to(campaign.entity_id, address)
        for address in ("", "Hej@Svar.example.org", "x@evilsvar.example.org", US)
    ]
    assert may == [True, True, False, False]


# --- Domains --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("records", "found"),
    [
        (
            {"partiet.example.se": ["v=spf1 -all"], "s1._domainkey.partiet.example.se": ["k; p=AB"],
             "_dmarc.partiet.example.se": ["v=DMARC1; p=Reject; rua=x"]},
            ("found", "found", "found", "reject", True),
        ),
        (
            {"_dmarc.example.se": ["v=DMARC1;p=none"], "s2._domainkey.partiet.example.se": ["p=A"]},
            ("missing", "found", "found", "none", True),
        ),
        ({"partiet.example.se": ["other"]}, ("missing", "missing", "missing", "", False)),
        (None, ("not_checked", "not_checked", "not_checked", "", None)),
    ],
)  # fmt: skip
def test_a_domain_is_looked_up_and_nothing_is_claimed_without_network(
    records: dict[str, list[str]] | None,
    found: tuple[str, str, str, str, bool | None],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MAIL_DNS_CHECKS = True

    def texts(name: str) -> list[str] | None:
        return None if records is None else records.get(name, [])

    monkeypatch.setattr(domain_checks, "_texts", texts)
    domain = domain_checks.check("partiet.example.se")
    assert (domain.spf, domain.dkim, domain.dmarc, domain.policy, domain.is_in_order) == found


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (dns.resolver.NXDOMAIN, []),
        (dns.exception.Timeout, None),
        (OSError, None),
    ],
)
def test_what_a_name_server_says_is_told_from_silence(
    error: type[Exception], said: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Resolver:
        def resolve(self, _name: str, _kind: str) -> None:
            raise error

    monkeypatch.setattr(domain_checks, "_resolver", Resolver)
    assert domain_checks._texts("partiet.example.se") == said


def test_switched_off_nothing_is_asked(settings: Settings) -> None:
    settings.MAIL_DNS_CHECKS = False
    assert domain_checks.check("x.example") == Domain("x.example", *[Said.NOT_CHECKED] * 3)
