"""The donation page: shown by GET, begins a gift by POST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from fundraise import clock
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.give import errors, links, robot, shell, then_monthly, tokens
from fundraise.give import page as pages
from fundraise.give.forms import GiveForm
from fundraise.give.gauge import Gauge, gauge_of
from fundraise.give.monthly import PERSON
from fundraise.give.origin import own_posts_only
from fundraise.give.presets import MONTHLY, Preset, clean_reference, read_preset
from fundraise.give.reading import read_page
from fundraise.give.terms import Terms
from fundraise.give.views import starting
from fundraise.limits import passes
from fundraise.limits import services as limits
from fundraise.pledges import queries as pledges
from fundraise.pledges.errors import PledgeError
from fundraise.providers import account_words, defence
from fundraise.providers import services as providers
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.defence import Verdict

AWAY = (OperationalError, InterfaceError)
HELD = {
    Verdict.WAIT: ("give/_notice_too_many.html", 429),
    Verdict.PROVE: ("give/_notice_prove.html", 403),
    Verdict.CLOSED: ("give/_notice_cards_closed.html", 503),
}
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front campaign's page, at the service's own address."""
    try:
        campaign = campaigns.front_campaign()
        return errors.nothing_now(request) if campaign is None else _open(request, campaign.slug)
    except AWAY:
        return errors.away(request)


@require_http_methods(["GET", "HEAD", "POST"])
@own_posts_only(errors.csrf_failure)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's page."""
    try:
        return _give(request, slug) if request.method == "POST" else _open(request, slug)
    except AWAY:
        return errors.away(request)


