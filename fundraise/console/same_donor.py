"""Two records beside each other, for a person who says whether they are one donor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Sum
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import merged, queries, services
from donors.cards import DonorCard
from donors.models import Donor, DonorMerge, DonorsApart
from donors.services import merging
from donors.values import PostalAddress
from fundraise.console import access, people, words
from fundraise.gifts.models import Gift
from fundraise.gifts.queries import STANDING_ORE
from fundraise.pledges.models import Pledge
from mailings.suppressions import queries as suppressions

Text = str | Promise
LIVE = [Pledge.State.PENDING, Pledge.State.ACTIVE, Pledge.State.PAUSED, Pledge.State.HALTED]
SPEAKS: dict[str, Text] = {
    "number": gettext_lazy("the same identity number"),
    "email": gettext_lazy("the same e-mail address"),
    "phone": gettext_lazy("the same phone number"),
    "name": gettext_lazy("the same name"),
}
REFUSALS: dict[str, Text] = {
    "same_donor": gettext_lazy("It is one and the same record. Nothing was changed."),
    "merged_elsewhere": gettext_lazy(
        "The other record was merged into another donor before. Nothing was changed."
    ),
    "donor_erased": gettext_lazy("One of the two was forgotten. Nothing was changed."),
    "donor_restricted": gettext_lazy(
        "One of the two is kept and not used, as the donor asked. That ends first. Nothing was"
        " changed."
    ),
    "kinds_differ": gettext_lazy(
        "One is a person and the other an organisation, so they are two. Nothing was changed."
    ),
    "said_apart": gettext_lazy(
        "Somebody said meanwhile that they are two. Nothing was changed: read what was said first."
    ),
    "identities_differ": gettext_lazy(
        "They have different identity numbers, so they are two. If one number is wrong, correct it"
        " first. Nothing was changed."
    ),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two as the page shows it."""

    card: DonorCard = field(repr=False)
    gifts: int
    ore: int
    running: int
    ended: int
    yes: tuple[str, ...]
    no: tuple[str, ...]
    not_mailed: tuple[str, ...] = field(repr=False)
    statements: int
    died: bool
    no_contact: bool

    @property
    def name(self) -> str:
        return self.card.name.full if self.card.name is not None else ""

    @property
    def lines(self) -> list[str]:
        """Addresses and phone numbers, a line each."""
        return [_line(one.value) for one in self.card.contact_points]

    @property
    def yes_words(self) -> str:
        return _purposes(self.yes)

    @property
    def no_words(self) -> str:
        return _purposes(self.no)


def _purposes(codes: Sequence[str]) -> str:
    return ", ".join(str(words.PURPOSES.get(one, one)) for one in codes)


def _line(value: str | PostalAddress) -> str:
    if isinstance(value, str):
        return value
    return ", ".join([*value.lines, f"{value.postcode} {value.city}"])


def side_of(request: HttpRequest, donor: Donor) -> Side:
    """Everything that speaks for one or two, opened; the read log says who looked."""
    card = services.read_card(donor_ref=donor.ref, by=access.by(request), purpose="staff.merge")
    gifts = Gift.objects.filter(donor=donor, state=Gift.State.RECEIVED).order_by()
    sums = gifts.aggregate(number=Count("pk"), ore=Sum(STANDING_ORE))
    pledges = Pledge.objects.filter(donor=donor)
    purposes = sorted({row.purpose for row in card.legal_bases})
    return Side(
        card=card,
        gifts=sums["number"],
        ore=sums["ore"] or 0,
        running=pledges.filter(state__in=LIVE).count(),
        ended=pledges.filter(state=Pledge.State.ENDED).count(),
        yes=tuple(one for one in purposes if queries.may(donor.pk, one)),
        no=tuple(one for one in purposes if queries.says_no(donor.pk, one)),
        not_mailed=tuple(_not_mailed(card)),
        statements=people.statements_of(request, donor.pk).count(),
        died=donor.died_on is not None,
        no_contact=donor.no_contact_at is not None,
    )


def _not_mailed(card: DonorCard) -> list[str]:
    """Addresses that are not mailed, with why."""
    told = []
    for point in card.contact_points:
        if point.kind == "email" and isinstance(point.value, str):
            rows = suppressions.of_address(point.value).filter(lifted_at=None)
            told += [f"{point.value}: {row.get_reason_display()}" for row in rows]
    return told


def speaks(shared: Sequence[str]) -> str:
    """What two records have in common, as words."""
    return ", ".join(str(SPEAKS[one]) for one in shared)


def alike(request: HttpRequest, donor: Donor) -> list[tuple[Donor, str]]:
    """Who may be the same, of those that the one who asks may see."""
    found = merged.alike(donor.pk)
    seen = people.visible_donors(request).filter(pk__in=[one.donor.pk for one in found])
    visible = set(seen.values_list("pk", flat=True))
    return [(one.donor, speaks(one.shared)) for one in found if one.donor.pk in visible]


@dataclass(frozen=True, slots=True)
class Apart:
    """A record that was said to be another donor; `may`: who asks may take it back."""

    said: DonorsApart
    other: Donor
    may: bool


def apart(request: HttpRequest, donor: Donor) -> list[Apart]:
    """Whom a donor was told apart from, of those that the one who asks may see."""
    said = {row.other(donor.pk): row for row in merged.apart(donor.pk)}
    if not said:
        return []
    seen = people.visible_donors(request).in_bulk(said)
    may = set(may_merge(request, [donor.pk, *seen]))
    return [Apart(row, seen[pk], may >= {donor.pk, pk}) for pk, row in said.items() if pk in seen]


def may_merge(request: HttpRequest, donor_ids: Sequence[int]) -> list[int]:
    """Which of these records the one who asks may say are one, or two."""
    visible = people.visible_donors(request, "donors.merge").filter(pk__in=donor_ids)
    return list(visible.values_list("pk", flat=True))


def merges(donor: Donor) -> list[tuple[DonorMerge, str]]:
    """What was merged into a donor, each with the other name that it stood under."""
    rows = list(DonorMerge.objects.filter(kept=donor).select_related("gone").order_by("-at"))
    if not rows or donor.status == Donor.Status.ERASED:
        return [(row, "") for row in rows]
    names = merging.names_of(donor)
    return [(row, names.get(row.gone_id, "")) for row in rows]


def refused(code: str) -> str:
    """Why two are not made one, and what to do."""
    return str(REFUSALS.get(code) or _("That can't be done. Nothing was changed."))
