"""A good form for every month: through the door, begun, and its signature asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.give.forms import GiveForm
from fundraise.give.tokens import FormToken
from fundraise.limits import services as limits
from fundraise.pledges import queries, signed
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services.starting import NewAccount, NewPledge
from fundraise.providers import recurring, sign_ups, signing
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.defence import Verdict
from fundraise.providers.sign_ups import SignUp
from fundraise.providers.signing import Asked


def admit(request: HttpRequest, form: GiveForm, token: FormToken, entity_id: int) -> Verdict:
    """Whether the sign-up may be begun now."""
    asked = SignUp(
        entity_id=entity_id,
        amount_ore=form.amount_ore,
        method=form.method,
        email=form.cleaned_data["email"],
        account=form.account16 if form.by_account else "",
        submission=token.submission,
    )
    address = limits.address_of(request)
    return sign_ups.admit(asked, address=address, proof=request.POST.get("proof", ""))


def start(
    request: HttpRequest,
    form: GiveForm,
    token: FormToken,
    giver: Giver,
    campaign: Campaign,
    reference: str,
) -> HttpResponse:
    """Begin the pledge and lead to the provider's page, or to the pledge's own.

    Raises ProviderUnavailable when nothing could be begun.
    """
    new = NewPledge(
        campaign=campaign,
        amount_ore=form.amount_ore,
        day=form.chosen_day,
        giver=giver,
        method=form.method,
        interval_months=form.interval_months,
        language=form.terms.language,
        reference=reference,
        submission=token.submission,
    )
    begun = recurring.start(new, _account(form))
    if begun.redirect_url:
        return HttpResponseRedirect(begun.redirect_url, status=303)
    if form.by_account:
        _ask_signature(request, begun.pledge_id)
    return HttpResponseRedirect(signed.own_page(begun.pledge_ref, form.terms.language), status=303)


def _account(form: GiveForm) -> NewAccount | None:
    """What is drawn on; of one in the Internet bank the bank tells later, of a card Stripe."""
    if form.at_the_bank:
        return NewAccount(AccountDetails(), origin=Mandate.Origin.INTERNET_BANK)
    return form.new_account() if form.by_account else None


def is_signable(mandate: Mandate | None) -> bool:
    """Whether it waits for a signature of ours, not for one in the Internet bank."""
    return (
        mandate is not None
        and mandate.state == Mandate.State.DRAFT
        and mandate.origin != Mandate.Origin.INTERNET_BANK
    )


def _ask_signature(request: HttpRequest, pledge_id: int) -> None:
    """Signed at once by the tick, or by a mailed link; BankID begins on the pledge's page."""
    mandate = queries.waiting_mandate(pledge_id)
    if mandate is None or not is_signable(mandate):
        return
    if signing.chosen().begins_later:
        return
    try:
        signing.begin(asked_of(request, Pledge.objects.get(pk=pledge_id), mandate))
    except PledgeError as error:
        raise ProviderUnavailable(error.code) from None


def asked_of(request: HttpRequest, pledge: Pledge, mandate: Mandate) -> Asked:
    """Whose signature is asked for, with what the request says of where they sit."""
    return Asked(
        mandate=mandate,
        pledge=pledge,
        language=pledge.language,
        address=limits.address_of(request),
        agent=request.headers.get("User-Agent", ""),
    )
