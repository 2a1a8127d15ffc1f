"""A mandate from paper becomes a monthly gift, signed by its scan; a look for doubles before."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from donors.models import Donor
from fundraise.audit import services as audit
from fundraise.console.actions import noon
from fundraise.console.paper_forms import AccountForm, PaperForm
from fundraise.console.scans import Scan
from fundraise.pledges import sealing, states
from fundraise.pledges.models import Mandate, Pledge, Signature
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import linking, mandates, starting
from fundraise.pledges.services.starting import NewPledge, Signed


def doubles(entity_id: int, details: AccountDetails, but: int | None = None) -> list[Mandate]:
    """Mandates of the entity that are not over and have the same account or the same holder."""
    same = Q(account_hash=sealing.account_hash(details.account16))
    same |= Q(identity_hash=sealing.identity_hash(details.identity12))
    rows = Mandate.objects.filter(same, entity_id=entity_id).select_related("pledge")
    living = rows.exclude(state__in=states.OVER_MANDATE)
    return list((living.exclude(pledge_id=but) if but else living).order_by("-pk")[:5])


def key_in(form: PaperForm, *, donor: Donor | None, by: str) -> Pledge:
    """A monthly gift with its signed mandate, in one transaction. Raises PledgeError."""
    said = form.cleaned_data
    new = NewPledge(
        campaign=said["campaign"],
        amount_ore=said["amount_ore"],
        day=said["day"],
        giver=form.giver(),
        interval_months=said["interval_months"],
        language=said["language"],
        origin="staff",
    )
    with transaction.atomic():
        pledge = starting.start_pledge(new, form.new_account(said["language"]))
        if donor is not None:
            linking.choose_donor(pledge.pk, donor, by=by)
        _sign(pledge.mandates.get(), said, by)
    return pledge


def new_account(pledge: Pledge, form: AccountForm, *, by: str) -> Mandate:
    """Another account for a monthly gift, signed on paper. Raises PledgeError."""
    said = form.cleaned_data
    with transaction.atomic():
        mandate = mandates.new_account(
            pledge.pk,
            form.new_account(pledge.language),
            by=by,
            channel="letter",
            received_at=noon(said["received_on"]),
        )
        _sign(mandate, said, by)
    return mandate


def _sign(mandate: Mandate, said: dict[str, Any], by: str) -> None:
    scan: Scan = said["scan"]
    received: date = said["received_on"]
    evidence = {
        "sha256": hashlib.sha256(scan.body).hexdigest(),
        "bytes": len(scan.body),
        "received_on": received.isoformat(),
    }
    signed = Signed(Signature.Way.PAPER, evidence, noon(said["signed_on"]), scan.body, scan.type)
    starting.sign(mandate.pk, signed, by=by)
    audit.log_change(
        by=by,
        action="mandate.keyed_in",
        subject_type="mandate",
        subject_ref=mandate.ref,
        after={"signed_on": said["signed_on"].isoformat(), "received_on": received.isoformat()},
    )
