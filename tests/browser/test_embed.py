"""The elements on somebody else's site, whose policy names our origin and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.give import kept
from fundraise.give.reading import NothingProven
from fundraise.give.views import thermometer as thermometer_views
from fundraise.ledger.queries import balance_ore
from fundraise.providers.by_hand import ManualGift, record_manual_gift
from tests.browser.conftest import NewPage
from tests.browser.faces import overflow_of, raise_sums
from tests.browser.foreign import Foreign, Visit, foreign_site, strict
from tests.browser.test_faces import look
from tests.people import DAVID, NOON

SUM = "1\u202f243\u202f500\u202fkr"
PERIOD = 45_000  # a little more than the longest pause between two questions
FLOOR = "Se hur mycket som har samlats in"


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    with foreign_site() as site:
        yield site


@pytest.fixture(autouse=True)
def _raised(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SECONDS", 0)
    raise_sums(campaign)


def thermometer(lang: str = "sv", more: str = "", site: str = "") -> str:
    return (
        f'<fundraise-thermometer campaign="valet" lang="{lang}" {more}>'
        f'<a href="{site}/valet/">{FLOOR}</a></fundraise-thermometer>'
    )


def script(site: str) -> str:
    return f'<script type="module" src="{site}/embed/v1.js"></script>'


def give(campaign: Campaign, kronor: int, number: int) -> None:
    """A gift in cash, booked as any other."""
    record_manual_gift(
        ManualGift(
            campaign=campaign,
            amount_ore=kronor * 100,
            channel="cash",
            received_at=NOON,
            proof=f"slip-{number}",
            by=DAVID,
        )
    )


def shown(page: Page, text: str) -> None:
    expect(page.locator("fundraise-thermometer").first.locator(".sum strong")).to_have_text(text)


def timed(visit: Visit) -> Visit:
    """The page's clock is ours: a test goes forward in it instead of waiting."""
    visit.page.clock.install()
    return visit


def test_the_elements_stand_under_the_strictest_policy(
    site: str, foreign: Foreign, page: Page
) -> None:
    body = thermometer(site=site) + (
        '<fundraise-button campaign="valet" lang="sv" amount="200" ref="granne">'
        f'<a href="{site}/valet/">Ge en gåva</a></fundraise-button>'
    )
    visit = Visit.by(page)
    page.goto(foreign.page(body, strict(site), head=script(site)))
    shown(page, SUM)
    expect(page.locator(".goal")).to_have_text("av 2\u202f000\u202f000\u202fkr")
    under = "62\u00a0% · 3\u202f112 givare"
    expect(page.locator("p.quiet").first).to_contain_text(under)
    bar = page.get_by_role("progressbar", name=f"{SUM} av 2\u202f000\u202f000\u202fkr")
    assert bar.get_attribute("aria-valuenow") == "62"
    assert page.locator(".received").evaluate("bar => getComputedStyle(bar).width") != "0px"
    assert page.get_by_text(FLOOR).is_hidden()
    button = page.get_by_role("link", name="Ge 200\u202fkr")
    assert button.get_attribute("href") == f"{site}/valet/?amount=200&ref=granne"
    assert button.evaluate("a => getComputedStyle(a).backgroundColor") == "rgb(11, 93, 78)"
    assert visit.faults() == []
    assert visit.polls() == 1
    asked = {"/embed/v1.js", "/valet/thermometer.json"}
    ours = {url.removeprefix(site) for url in visit.asked if url.startswith(site)}
    others = [url for url in visit.asked if not url.startswith((site, foreign.address))]
    assert (ours, others) == (asked, [])
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_the_button_leads_to_the_page_with_its_choice_made(
    site: str, foreign: Foreign, page: Page
) -> None:
    body = (
        '<fundraise-button campaign="valet" amount="500" frequency="once" ref="x y">'
        f'<a href="{site}/valet/">Ge</a></fundraise-button>'
    )
    visit = Visit.by(page)
    page.goto(foreign.page(body, strict(site), head=script(site)))
    page.evaluate("addEventListener('fundraise:click', e => localStorage.clicked = e.detail.href)")
    link = page.get_by_role("link", name="Ge 500\u202fkr")
    expect(link).to_be_visible()
    assert [name for name, _detail in visit.said()] == ["view"]
    page.keyboard.press("Tab")
    assert link.evaluate("a => a.getRootNode().activeElement === a")
    href = f"{site}/valet/?amount=500&frequency=once"
    page.keyboard.press("Enter")
    page.wait_for_url(href)
    expect(page.locator("#once-3")).to_be_checked()
    page.go_back()
    assert page.evaluate("localStorage.clicked") == href