@require_http_methods(["GET", "HEAD", "POST"])
@own_posts_only(errors.csrf_failure)
def give(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the form is sent; whoever opens the address comes to the page."""
    if request.method != "POST":
        return HttpResponseRedirect(links.donate(slug, str(request.LANGUAGE_CODE)))
    try:
        return _give(request, slug)
    except AWAY:
        return errors.away(request)


def _read(request: HttpRequest, slug: str) -> tuple[Terms, Gauge]:
    today, language = clock.today(), str(request.LANGUAGE_CODE)
    found = read_page(slug, language, today)
    if found is None:
        raise Http404
    terms, reading = found
    return terms, gauge_of(reading, language, terms.ends_on, today)


# --- GET ------------------------------------------------------------------------------------------
def _open(request: HttpRequest, slug: str) -> HttpResponse:
    preset = read_preset(request.GET)
    if preset.language and preset.language != request.LANGUAGE_CODE:
        return _in_language(request, slug, preset.language)
    terms, gauge = _read(request, slug)
    html = pages.opened(terms, gauge, pages.choosing_from(preset, terms))
    html = html.replace(pages.REFERENCE_MARK, preset.reference)
    html = html.replace(pages.MAILED_MARK, passes.good(request.GET.get("pass", "")))
    return _private(shell.finish(request, html, token=_first_token(terms, preset)))


def _in_language(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The same page and choices under the other language's path."""
    query = request.GET.copy()
    for name in ("lang", "sprak"):
        query.pop(name, None)
    path = links.donate(slug, language)
    return HttpResponseRedirect(f"{path}?{query.urlencode()}" if query else path)


def _first_token(terms: Terms, preset: Preset) -> str:
    """The token of a page that is opened: for a new gift, or for one that is gone on with."""
    instead = preset.instead or (pledges.given_instead_of(preset.gift) if preset.gift else None)
    return _new_token(terms, preset.gift, instead)


def _new_token(terms: Terms, changing: UUID | None = None, instead: UUID | None = None) -> str:
    return tokens.new_token(
        terms.slug,
        terms.register.id if terms.register else None,
        terms.appeals.id if terms.appeals else None,
        targeting_wording_id=terms.targeting.id if terms.targeting else None,
        submission=_submission(changing, terms.slug) if changing else None,
        instead=instead,
    )


def _submission(ref: UUID, slug: str) -> bytes | None:
    """The form that a waiting gift came from, so that changing it never opens a second one."""
    gift = Gift.objects.filter(ref=ref, state=Gift.State.PENDING, campaign__slug=slug)
    found = gift.values_list("submission", flat=True).first()
    return bytes(found) if found else None


def _private(response: HttpResponse) -> HttpResponse:
    """Never shared, asked for anew; Back shows the same form with what was typed and its token."""
    response["Cache-Control"] = "private, no-cache"
    return response


# --- POST -----------------------------------------------------------------------------------------
def _give(request: HttpRequest, slug: str) -> HttpResponse:
    if request.content_type not in FORM_TYPES:
        return errors.wrong_type(request)
    campaign = campaigns.public_campaign(slug)
    if campaign is None:
        raise Http404
    terms, gauge = _read(request, slug)
    if not terms.is_open:
        status = 503 if terms.opens_later else 410
        return shell.finish(request, pages.opened(terms, gauge, pages.Choosing()), status=status)
    if then_monthly.CARRIER in request.POST:
        return _filled(request, terms, gauge)
    answer = _private(_Answer(request, campaign, terms, gauge).response())
    if request.POST.get("payer_number"):
        answer["Cache-Control"] = "no-store"  # an identity number is kept by no browser
    return answer


def _filled(request: HttpRequest, terms: Terms, gauge: Gauge) -> HttpResponse:
    """The form for every month, filled in for who has just given; begins nothing."""
    giver = then_monthly.filled_in(request.POST[then_monthly.CARRIER], terms.slug)
    preset = read_preset(request.POST)
    html = pages.filled(terms, gauge, pages.choosing_from(preset, terms), giver)
    html = html.replace(pages.REFERENCE_MARK, "").replace(pages.MAILED_MARK, "")
    page = shell.finish(request, html, token=_new_token(terms))
    page["Cache-Control"] = "no-store"
    return page


class _Answer:
    """One POST: what was sent, and the page or the redirect that answers it."""

    def __init__(
        self, request: HttpRequest, campaign: Campaign, terms: Terms, gauge: Gauge
    ) -> None:
        self.request, self.campaign, self.terms, self.gauge = request, campaign, terms, gauge
        self.form = GiveForm(terms, request.POST)
        self.reference = clean_reference(request.POST.get("ref", "")[:80])
        self.sent_token = request.POST.get("token", "")
        self.proof = request.POST.get("proof", "")

    def response(self) -> HttpResponse:
        try:
            token = tokens.read_token(self.sent_token, self.terms.slug)
        except tokens.TokenError as error:
            notice = f"give/_notice_{error.code}.html"
            instead = tokens.instead_of(self.sent_token, self.terms.slug)
            anew = _new_token(self.terms, instead=instead)
            return self._again(anew, status=400, notice=notice)
        if self._wants_what_staff_closed():
            return self._held(Verdict.CLOSED)
        if not self.form.is_valid():
            return self._again(self.sent_token, status=422)
        why = robot.seen(self.request.POST, token)
        if why:
            method = self.form.method if self.form.is_monthly else self.form.cleaned_data["way"]
            defence.noted(self.campaign.entity_id, method, why)
            return self._again(self.sent_token, status=400, notice="give/_notice_again.html")
        try:
            return self._start_monthly(token) if self.form.is_monthly else self._start(token)
        except PledgeError:  # the account can't be used: said at its field
            self.form.add_error("account", str(account_words.NUMBER_TAKEN))
            return self._again(self.sent_token, status=422)
        except ProviderUnavailable:
            notice = "give/_notice_unavailable.html"
            return self._again(self.sent_token, status=503, notice=notice)

    def _start_monthly(self, token: tokens.FormToken) -> HttpResponse:
        entity_id = self.campaign.entity_id
        verdict = starting.admit(self.request, self.form, token, entity_id)
        if verdict is not Verdict.OK:
            return self._held(verdict)
        giver = _giver(self.form, token)
        return starting.start(self.request, self.form, token, giver, self.campaign, self.reference)

    def _again(self, token: str, *, status: int, notice: str = "") -> HttpResponse:
        html = pages.answered(
            self.terms,
            self.gauge,
            self.form,
            reference=self.reference,
            notice=notice,
            mailed_pass=passes.good(self.proof),
        )
        return shell.finish(self.request, html, token=token, status=status)

    def _start(self, token: tokens.FormToken) -> HttpResponse:
        asked, address = self._gift_request(token), limits.address_of(self.request)
        verdict = defence.admit(asked, address=address, proof=self.proof)
        if verdict is not Verdict.OK:
            return self._held(verdict)
        started = providers.start_gift(asked)
        own_page = links.gift(started.gift_ref, self.terms.language)
        return HttpResponseRedirect(started.redirect_url or own_page, status=303)

    def _wants_what_staff_closed(self) -> bool:
        if self.form.data.get("frequency") == MONTHLY:
            return False
        open_now = {way.method for way in self.terms.ways}
        return self.terms.cards_closed and self.request.POST.get("way", "") not in open_now

    def _held(self, verdict: Verdict) -> HttpResponse:
        """The page again, with what can be done. Its terms are read anew: the breaker may have
        opened since the form was shown."""
        self.terms, self.gauge = _read(self.request, self.terms.slug)
        notice, status = HELD[verdict]
        return self._again(self.sent_token, status=status, notice=notice)

    def _gift_request(self, token: tokens.FormToken) -> providers.GiftRequest:
        return providers.GiftRequest(
            campaign=self.campaign,
            amount_ore=self.form.amount_ore,
            method=self.form.cleaned_data["way"],
            language=self.terms.language,
            giver=_giver(self.form, token),
            reference=self.reference,
            submission=token.submission,
            instead=token.instead,
        )


def _giver(form: GiveForm, token: tokens.FormToken) -> Giver:
    """What was typed, without what was not asked for."""
    said = form.cleaned_data
    return Giver(
        name=said["name"],
        email=said["email"],
        **_identity(form),
        declaration=form.identity_asked and said["declaration"],
        keep_as_donor=said["register"],
        appeals=said["appeals"],
        register_wording_id=token.register_wording_id if said["register"] else None,
        appeals_wording_id=token.appeals_wording_id if said["appeals"] else None,
        targeting_wording_id=token.targeting_wording_id if said["targeting"] else None,
        member=said["member"] and form.terms.member_enough,
    )


def _identity(form: GiveForm) -> dict[str, Any]:
    """Who gives, where it was asked: with a mandate its payer's own number."""
    said = form.cleaned_data
    if form.by_account:
        organisation = form.variant != PERSON
        return {"identity_number": said["payer_number"], "organisation": organisation}
    if not form.identity_asked:
        return {}
    asked = ("address", "postcode", "city", "identity_number")
    return {
        **{name: said.get(name, "") for name in asked},
        "organisation": said["organisation"],
    }
