"""Row locks. Every change of a donor's contact points, bases or keys takes the donor first."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from donors import normalise
from donors.errors import DonorError
from donors.models import Donor
from fundraise import crypto


def lock_giver(email: str) -> None:
    """Until the transaction ends, nobody else who asks for this address comes past here.

    Take it before match_giver when a giver who is not known is to be registered: two first gifts
    of one person, settled at the same moment, would make two donors otherwise.
    """
    lock_givers([email])


def lock_givers(emails: Iterable[str]) -> None:
    """The same for many addresses, in one order for everybody, so that nobody waits in a ring."""
    numbers = sorted({_giver_number(email) for email in emails})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) number", [numbers]
        )


def _giver_number(email: str) -> int:
    key = crypto.lookup_hash("giver_lock", normalise.email_key(email.strip()))[-8:]
    return int.from_bytes(key, "big", signed=True)


def lock_imports() -> None:
    """Until the transaction ends, no other member list is written: two lists of the same people,
    read side by side, would make them twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('donors.import'))")


def lock_donor(donor_id: int) -> Donor:
    """The donor, locked against other changes (not against new gifts that point at it)."""
    donor = Donor.objects.select_for_update(no_key=True).filter(pk=donor_id).first()
    if donor is None:
        raise DonorError("no_such_donor")
    return donor


def lock_two(first: UUID, second: UUID) -> tuple[Donor, Donor]:
    """Both, in the order of their numbers, so that two who do so never wait for each other.

    Raises DonorError: same_donor, no_such_donor.
    """
    if first == second:
        raise DonorError("same_donor")
    numbers = dict(Donor.objects.filter(ref__in=[first, second]).values_list("ref", "pk"))
    if len(numbers) != len({first, second}):
        raise DonorError("no_such_donor")
    locked = {pk: lock_donor(pk) for pk in sorted(numbers.values())}
    return locked[numbers[first]], locked[numbers[second]]


def lock_living_donor(donor_id: int) -> Donor:
    """The donor, locked. Raises DonorError("donor_erased") when there is nobody left to change."""
    donor = lock_donor(donor_id)
    if donor.status == Donor.Status.ERASED:
        raise DonorError("donor_erased")
    return donor
