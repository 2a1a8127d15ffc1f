"""The doors of this package: every change of a donor goes through one of these.

Each takes `by` ("staff:<id>", "system:<task>", "donor:<ref>"), is one transaction, and leaves an
audit line and a DonorChanged fact. A refusal is a DonorError with a code. None of them is for a
public form to change a known donor with: `match_giver` only tells who a giver may be.
"""

from __future__ import annotations

from donors.cards import read_card, read_identity
from donors.locks import lock_giver, lock_living_donor
from donors.queries import find_by_email, match_giver
from donors.rotation import Rotation, rotate_keys
from donors.services.apart import take_back_apart, tell_apart
from donors.services.bases import (
    end_membership,
    ensure_first_wordings,
    give_consent,
    object_to,
    publish_wording,
    record_membership,
    record_regular_contact,
    withdraw_consent,
)
from donors.services.bulk import register_donors
from donors.services.contacts import (
    add_contact_point,
    confirm_contact_point,
    make_primary,
    mark_addresses_bouncing,
    mark_bouncing,
    remove_contact_point,
)
from donors.services.ends import (
    allow_contact,
    record_death,
    refuse_contact,
    withdraw_death,
)
from donors.services.identities import record_identity, remove_identity
from donors.services.merging import merge_donors
from donors.services.people import (
    forget_donor,
    register_donor,
    release_donor,
    rename_donor,
    restrict_donor,
    set_language,
)
from donors.services.tags import tag_donor, untag_donor

__all__ = [
    "Rotation",
    "add_contact_point",
    "allow_contact",
    "confirm_contact_point",
    "end_membership",
    "ensure_first_wordings",
    "find_by_email",
    "forget_donor",
    "give_consent",
    "lock_giver",
    "lock_living_donor",
    "make_primary",
    "mark_addresses_bouncing",
    "mark_bouncing",
    "match_giver",
    "merge_donors",
    "object_to",
    "publish_wording",
    "read_card",
    "read_identity",
    "record_death",
    "record_identity",
    "record_membership",
    "record_regular_contact",
    "refuse_contact",
    "register_donor",
    "register_donors",
    "release_donor",
    "remove_contact_point",
    "remove_identity",
    "rename_donor",
    "restrict_donor",
    "rotate_keys",
    "set_language",
    "tag_donor",
    "take_back_apart",
    "tell_apart",
    "untag_donor",
    "withdraw_consent",
    "withdraw_death",
]