def test_a_new_gift_is_seen_and_equals_the_ledger(
    campaign: Campaign, site: str, foreign: Foreign, page: Page
) -> None:
    Thermometer.objects.update(received_ore=0, donors=0, gifts=0)
    visit = timed(Visit.by(page))
    page.goto(foreign.page(thermometer(), strict(site), head=script(site)))
    shown(page, "0\u202fkr")
    expect(page.locator("p.quiet").first).to_contain_text("Insamlingen har just börjat")
    give(campaign, 250, 1)
    page.clock.fast_forward(PERIOD)
    shown(page, "250\u202fkr")
    give(campaign, 30_000, 2)
    page.clock.fast_forward(PERIOD)
    shown(page, "30\u202f250\u202fkr")
    assert balance_ore(campaign.entity_id, "gifts") == -30_250_00
    assert [(name, detail["received_ore"]) for name, detail in visit.said()] == [
        ("view", 0),
        ("update", 250_00),
        ("update", 30_250_00),
    ]
    assert visit.faults() == []


def test_many_elements_ask_once_a_period(site: str, foreign: Foreign, page: Page) -> None:
    button = '<fundraise-button campaign="valet"></fundraise-button>'
    visit = timed(Visit.by(page))
    page.goto(foreign.page((thermometer() + button) * 5, strict(site), head=script(site)))
    shown(page, SUM)
    for number in (2, 3, 4):
        page.clock.fast_forward(PERIOD)
        visit.asked_times(number)
    assert page.locator("fundraise-thermometer .sum").count() == 5
    assert visit.polls() == 4
    page.clock.fast_forward(19_000)
    page.wait_for_timeout(300)
    assert visit.polls() == 4  # never sooner than twenty seconds after the last


def test_what_shall_not_move_asks_once(site: str, foreign: Foreign, page: Page) -> None:
    body = thermometer(more='updates="off"') + '<fundraise-button campaign="valet">'
    visit = timed(Visit.by(page))
    page.goto(foreign.page(body, strict(site), head=script(site)))
    shown(page, SUM)
    page.clock.fast_forward(10 * PERIOD)
    page.wait_for_timeout(300)
    assert visit.polls() == 1


def test_a_hidden_page_asks_nothing_and_wakes_when_it_is_seen(
    campaign: Campaign, site: str, foreign: Foreign, page: Page
) -> None:
    visit = timed(Visit.by(page))
    page.goto(foreign.page(thermometer(), strict(site), head=script(site)))
    shown(page, SUM)
    page.evaluate("hide(true)")
    give(campaign, 100, 1)
    page.clock.fast_forward(20 * PERIOD)
    page.wait_for_timeout(300)
    assert visit.polls() == 1
    page.evaluate("hide(false)")
    page.clock.fast_forward(2_000)
    visit.asked_times(2)
    shown(page, "1\u202f243\u202f600\u202fkr")
    assert visit.polls() == 2


def test_a_page_that_opens_hidden_asks_when_it_is_seen(
    site: str, foreign: Foreign, page: Page
) -> None:
    visit = Visit.by(page)
    page.add_init_script("window.away = true")
    page.goto(foreign.page(thermometer(), strict(site), head=script(site)))
    page.wait_for_timeout(300)
    assert visit.polls() == 0
    page.evaluate("hide(false)")
    shown(page, SUM)


