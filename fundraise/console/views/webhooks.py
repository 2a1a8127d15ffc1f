"""Where facts are sent to: endpoints, their secrets, what was sent and what comes again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.console import access
from fundraise.console.access_forms import EndpointForm
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.deliveries import DELIVERIES
from fundraise.console.tables.page import list_page
from fundraise.hooks import services
from fundraise.hooks.addresses import AddressRefused
from fundraise.hooks.kinds import KINDS
from fundraise.hooks.models import Delivery, Endpoint
from fundraise.staff import rights

REFUSALS = {
    "not_https": gettext_lazy("The address must begin with https://."),
    "not_an_address": gettext_lazy("Write the whole address, such as https://example.se/facts."),
    "unknown_host": gettext_lazy("No server of this name was found. Is it written right?"),
    "own_network": gettext_lazy("This server can't be reached from the internet."),
}


@only("webhooks.view", post="webhooks.manage")
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every endpoint; a new one by the form."""
    form = EndpointForm(rights.of(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_endpoint(**form.cleaned_data, by=access.by(request))
        except AddressRefused as refused:
            form.add_error("url", str(REFUSALS[refused.code]))
        else:
            return _with_secret(request, made)
    status = 422 if form.errors else 200
    waiting = Count("deliveries", filter=Q(deliveries__state="waiting"))
    failed = Count("deliveries", filter=Q(deliveries__state="failed"))
    rows = Endpoint.objects.select_related("entity").annotate(waiting=waiting, failed=failed)
    found = rows.order_by("-is_active", "name", "pk")
    return page(request, "webhooks", _("Webhooks"), status=status, form=form, endpoints=found)


def _with_secret(request: HttpRequest, made: services.Secret) -> HttpResponse:
    return page(request, "webhook_secret", _("The secret"), endpoint=made.endpoint, text=made.text)


@require_GET
@only("webhooks.view")
def webhook(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One endpoint."""
    endpoint = get_object_or_404(Endpoint.objects.select_related("entity"), ref=ref)
    until = endpoint.old_until
    return page(
        request,
        "webhook",
        endpoint.name,
        endpoint=endpoint,
        kinds=[KINDS[kind] for kind in endpoint.kinds if kind in KINDS],
        both_until=until if until is not None and until > clock.real_now() else None,
        last=endpoint.deliveries.order_by("-pk")[:10],
    )


@action("webhooks.manage")
def change_secret(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A new secret, shown once."""
    endpoint = get_object_or_404(Endpoint, ref=ref)
    return _with_secret(request, services.change_secret(endpoint.pk, by=access.by(request)))


@action("webhooks.manage")
def pause_webhook(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Send nothing more there."""
    endpoint = get_object_or_404(Endpoint, ref=ref)
    services.pause(endpoint.pk, why="staff", by=access.by(request))
    messages.success(request, _("Nothing is sent there until you resume it. Facts are not kept."))
    return redirect("console:webhook", ref)


@action("webhooks.manage")
def resume_webhook(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Send there again."""
    endpoint = get_object_or_404(Endpoint, ref=ref)
    services.resume(endpoint.pk, by=access.by(request))
    messages.success(request, _("Facts are sent there again, first those that waited."))
    return redirect("console:webhook", ref)


@action("webhooks.manage")
def try_webhook(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Send a message that says nothing."""
    services.ping(get_object_or_404(Endpoint, ref=ref), by=access.by(request))
    messages.success(request, _("A trial is on its way. Load the page again to see its answer."))
    return redirect("console:webhook", ref)


@require_GET
@only("webhooks.view")
def deliveries(request: HttpRequest) -> HttpResponse:
    """What was sent and what waits, the newest first."""
    return list_page(request, DELIVERIES)


@action("webhooks.manage", back="../../")
def replay_delivery(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Send one once more, under the same id."""
    services.replay(get_object_or_404(Delivery, ref=ref).pk, by=access.by(request))
    messages.success(request, _("It is sent once more, under the same id."))
    return redirect("console:deliveries")
