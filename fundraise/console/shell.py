"""What is around every staff page: unfold's frame with our menu, style sheet and language."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from fundraise.console import access
from fundraise.ledger.models import LegalEntity
from fundraise.staff import rights

BASE, OUTSIDE = "console/base.html", "console/outside.html"


def page(
    request: HttpRequest,
    template: str,
    title: str,
    *,
    status: int = 200,
    entity: int | None = None,
    **context: Any,
) -> HttpResponse:
    """One staff page inside the frame; `entity` is the legal entity of the row that it shows."""
    frame = admin.site.each_context(request)
    can = access.Can(request.user, entity)
    context = {**frame, "title": title, "can": can, "base": BASE, **context}
    return render(request, f"console/{template}.html", context, status=status)


def outside(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page before the log-in, or on the way in: one card and no menu."""
    frame = admin.site.each_context(request)
    here = request.get_full_path()
    context = {**frame, "title": title, "base": OUTSIDE, "here": here, **context}
    return render(request, f"console/{template}.html", context, status=status)


def extra(request: HttpRequest) -> dict[str, Any]:
    """UNFOLD["GLOBAL_CALLBACK"]: our style sheet holds the colours, so no style is inline."""
    return {"colors": {}, "redirect_to": request.get_full_path()}


def stylesheet(_request: HttpRequest) -> str:
    """UNFOLD["STYLES"]."""
    return static("console/console.css")


def script(_request: HttpRequest) -> str:
    """UNFOLD["SCRIPTS"]."""
    return static("console/console.js")


def icon(_request: HttpRequest) -> str:
    """UNFOLD["SITE_FAVICONS"]."""
    return static("console/icon.svg")


def title(_request: HttpRequest) -> str:
    """UNFOLD["SITE_TITLE"] and ["SITE_HEADER"]."""
    return _("Fundraising")


def account_link(_request: HttpRequest) -> str:
    """UNFOLD["ACCOUNT"]["navigation"]: one's own log-in."""
    return _("My log-in")


def language_action(_request: HttpRequest) -> str:
    """UNFOLD["LANGUAGES"]["action"]: where the choice of language is sent."""
    return reverse("console:language")


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """UNFOLD["SIDEBAR"]["navigation"]: the pages that the one who asks may open."""
    groups = [
        _group("", [_item("front", _("Today"), "home")]),
        _group(
            _("Money"),
            [
                _item("day_proof", _("Today's proof"), "fact_check", "proof.view"),
                _item("statement_files", _("Bank"), "account_balance_wallet", "statements.view"),
                _item("exceptions", _("Exceptions"), "rule", "exceptions.view"),
                _item("gifts", _("Gifts"), "volunteer_activism", "gifts.view"),
                _item("year_statements", _("Yearly statements"), "receipt_long", "receipts.view"),
                _item("refunds", _("Refunds"), "undo", "refunds.view"),
                _item("disputes", _("Disputes"), "gavel", "disputes.view"),
                _item("payouts", _("Payouts"), "account_balance", "payouts.view"),
                _item("journals", _("Journals"), "menu_book", "journals.view"),
                _item("party", _("Party finance"), "how_to_vote", "party.view"),
                _item("months", _("Months"), "calendar_month", "periods.view"),
                _item("book_exports", _("SIE files"), "ios_share", "books.view"),
                *_of_charities(request),
            ],
        ),
        _group(
            _("Monthly giving"),
            [
                _item("pledges", _("Monthly gifts"), "autorenew", "pledges.view"),
                _item("mandates", _("Mandates"), "draw", "mandates.view"),
                _item("autogiro", _("Autogiro"), "event_repeat", "autogiro.view"),
            ],
        ),
        _group(
            _("Asking"),
            [
                _item("campaigns", _("Campaigns"), "flag", "campaigns.view"),
                _item("funds", _("Funds"), "savings", "campaigns.view"),
                _item("appeals", _("Appeals"), "outgoing_mail", "appeals.view"),
                _item("segments", _("Segments"), "filter_alt", "segments.view"),
                _item("journeys", _("Journeys"), "route", "appeals.view"),
                _item("templates", _("Templates"), "draft", "appeals.view"),
                _item("replies", _("Replies"), "forum", "mail.replies"),
                _item("senders", _("Senders"), "alternate_email", "mail.senders"),
                _item("suppressions", _("Not mailed"), "unsubscribe", "mail.suppressions"),
                _item("donors", _("Donors"), "group", "donors.view"),
                _item("imports", _("Member lists"), "upload_file", "donors.import"),
            ],
        ),
        _group(
            _("The house"),
            [
                _item("alarms", _("Alarms"), "notifications", "alarms.view"),
                _item("defence", _("Attacks"), "shield", "defence.view"),
                _item("jobs", _("Jobs"), "schedule", "jobs.view"),
                _item("events", _("Provider messages"), "inbox", "events.view"),
                _item("log", _("Change log"), "history", "log.view"),
                _item("settings", _("Settings"), "settings", "settings.view"),
                _item("entities", _("Legal entities"), "domain", "entities.view"),
                _item("exports", _("Files taken out"), "download", "exports.view"),
                _item("privacy", _("Data protection"), "shield", "privacy.view"),
                _item("go_live", _("Going live"), "rocket_launch", "golive.view", "ops"),
                _item("staff", _("Staff"), "badge", "staff.view"),
                _item("keys", _("Keys"), "key", "keys.view"),
                _item("webhooks", _("Webhooks"), "webhook", "webhooks.view"),
            ],
        ),
    ]
    shown = [{**group, "items": _open_to(request, group["items"])} for group in groups]
    _mark(request.path, [item for group in shown for item in group["items"]])
    return [group for group in shown if group["items"]]


def _mark(path: str, items: list[dict[str, Any]]) -> None:
    """The page that is open, or the one it lies under: the longest address, and only that one."""
    front = str(reverse_lazy("console:front"))
    over = [str(one["link"]) for one in items if path.startswith(str(one["link"]))]
    nearest = max((link for link in over if link != front or path == front), key=len, default="")
    for item in items:
        item["active"] = str(item["link"]) == nearest


def _of_charities(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands in the menu only where a legal entity of one's own is a charity."""
    mine = rights.entities(request.user, "charity.view")
    if not LegalEntity.objects.filter(pk__in=mine, kind=LegalEntity.Kind.CHARITY).exists():
        return []
    return [_item("charity", _("Charity"), "diversity_1", "charity.view")]


def _group(title: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "items": items, "separator": bool(title)}


def _item(
    name: str, title: str, icon: str, needs: str = "", space: str = "console"
) -> dict[str, Any]:
    """A page in the menu, and the permission that it needs (none: every member of staff)."""
    return {"title": title, "icon": icon, "link": reverse_lazy(f"{space}:{name}"), "needs": needs}


def _open_to(request: HttpRequest, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    may = rights.of(request.user).somewhere
    return [item for item in items if not item["needs"] or may(item["needs"])]


def title_of_day() -> str:
    """The title of the front page."""
    return _("Today")


def title_of_identity() -> str:
    """The title of the list that the party-finance law wants."""
    return _("Givers whose identity the law wants")
