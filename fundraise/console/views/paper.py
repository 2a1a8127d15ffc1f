"""Mandates on paper: keyed in with their scan, for a new monthly gift or a new account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from donors import services as donors
from donors.errors import DonorError
from donors.models import Donor
from donors.values import PostalAddress
from fundraise import clock
from fundraise.console import access, papers, people, scans, uploads, wishes
from fundraise.console.guard import only
from fundraise.console.paper_forms import BANKGIRO, AccountForm, PaperForm
from fundraise.console.shell import page
from fundraise.console.views.pledges import found
from fundraise.pledges.errors import OF_THE_ACCOUNT, PledgeError
from fundraise.pledges.models import Mandate, Pledge
from fundraise.providers import account_words
from fundraise.providers.autogiro.numbers import clean_bankgiro, shown_bankgiro
from fundraise.staff import rights

MAY = "mandates.key_in"


@require_http_methods(["GET", "POST"])
@only(MAY)
def paper_mandate(request: HttpRequest) -> HttpResponse:
    """A paper mandate becomes a signed monthly gift."""
    donor = _donor(request)
    form = PaperForm(
        request.POST if "account" in request.POST else None,
        request.FILES or None,
        entities=rights.entities(request.user, MAY),
        initial=_initial(request, donor),
    )
    doubles: list[Mandate] = []
    if form.is_valid():
        doubles = papers.doubles(form.cleaned_data["campaign"].entity_id, form.details())
        made = _keyed_in(request, form, donor, doubles)
        if made is not None:
            messages.success(request, _("The mandate is keyed in and goes to the bank."))
            return redirect("console:pledge", ref=made.ref)
    _say_too_heavy(request, form)
    return _form_page(request, form, _("Key in a mandate on paper"), doubles, donor=donor)


def _form_page(
    request: HttpRequest, form: AccountForm, title: str, doubles: list[Mandate], **more: Any
) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, "paper", title, status=status, form=form, doubles=doubles, **more)


def _say_too_heavy(request: HttpRequest, form: AccountForm) -> None:
    if uploads.was_too_heavy(request) and form.is_bound:
        form.errors.pop("scan", None)
        form.add_error("scan", str(scans.WRONG["too_heavy"]))


def _donor(request: HttpRequest) -> Donor | None:
    """The donor whose page led here, if the one who asks may see them."""
    asked = request.POST.get("donor") or request.GET.get("donor") or ""
    try:
        return people.visible_donors(request).filter(ref=UUID(asked)).first()
    except ValueError:
        return None


def _initial(request: HttpRequest, donor: Donor | None) -> dict[str, Any]:
    today = clock.today()
    first: dict[str, Any] = {"signed_on": today, "received_on": today, "day": 28}
    if donor is None:
        return first
    card = donors.read_card(donor_ref=donor.ref, by=access.by(request), purpose="staff.paper")
    values = {point.kind: point.value for point in reversed(card.contact_points)}
    post = values.get("postal")
    if isinstance(post, PostalAddress):
        lines = ", ".join(post.lines)
        first |= {"address": lines, "postcode": post.postcode, "city": post.city}
    name = card.name.full if card.name else ""
    known = {kind: values.get(kind, "") for kind in ("email", "phone")}
    return {**first, "name": name, "language": card.language, **known}


def _keyed_in(
    request: HttpRequest, form: PaperForm, donor: Donor | None, doubles: list[Mandate]
) -> Pledge | None:
    if not _is_sure(form, doubles):
        return None
    try:
        return papers.key_in(form, donor=donor, by=access.by(request))
    except PledgeError as error:
        form.add_error(_at(error), wishes.refusal(error.code))
    except DonorError:
        form.add_error(None, _("The donor was forgotten. Nothing was changed."))
    return None


def _at(error: PledgeError) -> str | None:
    """The field that a refusal is about, if it is about one."""
    return "account" if error.code in OF_THE_ACCOUNT else None


def _is_sure(form: AccountForm, doubles: list[Mandate]) -> bool:
    """A double is told once; who has looked ticks that it is another mandate."""
    if doubles and not form.cleaned_data["sure"]:
        form.add_error(
            "sure",
            _("There is a mandate with that account or number already. Look at it first, then tick "
              "and choose the file once more."),
        )  # fmt: skip
        return False
    return True


@require_http_methods(["GET", "POST"])
@only(MAY)
def paper_account(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Another account for a monthly gift, signed on paper; the old one draws until the yes."""
    row, today = found(request, ref, MAY), clock.today()
    form = AccountForm(
        request.POST if "account" in request.POST else None,
        request.FILES or None,
        initial={"signed_on": today, "received_on": today},
    )
    doubles: list[Mandate] = []
    if form.is_valid():
        doubles = papers.doubles(row.entity_id, form.details(), but=row.pk)
        if _is_sure(form, doubles):
            try:
                papers.new_account(row, form, by=access.by(request))
            except PledgeError as error:
                form.add_error(_at(error), wishes.refusal(error.code))
            else:
                said = _("The new account goes to the bank. The old one is drawn on until its yes.")
                messages.success(request, said)
                return redirect("console:pledge", ref=ref)
    _say_too_heavy(request, form)
    title = _("New account, on paper")
    return _form_page(request, form, title, doubles, pledge=row, entity=row.entity_id)


@require_POST
@only(MAY)
def look_at_account(request: HttpRequest) -> HttpResponse:
    """What can be said of an account while it is typed: its bank, or what is wrong with it."""
    typed = request.POST.get("account", "")[:60]
    if request.POST.get("variant") == BANKGIRO:
        return render(request, "console/_account_said.html", {"said": _bankgiro_said(typed)})
    return render(request, "console/_account_said.html", {"said": account_words.look(typed)})


def _bankgiro_said(typed: str) -> account_words.Look:
    try:
        number = clean_bankgiro(typed)
    except ValueError:
        wrong = _("Write the bankgiro number with seven or eight digits.")
        return account_words.Look(account_words.ERROR, "bankgiro", wrong)
    return account_words.Look(account_words.OK, "", "", f"Bankgiro {shown_bankgiro(number)}")