def test_the_last_sum_stands_while_we_are_away_and_we_are_asked_ever_more_seldom(
    site: str, foreign: Foreign, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = timed(Visit.by(page))
    page.goto(foreign.page(thermometer(), strict(site), head=script(site)))
    shown(page, SUM)
    assert page.locator(".note").is_hidden()
    with monkeypatch.context() as gone:
        gone.setattr(thermometer_views, "read_sums", nothing_proven)
        page.clock.fast_forward(PERIOD)
        expect(page.locator(".note")).to_have_text(re.compile(r"^Senast uppdaterad \d\d\.\d\d$"))
        shown(page, SUM)
        before = visit.polls()
        page.clock.fast_forward(29_000)  # we said: in thirty seconds
        page.wait_for_timeout(300)
        assert visit.polls() == before
        for number in range(before + 1, before + 7):
            page.clock.fast_forward(610_000)
            visit.asked_times(number)
        before = visit.polls()
        page.clock.fast_forward(290_000)  # half of ten minutes is the shortest by now
        page.wait_for_timeout(300)
        assert visit.polls() == before
        shown(page, SUM)
    page.clock.fast_forward(610_000)
    expect(page.locator(".note")).to_be_hidden()
    shown(page, SUM)


def test_we_are_not_asked_again_before_we_said(site: str, foreign: Foreign, page: Page) -> None:
    visit = timed(Visit.by(page))
    page.goto(foreign.page(thermometer(), strict(site), head=script(site)))
    shown(page, SUM)
    page.route("**/thermometer.json", busy)
    page.clock.fast_forward(PERIOD)
    visit.asked_times(2)
    page.clock.fast_forward(895_000)
    visit.asked_times(2)
    page.clock.fast_forward(240_000)
    visit.asked_times(3)


def busy(route: Route) -> None:
    """A proxy of ours, with too many at its door."""
    names = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
    route.fulfill(status=429, headers={**names, "Retry-After": "900"})


def nothing_proven(_slug: str) -> None:
    raise NothingProven


def test_the_last_sum_stands_when_nobody_answers(site: str, foreign: Foreign, page: Page) -> None:
    timed(Visit.by(page))
    page.goto(foreign.page(thermometer("en"), strict(site), head=script(site)))
    shown(page, SUM)
    page.route("**/thermometer.json", lambda route: route.abort())
    page.clock.fast_forward(PERIOD)
    expect(page.locator(".note")).to_contain_text("Last updated ")
    shown(page, SUM)
    page.unroute("**/thermometer.json")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.clock.fast_forward(10_000)
    expect(page.locator(".note")).to_be_hidden()


def test_a_new_visit_while_we_are_away_shows_what_the_browser_still_has(
    site: str, foreign: Foreign, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = timed(Visit.by(page))
    address = foreign.page(thermometer(), strict(site), head=script(site))
    page.goto(address)
    shown(page, SUM)
    page.evaluate("hide(true)")
    page.clock.fast_forward(120_000)
    monkeypatch.setattr(thermometer_views, "read_sums", nothing_proven)
    page.goto(address)
    expect(page.locator(".note")).to_contain_text("Senast uppdaterad ")
    shown(page, SUM)
    assert [name for name, _detail in visit.said()] == ["view"]


@pytest.mark.parametrize("campaign_named", ["nix", ""])
def test_an_unknown_campaign_is_the_text_inside(
    site: str, foreign: Foreign, page: Page, campaign_named: str
) -> None:
    body = thermometer().replace('campaign="valet"', f'campaign="{campaign_named}"')
    visit = timed(Visit.by(page))
    page.goto(foreign.page(body, strict(site), head=script(site)))
    number = 1 if campaign_named else 0
    visit.asked_times(number)
    page.clock.fast_forward(20 * PERIOD)
    visit.asked_times(number)
    assert page.get_by_text(FLOOR).is_visible()
    page.locator("fundraise-thermometer").evaluate("e => e.setAttribute('campaign', 'valet')")
    shown(page, SUM)


@pytest.mark.parametrize("why", ["policy", "no script"])
def test_a_blocked_script_leaves_the_text_inside(
    site: str, foreign: Foreign, new_page: NewPage, why: str
) -> None:
    page = new_page(java_script_enabled=why != "no script")
    policy = "default-src 'none'" if why == "policy" else strict(site)
    page.goto(foreign.page(thermometer(site=site), policy, head=script(site)))
    link = page.get_by_role("link", name=FLOOR)
    expect(link).to_be_visible()
    assert link.get_attribute("href") == f"{site}/valet/"


def test_what_the_numbers_do_not_hold_is_not_drawn_and_what_they_hold_is(
    site: str, foreign: Foreign, page: Page
) -> None:
    address = foreign.page(thermometer("en"), strict(site), head=script(site))
    page.goto(address)
    shown(page, SUM)
    assert page.locator(".promised, .forecast").count() == 0
    page.route("**/thermometer.json", with_promises)
    page.goto(address)
    expect(page.locator("p.quiet").first).to_contain_text(
        "250\u202f000\u202fkr promised (hatched) · 1\u202f800\u202f000\u202fkr expected (thin line)"
    )
    width = page.locator(".bar").evaluate("bar => bar.clientWidth")
    promised = page.locator(".promised").evaluate("bar => bar.getBoundingClientRect().width")
    assert promised == pytest.approx(width * 0.125, abs=1)
    assert page.locator(".forecast").evaluate("bar => bar.offsetLeft") == pytest.approx(
        width * 0.9, abs=3
    )


def with_promises(route: Route) -> None:
    answer = route.fetch()
    more = {"promised_ore": 250_000_00, "forecast_ore": 1_800_000_00}
    route.fulfill(response=answer, json={**answer.json(), **more})


def test_more_than_the_goal_is_a_full_bar_and_its_true_number(
    site: str, foreign: Foreign, page: Page
) -> None:
    Thermometer.objects.update(received_ore=2_240_000_50)
    page.goto(foreign.page(thermometer("en"), strict(site), head=script(site)))
    shown(page, "2\u202f240\u202f000,50\u202fkr")
    expect(page.locator("p.quiet").first).to_contain_text("112\u00a0% · 3\u202f112 donors")
    bar = page.get_by_role("progressbar")
    assert bar.get_attribute("aria-valuenow") == "100"
    widths = bar.evaluate("bar => [bar.clientWidth, bar.firstChild.offsetWidth]")
    assert widths[0] == widths[1]


def test_a_closed_campaign_says_so(
    campaign: Campaign, site: str, foreign: Foreign, page: Page
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(status="closed")
    body = thermometer("en") + '<fundraise-button campaign="valet" lang="en" amount="200">'
    page.goto(foreign.page(body, strict(site), head=script(site)))
    expect(page.locator("p.quiet").first).to_contain_text("The campaign is closed")
    expect(page.get_by_role("link", name="The campaign is closed")).to_be_visible()


def test_monthly_is_promised_only_where_it_can_be_given(
    site: str, foreign: Foreign, page: Page
) -> None:
    body = '<fundraise-button campaign="valet" lang="en" amount="200" frequency="monthly">'
    address = foreign.page(body, strict(site), head=script(site))
    page.goto(address)
    expect(page.get_by_role("link")).to_have_text("Give 200\u202fkr")
    page.route("**/thermometer.json", with_monthly)
    page.goto(address)
    expect(page.get_by_role("link")).to_have_text("Give 200\u202fkr every month")
    assert page.get_by_role("link").get_attribute("href") == (
        f"{site}/en/valet/?amount=200&frequency=monthly"
    )


def with_monthly(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "monthly": True})


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_bar_moves_only_for_those_who_do_not_mind(
    site: str, foreign: Foreign, new_page: NewPage, motion: str
) -> None:
    page = new_page()
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    page.goto(foreign.page(thermometer(), strict(site), head=script(site)))
    shown(page, SUM)
    style = page.locator(".received").evaluate(
        "bar => [getComputedStyle(bar).animationName, getComputedStyle(bar).transitionDuration]"
    )
    assert style == (["none", "0s"] if motion == "reduce" else ["grow", "0.6s"])


GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(35, 31, 27)"}


@pytest.mark.parametrize(
    ("head", "theme", "expected"),
    [
        ("", "", "light"),  # a page that knows no dark gets none, whatever the device says
        ('<meta name="color-scheme" content="light dark">', "", "dark"),
        ('<meta name="color-scheme" content="light dark">', "auto", "dark"),
        ('<meta name="color-scheme" content="light dark">', "light", "light"),
        ("", "dark", "dark"),
    ],
)
def test_the_theme_follows_the_page_unless_told(
    site: str, foreign: Foreign, new_page: NewPage, head: str, theme: str, expected: str
) -> None:
    page = new_page(color_scheme="dark")
    body = thermometer(more=f'theme="{theme}"' if theme else "")
    page.goto(foreign.page(body, strict(site), head=head + script(site)))
    shown(page, SUM)
    ground = page.locator(".box").evaluate("box => getComputedStyle(box).backgroundColor")
    assert ground == GROUNDS[expected]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_other_page_stays_free_of_faults(
    site: str, foreign: Foreign, new_page: NewPage, language: str, scheme: str, width: int
) -> None:
    body = thermometer(language) + (
        f'<fundraise-button campaign="valet" lang="{language}" amount="200"></fundraise-button>'
        f'<p><img src="{site}/valet/thermometer.svg" alt="Termometer" width="280"></p>'
        f'<p><img src="{site}/valet/button.svg" alt="Ge en gåva"></p>'
    )
    head = '<meta name="color-scheme" content="light dark">' + script(site)
    page = new_page(width, 780, color_scheme=scheme)
    visit = Visit.by(page)
    page.goto(foreign.page(body, strict(site, f"img-src {site}"), head=head, language=language))
    shown(page, SUM)
    loaded = page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert loaded == [640, 280]
    assert overflow_of(page) == 0
    assert visit.faults() == []
    assert look(page, f"elsewhere-{language}-{scheme}-{width}") == []


def test_two_copies_of_the_script_do_no_harm(site: str, foreign: Foreign, page: Page) -> None:
    twice = script(site) + script(site.replace("localhost", "127.0.0.1"))
    policy = strict(f"{site} {site.replace('localhost', '127.0.0.1')}")
    visit = Visit.by(page)
    page.goto(foreign.page(thermometer(), policy, head=twice))
    shown(page, SUM)
    assert visit.faults() == []


def test_the_page_that_says_how_shows_it(site: str, page: Page, campaign: Campaign) -> None:
    visit = Visit.by(page)
    page.goto(f"{site}/valet/badda-in/")
    shown(page, SUM)
    expect(page.get_by_role("link", name="Ge en gåva", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Kopiera").first.click()
    assert visit.faults() == []
