"""Every role's key, for its own entity and for another, at every endpoint of the API."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from api import entries
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.keys import services as keys
from fundraise.ledger.models import Journal
from fundraise.pledges.models import Collection, Instalment
from fundraise.providers.models import Account
from fundraise.staff import rights
from fundraise.staff.entries import ANYBODY, Entry
from fundraise.staff.models import RoleHeld
from tests.api import mail_rows
from tests.api.conftest import Api
from tests.console import bookkeeping, partying
from tests.console.districts import Land, make_land
from tests.console.house import House
from tests.console.matrix import tie_donor
from tests.matrix import ACTORS, FULL, Actor, allowed, snapshot, tells

ENTRIES = sorted(entries.entries())
NOTED = ("keys", "limits")  # that a key was used, and how often
Body = Callable[[House], Any]


def _nothing(_house: House) -> Any:
    return {}


@dataclass(frozen=True)
class Row:
    """How an endpoint is asked about a house.

    `chosen`: its body names a row of the house. `whole`: it wants a key for every entity.
    `shared`: its row belongs to no entity. `more`: what else its address holds.
    """

    at: Callable[[House], uuid.UUID] | None = None
    send: Body = _nothing
    done: int = 200
    chosen: bool = False
    whole: bool = False
    shared: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def _gift(house: House) -> Any:
    return {
        "campaign": str(house.campaign.ref), "amount_ore": 100_00, "channel": "cash",
        "received_on": clock.today().isoformat(), "proof": f"new {house.campaign.slug}",
    }  # fmt: skip


def _campaign(house: House) -> Any:
    return {
        "entity": str(house.campaign.entity.ref), "slug": f"ny-{house.campaign.slug}",
        "title_sv": "Ny", "title_en": "New", "purpose_sv": "Ny.", "purpose_en": "New.",
        "starts_on": "2026-11-01",
    }  # fmt: skip


def _fund(house: House) -> Any:
    entity = house.campaign.entity
    return {"entity": str(entity.ref), "name_sv": f"Unga {entity.pk}", "name_en": f"Y {entity.pk}"}


def _start(house: House) -> Any:
    return {"campaign": house.campaign.slug, "amount_ore": 100_00, "method": "swish_number",
            "giver": {"name": "Björn Testgren", "email": "b@example.se", "member": True,
                      "register_version": 1}}  # fmt: skip


def _start_pledge(house: House) -> Any:
    return {**_start(house), "method": "autogiro", "account": ACCOUNT}


def _pledge(house: House) -> uuid.UUID:
    return house.giving.pledge.ref


def _draw(house: House) -> Collection:
    drawn = Collection.objects.filter(instalment__pledge=house.giving.pledge)
    return drawn.select_related("instalment").order_by("pk")[0]


def _out_file(house: House) -> uuid.UUID:
    return house.giving.doubt.ref


def _in_file(house: House) -> uuid.UUID:
    return house.giving.in_file.ref


def _bank(name: str) -> Callable[[House], uuid.UUID]:
    def ref(house: House) -> uuid.UUID:
        found: uuid.UUID = getattr(house.banking, name).ref
        return found

    return ref


def _in(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def _journal(house: House) -> uuid.UUID:
    return Journal.objects.filter(entity=house.campaign.entity).order_by("pk")[0].ref


def _appeal(house: House) -> Any:
    return {"campaign": str(house.campaign.ref), "title": "Nytt"}


def _count(house: House) -> Any:
    return {"campaign": str(house.campaign.ref), "tree": {"is": "has_email"}}


def _code(house: House) -> Any:
    return {"campaign": str(house.campaign.ref), "code": f"ny-{house.campaign.slug}", "label": "Ny"}


def _no_days(house: House) -> Any:
    entity = str(house.campaign.entity.ref)
    return {"entity": entity, "from_day": "2026-01-01", "to_day": "2026-01-31"}


def _closed_month(house: House) -> Any:
    closed = bookkeeping.closing_of(house.campaign.entity)
    return {"entity": str(closed.entity.ref), "first_day": str(closed.first_day)}


LINK = {"language": "sv", "number": 1, "target": "https://party.example/ny", "why": "flyttad"}
SEGMENT = {"name": "Alla", "tree": {"all": []}}
WORDS = {"language": "en", "edition": 0, "subject": "Now"}
WISH = {"channel": "phone"}
ACCOUNT = {"account": "8327-9 994 123 4", "identity_number": "19811228-9874",
           "mandate_version": 1}  # fmt: skip
PERSON = {"given_name": "Anna", "family_name": "Provsson"}
REFUND = {"amount_ore": 100, "reason": "fel"}
CONSENT = {"purpose": "appeals", "version": 1, "proof": "form:1"}
EMAIL = {"kind": "email", "value": "anna@example.se"}
ROWS: dict[tuple[str, str], Row] = {
    ("me", "GET"): Row(),
    ("funds", "GET"): Row(),
    ("funds", "POST"): Row(send=_fund, done=201, chosen=True),
    ("fund", "GET"): Row(lambda h: h.campaign.fund.ref),
    ("fund", "PATCH"): Row(lambda h: h.campaign.fund.ref, lambda _: {"purpose_sv": "Nytt."}),
    ("campaigns", "GET"): Row(),
    ("campaigns", "POST"): Row(send=_campaign, done=201, chosen=True),
    ("campaign", "GET"): Row(lambda h: h.campaign.ref),
    ("campaign", "PATCH"): Row(lambda h: h.campaign.ref, lambda _: {"title_sv": "Nytt"}),
    ("gifts", "GET"): Row(),
    ("gifts", "POST"): Row(send=_gift, done=201, chosen=True),
    ("gift", "GET"): Row(lambda h: h.card.ref),
    ("gift_giver", "GET"): Row(lambda h: h.card.ref),
    ("confirm_gift", "POST"): Row(
        lambda h: h.waiting.ref,
        lambda h: {"seen_on": clock.today().isoformat(), "proof": f"bank {h.campaign.slug}"},
    ),
    ("link_gift", "POST"): Row(lambda h: h.cash.ref, lambda h: {"donor": str(h.donor.ref)}),
    ("gift_refunds", "POST"): Row(lambda h: h.card.ref, lambda _: REFUND, 201),
    ("refunds", "GET"): Row(),
    ("refund", "GET"): Row(lambda h: h.awaiting.ref),
    ("disputes", "GET"): Row(),
    ("donors", "GET"): Row(),
    ("donors", "POST"): Row(send=lambda _: PERSON, done=201, whole=True),
    ("donor_search", "POST"): Row(send=lambda _: {"text": "Björn Testgren"}),
    ("donor", "GET"): Row(lambda h: h.donor.ref),
    ("contacts", "POST"): Row(lambda h: h.donor.ref, lambda _: EMAIL, 201),
    ("consents", "POST"): Row(lambda h: h.donor.ref, lambda _: CONSENT, 201),
    ("withdraw", "POST"): Row(lambda h: h.donor.ref, lambda _: {"purpose": "appeals"}),
    ("wordings", "GET"): Row(),
    ("payouts", "GET"): Row(),
    ("reports", "GET"): Row(),
    ("report", "GET"): Row(lambda house: partying.report(house)["ref"]),
    ("report_givers", "GET"): Row(lambda house: partying.report(house)["ref"]),
    ("payout", "GET"): Row(lambda h: h.payout.ref),
    ("payout_lines", "GET"): Row(lambda h: h.payout.ref),
    ("journals", "GET"): Row(),
    ("journal", "GET"): Row(_journal),
    ("book_exports", "GET"): Row(),
    ("book_exports", "POST"): Row(send=_no_days, done=409, chosen=True),
    ("book_export", "GET"): Row(lambda h: bookkeeping.export_of(h).ref),
    ("fetch_book_export", "POST"): Row(lambda h: bookkeeping.export_of(h).ref),
    ("periods", "GET"): Row(),
    ("year_together", "GET"): Row(more={"year": 2026}),
    ("month_together", "GET"): Row(more={"year": 2026, "month": 11}),
    ("closings", "GET"): Row(),
    ("closings", "POST"): Row(send=_closed_month, done=409, chosen=True),
    ("job_runs", "GET"): Row(),
    ("public_gifts", "POST"): Row(send=_start, done=201, chosen=True),
    ("public_pledges", "POST"): Row(send=_start_pledge, done=201, chosen=True),
    ("pledges", "GET"): Row(),
    ("pledge", "GET"): Row(_pledge),
    ("pledge_changes", "GET"): Row(_pledge),
    ("change_pledge", "POST"): Row(_pledge, lambda _: {**WISH, "amount_ore": 300_00}),
    ("skip_pledge", "POST"): Row(_pledge, lambda _: WISH),
    ("unskip_pledge", "POST"): Row(_pledge, lambda _: {**WISH, "period": "2026-09-01"}, 409),
    ("pause_pledge", "POST"): Row(_pledge, lambda _: {**WISH, "until": _in(40)}),
    ("resume_pledge", "POST"): Row(_pledge, lambda _: WISH, 409),
    ("stop_pledge", "POST"): Row(_pledge, lambda _: WISH),
    ("mandates", "GET"): Row(),
    ("mandate", "GET"): Row(lambda h: h.giving.mandate.ref),
    ("instalments", "GET"): Row(),
    ("instalment", "GET"): Row(lambda h: _draw(h).instalment.ref),
    ("collections", "GET"): Row(),
    ("collection", "GET"): Row(lambda h: _draw(h).ref),
    ("csv_mappings", "GET"): Row(),
    ("statement_files", "GET"): Row(),
    ("statement_files", "POST"): Row(send=lambda _: {"content": "bm8gZmlsZQ=="}, done=201),
    ("statement_file", "GET"): Row(_bank("file")),
    ("book_statement", "POST"): Row(_bank("file")),
    ("bank_items", "GET"): Row(),
    ("bank_item", "GET"): Row(_bank("item")),
    ("matches", "GET"): Row(),
    ("take_match", "POST"): Row(_bank("match"), done=409),  # its file is not booked
    ("refuse_match", "POST"): Row(_bank("match"), done=409),
    ("undo_match", "POST"): Row(_bank("match"), lambda _: {"why": "fel"}, done=409),
    ("exceptions", "GET"): Row(),
    ("proof", "GET"): Row(),
    ("giro_out_files", "GET"): Row(),
    ("giro_out_file", "GET"): Row(_out_file),
    ("giro_orders", "GET"): Row(_out_file),
    ("giro_out_content", "GET"): Row(_out_file, done=409),  # in doubt: settle it first
    ("giro_in_files", "GET"): Row(),
    ("giro_in_files", "POST"): Row(send=lambda _: {"content": "bm8gZmlsZQ=="}, done=201),
    ("giro_in_file", "GET"): Row(_in_file),
    ("giro_rows", "GET"): Row(_in_file),
    ("segments", "GET"): Row(),
    ("segments", "POST"): Row(send=lambda _: SEGMENT, done=201, whole=True),
    ("segment", "GET"): Row(mail_rows.segment, shared=True),
    ("segment", "PATCH"): Row(mail_rows.segment, lambda _: {"name": "Nytt"}, whole=True),
    ("save_segment", "POST"): Row(
        mail_rows.segment, lambda _: {"tree": {"all": []}, "made_from": 1}, whole=True
    ),
    ("archive_segment", "POST"): Row(mail_rows.segment, whole=True),
    ("count_segment", "POST"): Row(send=_count, whole=True),
    ("sample_segment", "POST"): Row(send=lambda _: {"tree": {"all": []}}, whole=True),
    ("appeals", "GET"): Row(),
    ("appeals", "POST"): Row(send=_appeal, done=201, chosen=True),
    ("appeal", "GET"): Row(mail_rows.draft),
    ("appeal", "PATCH"): Row(mail_rows.draft, lambda _: {"edition": 1, "title": "Nytt"}),
    ("appeal_words", "GET"): Row(mail_rows.draft),
    ("appeal_words", "POST"): Row(mail_rows.draft, lambda _: WORDS),
    ("add_variant", "POST"): Row(mail_rows.draft, done=201),
    ("remove_variant", "POST"): Row(mail_rows.draft, lambda _: {"variant": "B"}),
    ("set_trial", "POST"): Row(mail_rows.draft, lambda _: {"percent": 20}, 409),
    ("drop_trial", "POST"): Row(mail_rows.draft),
    ("preflight", "GET"): Row(mail_rows.draft),
    ("test_appeal", "POST"): Row(mail_rows.draft, lambda _: {"language": "sv"}, 409),
    ("make_letters", "POST"): Row(mail_rows.going),
    ("schedule_appeal", "POST"): Row(mail_rows.draft, lambda _: {"edition": 1}, 409),
    ("unschedule_appeal", "POST"): Row(mail_rows.waiting),
    ("pause_appeal", "POST"): Row(mail_rows.going),
    ("resume_appeal", "POST"): Row(mail_rows.going, done=409),
    ("cancel_appeal", "POST"): Row(mail_rows.draft, lambda _: {"why": "fel"}),
    ("copy_appeal", "POST"): Row(mail_rows.draft, done=201),
    ("remind_appeal", "POST"): Row(mail_rows.going, done=201),
    ("waves", "GET"): Row(mail_rows.going),
    ("release_wave", "POST"): Row(mail_rows.going, more={"number": 1}),
    ("batches", "GET"): Row(),
    ("settle_doubt", "POST"): Row(
        mail_rows.doubt, lambda _: {"left": True, "why": "står i loggen"}
    ),
    ("senders", "GET"): Row(mail_rows.draft),
    ("senders", "POST"): Row(
        mail_rows.draft, lambda h: {"address": h.campaign.entity.email, "name": "Partiet"}
    ),
    ("mend_link", "POST"): Row(mail_rows.draft, lambda _: LINK),
    ("messages", "GET"): Row(mail_rows.going),
    ("appeal_results", "GET"): Row(mail_rows.going),
    ("templates", "GET"): Row(),
    ("template", "GET"): Row(mail_rows.template),
    ("template_versions", "GET"): Row(mail_rows.template),
    ("source_codes", "GET"): Row(),
    ("source_codes", "POST"): Row(send=_code, done=201, chosen=True),
    ("close_source_code", "POST"): Row(mail_rows.code),
    ("suppressions", "GET"): Row(),
    ("suppressions", "POST"): Row(send=lambda _: {"email": "anna@example.se"}, done=201),
    ("find_suppressions", "POST"): Row(send=lambda _: {"email": "anna@example.se"}),
    ("lift_suppression", "POST"): Row(mail_rows.suppression, lambda _: {"why": "fel"}, shared=True),
    ("journeys", "GET"): Row(),
    ("journey", "GET"): Row(mail_rows.journey),
    ("simulate_journey", "GET"): Row(mail_rows.journey),
    ("switch_on_journey", "POST"): Row(mail_rows.journey),
    ("switch_off_journey", "POST"): Row(mail_rows.journey),
}


@dataclass(frozen=True)
class Try:
    """One request, and the status that it must get."""

    method: str
    url: str
    body: Any
    expected: int

    def by(self, api: Api) -> int:
        if self.method == "GET":
            return int(api.get(self.url).status_code)
        send = api.post if self.method == "POST" else api.patch
        return int(send(self.url, self.body).status_code)


@pytest.fixture
def land(campaign: Campaign, stripe: Account) -> Land:
    made = make_land(campaign, stripe)
    for house in (made.party, made.district):
        Account.objects.create(
            entity=house.campaign.entity, provider="swish_number", name="Swish",
            slug=f"swish-{house.campaign.slug}", external_id="1231234567",
        )  # fmt: skip
        tie_donor(house)
        mail_rows.furnish_mail(house.campaign)
        Campaign.objects.filter(pk=house.campaign.pk).update(monthly_open=True)
        due_on = clock.today() + timedelta(days=40)
        Instalment.objects.create(
            pledge=house.giving.pledge, period=due_on.replace(day=1), due_on=due_on,
            amount_ore=200_00, created_at=clock.now(),
        )  # fmt: skip
    return made


def row_of(entry: Entry) -> Row:
    return ROWS[entry.name.removeprefix("api:"), entry.method]


def tries(actor: Actor, land: Land) -> list[Try]:
    """Every endpoint that the actor tells, about the party's house and the district's."""
    party, district = land.party.campaign.entity, land.district.campaign.entity
    held = actor.entities(party, district)
    found = []
    for entry in (one for one in ENTRIES if tells(actor, one.permission)):
        row, may = row_of(entry), held
        if entry.permission != ANYBODY:
            may = allowed(actor, entry.permission, held, party.pk) or set()
        for house in _told_apart(row, may, land):
            named = {"ref": row.at(house)} if row.at else {}
            url = reverse(entry.name, kwargs={**named, **row.more})
            expected = _expected(entry, row, house, may)
            found.append(Try(entry.method, url, row.send(house), expected))
    return found


def _told_apart(row: Row, may: set[int], land: Land) -> list[House]:
    """Both houses, or one where the other's answer can't differ: nobody is let in anywhere, or
    neither the address nor the body names an entity. `make prove` tries both."""
    alike = not may or (row.at is None and not row.chosen)
    return [land.party] if alike and not FULL else [land.party, land.district]


def _expected(entry: Entry, row: Row, house: House, may: set[int]) -> int:
    ours = house.campaign.entity_id in may
    if entry.permission == ANYBODY:
        return row.done
    if not may or (row.whole and len(may) < 2):
        return 403
    if row.shared or row.whole:
        return row.done
    if not ours and row.at is not None:
        return 404
    if not ours and row.chosen:
        return 403 if entry.permission in {"gifts.start", "pledges.start"} else 422
    return row.done


def key_of(user: User, land: Land) -> Api:
    """A key with all that its maker may; somebody without a role had one when it was made."""
    entities = [land.party.campaign.entity, land.district.campaign.entity]
    lent = None
    if not rights.of(user).held:
        lent = RoleHeld.objects.create(
            user=user, role="treasurer", entity=entities[0], given_at=clock.now(),
            given_by="system:test",
        )  # fmt: skip
        user = User.objects.get(pk=user.pk)
    held = rights.of(user).held
    reached = frozenset[int]().union(*held.values())
    made = keys.make_key(
        user,
        name="all",
        permissions=list(held),
        entities=[entity for entity in entities if entity.pk in reached],
        expires_at=clock.real_now() + timedelta(days=1),
    )
    if lent is not None:
        RoleHeld.objects.filter(pk=lent.pk).update(ended_at=clock.now(), ended_by="system:test")
    return Api(made.text, made.key)


@pytest.mark.long
@pytest.mark.parametrize("actor", ACTORS, ids=str)
def test_a_key_does_what_the_table_says_and_a_refusal_changes_nothing(
    actor: Actor, land: Land
) -> None:
    user = actor.user(land.party.campaign.entity, land.district.campaign.entity)
    api, every = key_of(user, land), tries(actor, land)
    refused = [one for one in every if one.expected in {403, 404, 422}]
    before = snapshot(*NOTED)

    wrong = [(one, got) for one in refused if (got := one.by(api)) != one.expected]

    assert wrong == []
    assert snapshot(*NOTED) == before
    for one in every:
        if one.expected not in {403, 404, 422}:
            with transaction.atomic():
                got = one.by(api)
                transaction.set_rollback(True)
            assert (got, one.url) == (one.expected, one.url)


def test_without_a_key_nothing_is_shown_and_nothing_changes(land: Land) -> None:
    every = tries(Actor("none"), land)
    before = snapshot(*NOTED)

    assert {one.by(Api()) for one in every} == {401}
    assert snapshot(*NOTED) == before


def test_every_endpoint_has_a_row_in_the_matrix() -> None:
    assert {(one.name.removeprefix("api:"), one.method) for one in ENTRIES} == set(ROWS)
