"""Legal entities: books and accounts to read, contact details to change, districts to add.

Where money goes is not changed here: that needs two people, and whoever runs the server.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.console import access, log_words, words
from fundraise.console.entity_forms import ContactForm, DistrictForm
from fundraise.console.guard import only
from fundraise.console.shell import page
from fundraise.gifts import identity
from fundraise.ledger import entities as ledger
from fundraise.ledger.models import LegalEntity
from fundraise.staff import rights

SLUG_TAKEN = gettext_lazy("Another legal entity has that short name. Choose another one.")


@require_GET
@only("entities.view")
def entities(request: HttpRequest) -> HttpResponse:
    """Every legal entity that one's role covers, with books, series and accounts."""
    rows = access.scope(request, LegalEntity.objects.all(), "entities.view", "pk")
    related = rows.select_related("parent", "payer_range").order_by("pk")
    related = related.prefetch_related("accounts", "series", "accounts_with", "districts")
    today, changed = clock.today(), rights.entities(request.user, "entities.change")
    shown = [
        (row, words.entity_kind(row.kind), identity.threshold_ore(row, today), row.pk in changed)
        for row in related
    ]
    return page(request, "entities", _("Legal entities"), entities=shown)


@require_http_methods(["GET", "HEAD", "POST"])
@only("entities.change")
def entity(request: HttpRequest, ref: UUID) -> HttpResponse:
    """How givers reach an entity, and its words on their bank statements."""
    row = access.found(request, LegalEntity.objects.all(), "entities.change", "pk", ref=ref)
    initial = {name: getattr(row, name) for name in ledger.CONTACT}
    form = ContactForm(request.POST if "email" in request.POST else None, initial=initial)
    if form.is_valid():
        try:
            ledger.change_contact(row, by=access.by(request), **form.cleaned_data)
        except ValidationError as error:
            form.show(error)
        else:
            messages.success(request, _("The contact details are saved."))
            return redirect("console:entity", ref=ref)
    return page(
        request,
        "entity",
        row.name,
        status=422 if form.errors else 200,
        entity=row.pk,
        form=form,
        changes=log_words.changes_of("legal_entity", row.ref),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only("entities.change")
def new_district(request: HttpRequest) -> HttpResponse:
    """A district, begun with books of its own."""
    mine = rights.entities(request.user, "entities.change")
    form = DistrictForm(request.POST if "slug" in request.POST else None, entities=mine)
    made = _made(request, form) if form.is_valid() else None
    if made is not None:
        said = _("%(name)s is made, with its books. Give somebody a role for it under Staff.")
        messages.success(request, said % {"name": made.name})
        return redirect("console:entities")
    status = 422 if form.errors else 200
    return page(request, "entity_new", _("A new district"), status=status, form=form)


def _made(request: HttpRequest, form: DistrictForm) -> LegalEntity | None:
    said, above = form.cleaned_data, form.cleaned_data["parent"]
    try:
        with transaction.atomic():
            return ledger.create_entity(by=access.by(request), kind=above.kind, **said)
    except ValidationError as error:
        form.show(error)
    except IntegrityError:  # somebody took the short name a moment earlier
        form.add_error("slug", str(SLUG_TAKEN))
    return None
