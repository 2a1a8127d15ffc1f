"""Several processes change one donor at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from donors import queries
from donors import services as donors
from donors.errors import DonorError
from donors.models import ContactPoint, Donor, DonorKey, Identity, LegalBasis
from fundraise.audit.models import ChangeLine
from tests.donors.givers import BY, SHARED, register

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """The outcome of each call, run in threads with connections of their own."""

    def run(call: Callable[[], Any]) -> str:
        try:
            call()
        except DonorError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_address_added_eight_times_at_once_is_one() -> None:
    anna = register(email="")

    def add() -> None:
        donors.add_contact_point(
            donor_id=anna.pk, kind="email", value=SHARED, source="staff", by=BY
        )

    assert at_once(*[add] * 8) == ["done"] * 8
    assert ContactPoint.objects.get().is_primary is True
    assert ChangeLine.objects.filter(action="donor.contact_point.added").count() == 1


def test_eight_first_gifts_of_one_giver_make_one_donor() -> None:
    def settle() -> None:
        with transaction.atomic():
            donors.lock_giver(SHARED.upper())
            if donors.match_giver(email=SHARED, name="Anna Lind").outcome == "none":
                register()

    assert at_once(*[settle] * 8) == ["done"] * 8
    assert Donor.objects.count() == 1


def test_one_consent_given_eight_times_at_once_is_one() -> None:
    anna = register()
    donors.ensure_first_wordings()
    wording = queries.current_wording("appeals")
    assert wording is not None

    def give() -> None:
        donors.give_consent(donor_id=anna.pk, wording=wording, source="x", proof="form:1", by=BY)

    assert at_once(*[give] * 8) == ["done"] * 8
    assert LegalBasis.objects.count() == 1


def test_an_objection_and_a_withdrawal_at_once_leave_a_refusal() -> None:
    anna = register()

    def object_to() -> None:
        donors.object_to(donor_id=anna.pk, purpose="appeals", source="mail_link", by=BY)

    assert at_once(*[object_to] * 8) == ["done"] * 8
    assert (LegalBasis.objects.count(), queries.may(anna.pk, "appeals")) == (1, False)
    assert ChangeLine.objects.filter(action="donor.objected").count() == 1


def test_nothing_is_added_to_a_donor_who_is_forgotten_meanwhile() -> None:
    anna = register()

    def add() -> None:
        donors.record_identity(
            donor_id=anna.pk, kind="organisation_number", number="5560360793", source="x", by=BY
        )

    def forget() -> None:
        donors.forget_donor(donor_ref=anna.ref, by=BY, reason="asked")

    outcomes = at_once(add, forget, add, forget, add)
    assert set(outcomes) <= {"done", "donor_erased"}
    assert (Identity.objects.count(), ContactPoint.objects.count()) == (0, 0)
    assert (DonorKey.objects.count(), Donor.objects.get().status) == (0, "erased")
    assert ChangeLine.objects.filter(action="donor.forgotten").count() == 1
