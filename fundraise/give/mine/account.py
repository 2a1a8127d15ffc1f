"""Another account or card for a monthly gift. The old account is drawn on until the new one holds.

The fields, the mandate's text and the way to sign are those of the donation page. Whoever is here
has come by a link in a mail, so that the mailbox is shown to be theirs already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.give import links, monthly, page
from fundraise.give.mine import cards, frame, words
from fundraise.give.mine.people import Person
from fundraise.give.mine.pledge_pages import home_of, own_pledge
from fundraise.give.mine.repair import Way, by_key
from fundraise.give.monthly import AUTOGIRO, PERSON, Monthly
from fundraise.give.monthly_form import MonthlyPart
from fundraise.give.terms import Terms, terms_of
from fundraise.give.views.starting import asked_of
from fundraise.limits import services as limits
from fundraise.pledges import queries, sealing, signed
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.services import mandates
from fundraise.providers import recurring, signing

BY_MAIL = "mail_link"
SIGNS = {"tick", BY_MAIL}


class AccountForm(MonthlyPart):
    """An account, its holder's number, and the tick. `new_account` is there when it is valid."""

    def __init__(self, terms: Terms, data: Mapping[str, Any]) -> None:
        super().__init__(data, use_required_attribute=False, auto_id="%s")
        self.terms = terms

    @property
    def by_account(self) -> bool:
        return True

    def clean(self) -> dict[str, Any]:
        for field, read in self._monthly_fields():
            try:
                read()
            except ValidationError as error:
                self.add_error(field, error)
        return self.cleaned_data


def own_account(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """Reached from My pages."""
    return _account(request, Way(own_pledge(person, ref)), logged_in=True)


def page_by_key(request: HttpRequest) -> HttpResponse:
    """Reached by the link of a mail, by way of the page that repairs."""
    way = by_key(request)
    if way is None:
        return frame.page(request, "give/mine/link_over.html", status=410)
    if request.method == "POST" and not limits.take(
        "mine-change", f"repair:{way.pledge.ref}", clock.real_now()
    ):
        return frame.page(request, "give/mine/many.html", status=429)
    return _account(request, way)


def _account(request: HttpRequest, way: Way, *, logged_in: bool = False) -> HttpResponse:
    terms = _terms(way.pledge, str(request.LANGUAGE_CODE))
    if request.method != "POST" or terms.monthly is None:
        return _shown(request, way, terms, logged_in=logged_in)
    form = AccountForm(terms, request.POST)
    valid = form.is_valid()
    errors = {} if valid else {name: str(said[0]) for name, said in form.errors.items()}
    if not errors:
        try:
            mandate = _begun(way, form)
            return _signed(request, way, mandate, logged_in=logged_in)
        except PledgeError as refused:
            errors = {"account": words.refusal(refused.code)}
    return _shown(request, way, terms, form, errors, logged_in=logged_in)


def _terms(pledge: Pledge, language: str) -> Terms:
    """The campaign's terms with the mandate's text, also when its page takes no new ones."""
    today = clock.today()
    text = monthly.text_of(pledge.entity, language, today)
    open_now = AUTOGIRO in recurring.ways(pledge.entity_id)
    about = Monthly(
        ways=(AUTOGIRO,), days=(), day=pledge.day, whens=(), everies=(), text=text,
        signing=settings.MANDATE_SIGNING,
    )  # fmt: skip
    return replace(
        terms_of(pledge.campaign, language, today), monthly=about if text and open_now else None
    )


def _begun(way: Way, form: AccountForm) -> Mandate:
    """The draft of the new account; of two presses the second finds the first one's mandate."""
    new, pledge = form.new_account(), way.pledge
    waiting = queries.waiting_mandate(pledge.pk)
    same = sealing.account_hash(new.details.account16)
    if waiting is not None and bytes(waiting.account_hash or b"") == same:
        return waiting
    asked = way.wish
    return mandates.new_account(
        pledge.pk, new, by=asked.by, channel=asked.channel, received_at=asked.received_at
    )


def _signed(request: HttpRequest, way: Way, mandate: Mandate, *, logged_in: bool) -> HttpResponse:
    """Sign by the tick, which the mailed link confirms; BankID asks on the next page."""
    language, pledge = str(request.LANGUAGE_CODE), way.pledge
    if mandate.state == Mandate.State.DRAFT:
        asked = asked_of(request, pledge, mandate)
        chosen = signing.chosen().way
        if chosen not in SIGNS:
            return frame.page(
                request,
                "give/mine/sign.html",
                logged_in=logged_in,
                here="home",
                sign_url=links.pledge_sign(pledge.ref, language),
                fresh_name=signed.FRESH,
                fresh=signed.token("fresh", pledge.ref),
            )
        signing.keep(chosen, asked, {"ticked": True, "channel": way.wish.channel})
    if logged_in:
        return frame.go(home_of(pledge, language))
    return frame.go(f"{way.url('own_repair', language)}&done=1")


def _shown(
    request: HttpRequest,
    way: Way,
    terms: Terms,
    form: AccountForm | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    logged_in: bool,
) -> HttpResponse:
    language, found = str(request.LANGUAGE_CODE), dict(errors or {})
    said = request.POST if form is not None else {}
    pledge = way.pledge
    chosen = said.get("payer", PERSON)
    context = page.about_monthly(terms, terms.monthly) if terms.monthly is not None else {}
    return frame.page(
        request,
        "give/mine/account.html",
        status=422 if found else 200,
        logged_in=logged_in,
        here="home",
        title=_("New account or card"),
        error=next(iter(found.values()), ""),
        error_at=next(iter(found), ""),
        errors=found,
        values={"payer_number": "", "account": said.get("account", ""), "payer": chosen},
        chosen_payer=chosen if terms.monthly and chosen in terms.monthly.variants else PERSON,
        key=way.key,
        pledge=pledge,
        card=cards.card_of(pledge, language),
        account_terms=terms,
        card_url=way.url("own_card", language) if pledge.method == "card" else "",
        is_over=pledge.state == Pledge.State.ENDED,
        **context,
    )
