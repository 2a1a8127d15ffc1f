"""Which visits are a person's, and how sure that is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailings.mail_events import signs
from mailings.mail_events.judging import Open, Verdict, Visit, judge
from tests.people import NOON

DELIVERED = NOON
LATER = NOON + timedelta(hours=3)


def after(seconds: float, link: int = 1, sign: str = "", *, beacon: bool = False) -> Visit:
    return Visit(DELIVERED + timedelta(seconds=seconds), link, sign, beacon)


@pytest.mark.parametrize(
    ("visits", "human", "confidence"),
    [
        ([after(3)], False, ""),  # within seconds of the delivery
        ([after(-60)], False, ""),  # a gateway looks before it lets the mail in
        ([after(900)], True, "medium"),
        ([after(900), after(905, beacon=True)], True, "high"),
        ([after(900), after(905, link=2, beacon=True)], True, "medium"),  # of another link
        ([after(900), after(905, sign="robot", beacon=True)], True, "medium"),
        ([after(900, sign="safelinks")], False, ""),
        ([after(900, sign="head")], False, ""),
        ([after(900, 1), after(901, 2), after(902, 3)], False, ""),  # all links at once
        ([after(900, 1), after(1000, 2), after(1100, 3)], True, "medium"),  # one by one
        ([after(900, 1), after(901, 1), after(902, 1)], True, "medium"),  # a double click
    ],
)
def test_a_visit_is_a_persons_unless_something_gives_a_machine_away(
    visits: list[Visit], human: bool, confidence: str
) -> None:
    seen = judge(visits, [], delivered_at=DELIVERED, links=3)

    assert (seen.human_click_at is not None, seen.click_confidence) == (human, confidence)
    assert (seen.machine_click_at is not None) is not human


def test_without_a_known_delivery_the_confidence_is_low() -> None:
    assert judge([after(3)], [], delivered_at=None, links=3).click_confidence == "low"


def test_a_scanner_does_not_hide_the_person_who_comes_after_it() -> None:
    scanner = [after(2, 1), after(2, 2), after(3, 3)]

    seen = judge([*scanner, Visit(LATER, 2)], [], delivered_at=DELIVERED, links=3)

    assert seen == Verdict(
        human_click_at=LATER,
        machine_click_at=scanner[0].at,
        click_confidence="medium",
    )


def test_a_mail_of_two_links_that_were_both_followed_at_once_was_scanned() -> None:
    seen = judge([after(900, 1), after(901, 2)], [], delivered_at=DELIVERED, links=2)

    assert seen.human_click_at is None


def test_opens_fetched_ahead_are_the_machines() -> None:
    opens = [Open(LATER, "apple"), Open(DELIVERED + timedelta(seconds=2)), Open(LATER)]

    seen = judge([], opens, delivered_at=DELIVERED, links=1)

    assert (seen.human_open_at, seen.machine_open_at) == (LATER, opens[1].at)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.permutations(
        [after(s, link, sign) for s, link, sign in [(1, 1, ""), (900, 1, ""), (901, 2, ""),
                                                   (903, 3, "head"), (5000, 3, "")]]
        + [after(5004, 3, beacon=True)]
    )
)  # fmt: skip
def test_the_order_in_which_visits_became_known_does_not_matter(visits: list[Visit]) -> None:
    seen = judge(visits, [], delivered_at=DELIVERED, links=3)

    assert (seen.human_click_at, seen.click_confidence) == (after(5000).at, "high")


@pytest.mark.parametrize(
    ("agent", "sign"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", ""),
        ("Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 30) Chrome/130.0 Mobile Safari/537.36", ""),
        ("Mozilla/5.0 (compatible; Mimecast URL scanner)", "mimecast"),
        ("Mozilla/5.0 (Windows NT 10.0) Barracuda Sentinel (EE)", "barracuda"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "robot"),
        ("python-requests/2.32", "robot"),
        ("Mozilla/5.0 HeadlessChrome/131.0", "robot"),
        ("", "robot"),
    ],
)
def test_a_program_that_says_what_it_is(agent: str, sign: str) -> None:
    assert signs.of_agent(agent) == sign


def test_head_prefetch_and_known_networks_give_themselves_away() -> None:
    browser = {"User-Agent": "Mozilla/5.0 Firefox/142.0"}

    assert signs.of_request("GET", browser, "192.0.2.9") == ""
    assert signs.of_request("HEAD", browser, "192.0.2.9") == "head"
    assert signs.of_request("GET", {**browser, "Sec-Purpose": "prefetch"}, "") == "prefetch"
    assert signs.of_request("GET", browser, "148.163.130.4") == "proofpoint"
    assert signs.of_request("GET", browser, "no address") == ""
