"""Every address of the staff pages: which row it shows, what is sent, and what a yes answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum import luhn

from donors.models import Donor
from fundraise import clock
from fundraise.campaigns.models import Fund
from fundraise.console.tables.registry import TABLES
from fundraise.gifts.models import Gift
from fundraise.hooks import services as hooks
from fundraise.hooks.models import Delivery, Endpoint
from fundraise.jobs.models import Alarm
from fundraise.keys import services as keys
from fundraise.keys.models import ApiKey
from fundraise.ledger.models import Journal, LegalEntity
from fundraise.ops.golive import queries as golive
from fundraise.ops.golive.lines import mail
from fundraise.reconciliation import mappings
from fundraise.reconciliation.models import CsvMapping, Rule
from fundraise.reporting import receipts
from fundraise.reporting.models import YearTelling
from fundraise.reporting.yearly import services as yearly
from fundraise.reporting.yearly.lines import Holder
from fundraise.staff.models import Approval
from fundraise.staff.services import give_role
from mailings.inbound import intake, taking
from mailings.inbound.models import InboundMail, Reply
from mailings.suppressions import services as suppressions
from mailings.suppressions.models import Suppression
from mailings.verified.models import VerifiedSender
from tests.console import (
    asking,
    banking,
    bookkeeping,
    choosing,
    giving,
    going,
    lists,
    partying,
    writing,
)
from tests.console.house import House, make_donor
from tests.mailings.inbound import posts
from tests.people import make_fund

Given = Callable[[House], dict[str, Any]]


def nothing(_house: House) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """`at`: what the address names in a house, when it shows a row of an entity.

    `get` and `post`: the status of a page that is shown and of an act that is done.
    """

    at: Given | None = None
    send: Given = nothing
    get: int = 200
    post: int = 302
    house: bool = False  # the row belongs to no entity
    chosen: bool = False  # the entity is chosen in the form


def _ref(name: str) -> Given:
    return lambda house: {"ref": getattr(house, name).ref}


def _key(name: str) -> Given:
    return lambda house: {"key": getattr(house, name).pk}


def _giving(name: str) -> Given:
    return lambda house: {"ref": getattr(house.giving, name).ref}


def _bank(name: str) -> Given:
    return lambda house: {"ref": getattr(house.banking, name).ref}


def _asked(kind: str) -> Given:
    return lambda house: {"ref": banking.asked(house.banking, kind).ref}


def _rule(house: House) -> dict[str, Any]:
    rules = Rule.objects.filter(entity=house.campaign.entity).order_by("position")
    return {"ref": rules[0].ref}


def _suggestion(house: House) -> dict[str, Any]:
    return {"match": str(house.banking.match.ref)}


def _columns(house: House) -> dict[str, Any]:
    chosen = {"column_0": "booked_on", "column_1": "text", "column_2": "amount"}
    name = f"Sparbanken {house.campaign.entity_id}"
    return {**chosen, "name": name, "dates": "YYYY-MM-DD", "save": "1"}


def _saved_form(_house: House) -> dict[str, Any]:
    columns = {"booked_on": "Bokad", "amount": "Kronor"}
    row = CsvMapping.objects.first() or mappings.save(
        {"name": "Banken", "columns": columns}, by="staff:1"
    )
    return {"ref": row.ref}


def _other_columns(_house: House) -> dict[str, Any]:
    return {"column_0": "booked_on", "column_1": "amount", "column_2": "text",
            "dates": "YYYYMMDD"}  # fmt: skip


def _bank_account(house: House) -> dict[str, Any]:
    form = {"entity": house.campaign.entity_id, "name": "Sparkontot", "opening": "0"}
    digits = str(500_000 + house.campaign.entity_id)
    number = f"bankgiro {digits}{luhn.calc_check_digit(digits)}"
    return {**form, "numbers": number, "opened_on": "2026-11-02", "days": "bank_days",
            "ledger_number": "1940"}  # fmt: skip


def _wish(house: House) -> dict[str, Any]:
    return {"ref": house.giving.pledge.ref, "act": "amount"}


def _sum(_house: House) -> dict[str, Any]:
    return {"amount_ore": "250", **giving.by_phone()}


def _letter(house: House) -> dict[str, Any]:
    return {"ref": house.giving.pledge.ref, "key": house.giving.pledge.changes.latest("pk").pk}


def _travel(_house: House) -> dict[str, Any]:
    days = {"file_weekdays": ["1", "3"], "draw_days_ahead": "2"}
    return {**days, "first": "10000000", "last": "20000000"}


def _proof(house: House) -> dict[str, Any]:
    return {"seen_on": clock.today().isoformat(), "proof": f"bank {house.campaign.slug}"}


def _slip(house: House) -> dict[str, Any]:
    proof = f"matrix {house.campaign.slug}"
    form = {"campaign": house.campaign.pk, "amount_ore": "250", "channel": "cash", "proof": proof}
    return {**form, "received_on": clock.today().isoformat()}


def _words(house: House) -> dict[str, Any]:
    """A campaign's form, with everything that it needs."""
    return {
        "title_sv": "Två miljoner",
        "title_en": "Two million",
        "purpose_sv": "Din gåva betalar valarbetare.",
        "purpose_en": "Your gift pays for canvassers.",
        "status": "live",
        "goal_ore": "2 000 000",
        "starts_on": "2026-09-01",
        "amounts_once": "100; 250; 500",
        "amounts_monthly": "50; 100; 200",
        "first_frequency": "once",
        "minimum_ore": "20",
        "maximum_ore": "100 000",
        "theme_colour": "#1d4ed8",
    }


def _fund_words(_house: House) -> dict[str, Any]:
    return {"name_sv": "Unga", "name_en": "The young"}


def _new_fund(house: House) -> dict[str, Any]:
    return {"name_sv": "Äldre", "name_en": "The old", "entity": house.campaign.entity_id}


def _fund(house: House) -> dict[str, Any]:
    """A fund that no campaign is for."""
    fund = Fund.objects.filter(entity=house.campaign.entity, is_default=False).first()
    return {"ref": (fund or make_fund(house.campaign.entity)).ref}


def _new_campaign(house: House) -> dict[str, Any]:
    entity = house.campaign.entity_id
    return {**_words(house), "slug": f"ny-{entity}", "entity": entity}


def _journal(house: House) -> dict[str, Any]:
    return {"ref": Journal.objects.filter(entity=house.campaign.entity).first().ref}  # type: ignore[union-attr]


def _contact(house: House) -> dict[str, Any]:
    point = house.donor.contact_points.filter(kind="phone").get()
    return {"ref": house.donor.ref, "key": point.pk}


def _question(house: House) -> dict[str, Any]:
    return {"ref": Approval.objects.get(subject_ref=house.awaiting.ref).ref}


def _alarm(_house: House) -> dict[str, Any]:
    return {"key": Alarm.objects.order_by("pk").first().pk}  # type: ignore[union-attr]


def _line(key: str) -> Given:
    return lambda _house: {"key": key}


def _signature(_house: House) -> dict[str, Any]:
    mark = golive.standing(mail.DOMAIN_LINE).mark
    return {"about": mark, "reason": "dig", "valid_till": golive.today().isoformat()}


def tie_donor(house: House) -> None:
    """The house's donor gave the gift that is disputed."""
    Gift.objects.filter(pk=house.dispute.gift_id).update(donor=house.donor)


def _twins(house: House) -> dict[str, Any]:
    """The house's donor and another record, whose gift is tied to it: made once."""
    twin = Donor.objects.filter(gifts__reference=f"twin-{house.campaign.pk}").first()
    if twin is None:
        twin = make_donor()
        Gift.objects.create(
            entity=house.campaign.entity, campaign=house.campaign, donor=twin, amount_ore=100_00,
            reference=f"twin-{house.campaign.pk}", created_at=clock.now(),
        )  # fmt: skip
    return {"ref": house.donor.ref, "other": twin.ref}


def _yes(_house: House) -> dict[str, Any]:
    form = {"purpose": "appeals", "source": "phone", "proof": "B 7"}
    dated = {**form, "given_on": clock.today().isoformat()}
    return {f"yes-{name}": value for name, value in dated.items()}


def _list(state: str) -> Given:
    """A member list that has come so far."""

    def at(_house: House) -> dict[str, Any]:
        return {"ref": lists.at(state).ref}

    return at


def _list_errors(_house: House) -> dict[str, Any]:
    return {"ref": lists.at("checked").ref, "kind": "csv"}


def _file(_house: House) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("lista.csv", lists.LIST)}


def _somebody(_house: House) -> dict[str, Any]:
    """Another member of staff, with a role."""
    user, _new = User.objects.get_or_create(username="somebody", defaults={"is_staff": True})
    return {"key": user.pk}


def _role_of_somebody(house: House) -> dict[str, Any]:
    known = _somebody(house)
    top = LegalEntity.objects.filter(parent=None).first()
    user = User.objects.get(pk=known["key"])
    assert top is not None
    held = give_role(user, "auditor", top, by="system:test")
    return {**known, "held": held.pk}


def _role(house: House) -> dict[str, Any]:
    return {"role": "comms", "entity": house.campaign.entity_id}


def _invitation(house: House) -> dict[str, Any]:
    return {**_role(house), "name": "Eva", "email": f"eva@{house.campaign.slug}.example"}


def _why(_house: House) -> dict[str, Any]:
    return {"reason": "slutar"}


def _nobodys(_house: House) -> dict[str, Any]:
    """A file that somebody else asked for."""
    return {"ref": UUID(int=1)}


def _as_csv(_house: House) -> dict[str, Any]:
    return {"format": "csv"}


def _key_form(house: House) -> dict[str, Any]:
    entities = [house.campaign.entity_id]
    return {"name": "Webb", "days": 30, "entities": entities, "permissions": ["gifts.view"]}


def _api_key(_house: House) -> dict[str, Any]:
    return {"key": ApiKey.objects.latest("pk").pk}


def _endpoint_form(house: House) -> dict[str, Any]:
    url = "https://127.0.0.1/in"  # a demo may call itself
    entity = house.campaign.entity_id
    return {"name": "CRM", "url": url, "entity": entity, "kinds": ["gift.received"]}


def _endpoint(_house: House) -> dict[str, Any]:
    return {"ref": Endpoint.objects.latest("pk").ref}


def _delivery(_house: House) -> dict[str, Any]:
    return {"ref": Delivery.objects.latest("pk").ref}


def connect_others(house: House) -> None:
    """A key, an address with a message to it, and a reply."""
    write_back()
    maker = User.objects.create_user("integration", is_staff=True)
    give_role(maker, "treasurer", house.campaign.entity, by="system:test")
    keys.make_key(
        User.objects.get(pk=maker.pk), name="Bokföring", permissions=["gifts.view"],
        entities=[house.campaign.entity], expires_at=clock.real_now() + timedelta(days=30),
    )  # fmt: skip
    made = hooks.make_endpoint(
        entity=house.campaign.entity, name="Register", url="https://127.0.0.1/facts",
        kinds=["gift.received", "refund.settled"], by="staff:1",
    )  # fmt: skip
    hooks.ping(made.endpoint, by="staff:1")
    Delivery.objects.update(state="failed", tries=11, last_status=503, done_at=clock.real_now())


def _reached(_house: House) -> dict[str, Any]:
    reach = {"phone": "08-123 45", "email": "hej@partiet.example", "address": "Gatan 1"}
    return {**reach, "statement_text": "PARTIET"}


def _district(house: House) -> dict[str, Any]:
    entity = house.campaign.entity
    named = {"name": "Ett nytt distrikt", "org_number": "556036-0793", "slug": f"ny-{entity.pk}"}
    return {**_reached(house), **named, "parent": entity.pk}


def _receipted(house: House) -> dict[str, Any]:
    receipts.of_gift(house.card.pk, by="staff:1")
    return {"ref": house.card.ref}


def _statement(house: House) -> dict[str, Any]:
    key = Gift.objects.get(pk=house.card.pk).giver_key
    holder, year = Holder(None, bytes(key or b"")), clock.today().year
    row = yearly.issue(house.campaign.entity, year, holder, by="staff:1")
    return {"ref": row.ref if row is not None else None}


def _whose_year(house: House) -> dict[str, Any]:
    return {"ref": house.campaign.entity.ref}


def _told_of_year(house: House) -> dict[str, Any]:
    row, _new = YearTelling.objects.get_or_create(
        entity=house.campaign.entity, year=2020, donor=house.donor,
        defaults={"way": "mail", "told_at": clock.now(), "by": "staff:1"},
    )  # fmt: skip
    return {"ref": row.ref}


def _year(house: House) -> dict[str, Any]:
    return {"entity": house.campaign.entity_id, "year": clock.today().year}


def _reply(_house: House) -> dict[str, Any]:
    return {"ref": Reply.objects.latest("pk").ref}


def _suppression(_house: House) -> dict[str, Any]:
    return {"ref": Suppression.objects.latest("pk").ref}


def _sender(house: House) -> dict[str, Any]:
    """An address of the house's entity that waits for its code."""
    entity = house.campaign.entity
    known = VerifiedSender.objects.filter(entity=entity).first()
    return {"ref": (known or VerifiedSender.objects.create(
        entity=entity, address="hej@partiet.example.se", name="Partiet",
        domain="partiet.example.se", by="staff:1", created_at=clock.now(),
    )).ref}  # fmt: skip


def _new_sender(house: House) -> dict[str, Any]:
    return {"entity": house.campaign.entity_id, "name": "Partiet", "address": "ny@partiet.example"}


def write_back() -> None:
    """Somebody answered an appeal, and an address is not mailed."""
    posted = posts.post("eva@example.net", "hej@svar.example.org", "Ta bort mig")
    intake.receive(posted, posts.CONTENT_TYPE, {}, is_cut=False)
    taking.take(InboundMail.objects.latest("pk").pk)
    suppressions.suppress(
        email_key=b"key", reason="bounce", source="event", by="system:mail-events"
    )


REFUND = {"amount_ore": "10", "reason": "fel belopp", "seen": "1", "sure": "1"}
ROWS: dict[str, Row] = {
    "console:front": Row(),
    "console:identity": Row(),
    "console:charity": Row(),  # its pages are not there for a party: tests/console/test_charity.py
    "console:charity_year": Row(partying.this_year, get=404, post=404),
    "console:file_statements": Row(partying.last_year, post=404),
    "console:statements_file": Row(partying.entity, get=404, post=404),
    "console:withdraw_charity_cost": Row(partying.cost),
    "console:withdraw_in_return": Row(partying.in_return),
    "console:charity_without": Row(partying.this_year, get=404),
    "console:statement_number": Row(partying.giver, get=404, post=404),
    "console:party": Row(),
    "console:party_held": Row(),
    "console:party_year": Row(partying.this_year),
    "console:party_givers": Row(partying.this_year),
    "console:party_year_file": Row(partying.year_file),
    "console:party_enter": Row(partying.this_year, partying.a_sum),
    "console:file_party_report": Row(partying.last_year),
    "console:party_report": Row(partying.report),
    "console:party_report_file": Row(partying.report_file),
    "console:party_rules": Row(partying.entity, partying.rule),
    "console:party_slip": Row(partying.slip, partying.deposit),
    "console:withdraw_party_sum": Row(partying.typed),
    "console:withdraw_in_kind": Row(partying.in_kind),
    "console:settle_hold": Row(partying.hold, partying.why),
    "console:settle_look": Row(partying.look, partying.why),
    "console:account": Row(),
    "console:second_factor": Row(get=302),
    "console:add_app": Row(post=200),
    "console:add_passkey": Row(post=200),
    "console:remove_factor": Row(lambda _house: {"key": 0}),
    "console:new_codes": Row(post=200),
    "console:password": Row(post=200),
    "console:end_session": Row(),
    "console:staff": Row(),
    "console:invite": Row(send=_invitation),
    "console:person": Row(_somebody, house=True),
    "console:invite_again": Row(_somebody, house=True),
    "console:give_role": Row(_somebody, _role, house=True),
    "console:end_role": Row(_role_of_somebody, house=True),
    "console:end_account": Row(_somebody, _why, house=True),
    "console:take_up": Row(_somebody, _why, house=True),
    "console:reset_log_in": Row(_somebody, _why, house=True),
    "console:campaigns": Row(),
    "console:new_campaign": Row(send=_new_campaign, chosen=True),
    "console:preview_new_campaign": Row(send=_new_campaign, post=200),
    "console:preview_campaign": Row(_ref("campaign"), _words, post=200),
    "console:campaign": Row(_ref("campaign"), _words),
    "console:funds": Row(),
    "console:new_fund": Row(send=_new_fund, chosen=True),
    "console:fund": Row(_fund, _fund_words),
    "console:put_fund_away": Row(_fund),
    "console:take_fund_out": Row(_fund),
    "console:segments": Row(send=lambda _house: {"name": "Vilande"}),
    "console:segments_ready": Row(),
    "console:segment_count": Row(send=choosing.tree, post=200),
    "console:segment_sample": Row(send=choosing.tree, post=200),
    "console:segment_why": Row(send=choosing.why, post=200),
    "console:segment": Row(choosing.segment, house=True),
    "console:segment_save": Row(choosing.segment, choosing.saved, house=True),
    "console:segment_change": Row(choosing.segment, lambda _house: {"do": "own"}, house=True),
    "console:segment_copy": Row(choosing.segment, house=True),
    "console:templates": Row(send=writing.named, chosen=True),
    "console:template": Row(writing.template),
    "console:template_save": Row(writing.template, writing.saved, post=200),
    "console:template_frame": Row(writing.template),
    "console:template_words": Row(writing.template),
    "console:template_keep": Row(writing.template),
    "console:template_take": Row(writing.version, lambda _house: {"edition": "1"}),
    "console:template_rename": Row(writing.template, lambda _house: {"name": "Vårbrev"}),
    "console:template_archive": Row(writing.template),
    "console:mail_pictures": Row(),
    "console:mail_picture_add": Row(send=writing.picture, chosen=True),
    "console:mail_people": Row(send=lambda _house: {"text": "Björn Testgren"}, post=200),
    "console:appeal_write": Row(writing.appeal),
    "console:appeal_save": Row(writing.appeal, writing.saved_appeal, post=200),
    "console:appeal_frame": Row(writing.appeal),
    "console:appeal_words": Row(writing.appeal),
    "console:appeal_begin": Row(writing.appeal, lambda _house: {"from": "thanks"}),
    "console:appeal_sender": Row(writing.appeal),
    "console:appeal_add_variant": Row(writing.appeal),
    "console:appeal_remove_variant": Row(writing.appeal, lambda _house: {"letter": "B"}),
    "console:appeals": Row(),
    "console:appeal_calendar": Row(),
    "console:mails": Row(),
    "console:new_appeal": Row(send=asking.named, chosen=True),
    "console:appeal": Row(asking.at_sending),
    "console:rename_appeal": Row(asking.at_draft, asking.renamed),
    "console:copy_appeal": Row(asking.at_sending),
    "console:remind_appeal": Row(asking.at_sending),
    "console:cancel_appeal": Row(asking.at_sending, lambda _house: {"reason": "fel text"}),
    "console:appeal_people": Row(asking.at_draft, asking.people),
    "console:appeal_test": Row(asking.at_sending, post=422),
    "console:appeal_check": Row(asking.at_draft),
    "console:appeal_schedule": Row(asking.at_draft, asking.when),
    "console:appeal_second": Row(
        asking.at_scheduled, lambda _house: {"answer": "no", "reason": "fel text"}
    ),
    "console:stop_appeal": Row(asking.at_scheduled),
    "console:pause_appeal": Row(asking.at_sending),
    "console:resume_appeal": Row(asking.at_paused),
    "console:release_wave": Row(asking.at_wave),
    "console:appeal_doubts": Row(),
    "console:appeal_gifts": Row(),
    "console:appeal_pledges": Row(),
    "console:letters": Row(),
    "console:make_letters": Row(asking.at_sending),
    "console:appeal_doubt": Row(asking.at_doubt, asking.settled),
    "console:doubt_people": Row(asking.at_doubt, post=200),
    "console:appeal_links": Row(asking.at_sending),
    "console:appeal_link": Row(asking.at_link, asking.mended),
    "console:watchers": Row(lambda house: {"ref": house.campaign.ref}, going.told),
    "console:task_done": Row(lambda _house: {"ref": uuid4()}, house=True),
    "console:source_codes": Row(send=going.coded, chosen=True),
    "console:source_code": Row(going.at_code),
    "console:source_code_qr": Row(going.at_code),
    "console:close_source_code": Row(going.at_code),
    "console:journeys": Row(),
    "console:journey_people": Row(),
    "console:new_journey": Row(send=going.named, chosen=True),
    "console:journey": Row(going.at),
    "console:add_journey_step": Row(going.at, lambda _house: {"wait_days": "3"}),
    "console:drop_journey_step": Row(going.at),
    "console:journey_waits": Row(going.at, going.waits),
    "console:journey_simulated": Row(going.at),
    "console:switch_journey": Row(going.switched),
    "console:appeal_results": Row(),
    "console:appeal_result": Row(asking.at_sending),
    "console:appeal_trial": Row(asking.at_draft, lambda _house: {"percent": "20", "hours": "48"}),
    "console:gifts": Row(),
    "console:new_gift": Row(send=_slip, chosen=True),
    "console:gift": Row(_ref("card")),
    "console:make_receipt": Row(_ref("cash")),
    "console:receipt_pdf": Row(_receipted, post=200),
    "console:year_statements": Row(send=_year, chosen=True),
    "console:take_year_statements": Row(send=_as_csv, post=200),
    "console:stop_year_statements": Row(),
    "console:year_mails": Row(),
    "console:take_year_mails": Row(send=_as_csv, post=200),
    "console:send_year_mails": Row(_whose_year),
    "console:stop_year_mails": Row(),
    "console:year_papers": Row(_whose_year),
    "console:year_mail_again": Row(_told_of_year),
    "console:statement_pdf": Row(_statement, post=200),
    "console:giver": Row(_ref("card"), post=200),
    "console:choose_donor": Row(_ref("card"), lambda house: {"donor": house.donor.ref}),
    "console:confirm_gift": Row(_ref("waiting"), _proof),
    "console:ask_refund": Row(_ref("card"), lambda _house: REFUND),
    "console:pledges": Row(),
    "console:instalments": Row(),
    "console:draws": Row(),
    "console:notices": Row(),
    "console:pledge": Row(_giving("pledge")),
    "console:issue_to_pledge": Row(_giving("pledge")),
    "console:pledge_giver": Row(_giving("pledge"), post=200),
    "console:wish": Row(_wish, _sum),
    "console:pledge_link": Row(_giving("pledge")),
    "console:pledge_letter": Row(_letter),
    "console:paper_mandate": Row(send=giving.paper, chosen=True),
    "console:look_at_account": Row(send=lambda _house: {"account": "8327-9"}, post=200),
    "console:paper_account": Row(
        _giving("pledge"), lambda _house: giving.account_form() | {"sure": "on"}
    ),
    "console:income": Row(),
    "console:upgrades": Row(),
    "console:mandates": Row(),
    "console:mandate": Row(_giving("mandate")),
    "console:mandate_proof": Row(_giving("mandate")),
    "console:mandate_scan": Row(_giving("mandate"), get=404),
    "console:day_proof": Row(),
    "console:run_proof": Row(),
    "console:statement_files": Row(),
    "console:drop_statement": Row(
        send=lambda _house: {"file": SimpleUploadedFile("a.csv", b"a;b\n1;2\n")}
    ),
    "console:statement_file": Row(_bank("file")),
    "console:file_columns": Row(_bank("table"), _columns),
    "console:book_statement": Row(_bank("file")),
    "console:drop_read_statement": Row(_bank("file")),
    "console:read_statement": Row(_bank("file")),
    "console:saved_forms": Row(),
    "console:saved_form": Row(_saved_form, _other_columns, house=True),
    "console:put_form_away": Row(_saved_form, house=True),
    "console:match": Row(),
    "console:take_matches": Row(send=_suggestion),
    "console:refuse_matches": Row(send=_suggestion),
    "console:take_back_matches": Row(send=_suggestion, post=200),
    "console:numbers_second": Row(
        _asked("numbers"), lambda _house: {"answer": "no", "reason": "x"}
    ),
    "console:matching_second": Row(_asked("rule"), lambda _house: {"answer": "no", "reason": "x"}),
    "console:bank_items": Row(),
    "console:bank_item": Row(_bank("item")),
    "console:item_is_gift": Row(
        _bank("item"), lambda house: {"campaign": house.campaign.pk}, post=409
    ),
    "console:item_is": Row(_bank("item"), lambda _house: {"kind": "interest"}, post=409),
    "console:item_belongs": Row(_bank("item"), post=422),
    "console:item_came_back": Row(_bank("item"), post=422),
    "console:split_item": Row(_bank("item"), lambda _house: {"sums": "200; 50"}, post=409),
    "console:join_item": Row(_bank("item"), post=409),
    "console:park_item": Row(_bank("item"), lambda _house: {"note": "frågat banken"}, post=409),
    "console:item_is_others": Row(_bank("item"), post=409),
    "console:undo_match": Row(_bank("item"), lambda _house: {"why": "fel"}, post=409),
    "console:exceptions": Row(),
    "console:exception": Row(_bank("exception")),
    "console:settle_exception": Row(_bank("exception"), lambda _house: {"how": "known"}),
    "console:own_exception": Row(_bank("exception")),
    "console:note_exception": Row(_bank("exception"), lambda _house: {"note": "frågat banken"}),
    "console:match_rules": Row(),
    "console:match_rule": Row(_rule),
    "console:try_rule": Row(_rule),
    "console:switch_rule": Row(_rule, lambda _house: {"mode": "off", "why": "fel"}),
    "console:paying": Row(),
    "console:make_refund_list": Row(_bank("account")),
    "console:make_settlement_list": Row(_bank("account")),
    "console:payment_list": Row(_bank("payments")),
    "console:fetch_payments": Row(_bank("payments"), post=200),
    "console:payments_sent": Row(_bank("payments")),
    "console:payments_refused": Row(_bank("payments"), lambda _house: {"why": "fel konto"}),
    "console:cancel_payments": Row(_bank("payments")),
    "console:bank_accounts": Row(),
    "console:new_bank_account": Row(send=_bank_account, chosen=True),
    "console:bank_account": Row(_bank("account")),
    "console:ask_numbers": Row(
        _bank("account"), lambda _house: {"numbers": "bankgiro 5402-9681", "why": "ny"}
    ),
    "console:change_bank_account": Row(
        _bank("account"), lambda _house: {"name": "Kontot", "bank": "SEB"}
    ),
    "console:expect_file": Row(
        _bank("account"), lambda _house: {"days": "weekly", "late_after_days": "2"}
    ),
    "console:autogiro": Row(),
    "console:giro_drop": Row(send=lambda _house: {"file": SimpleUploadedFile("a.txt", b"01")}),
    "console:giro_files_out": Row(),
    "console:giro_out": Row(_giving("out_file")),
    "console:giro_fetch": Row(_giving("doubt")),
    "console:giro_approve": Row(_giving("out_file")),
    "console:giro_delivered": Row(_giving("out_file")),
    "console:giro_arrived": Row(_giving("doubt")),
    "console:giro_lost": Row(_giving("doubt")),
    "console:giro_withdraw": Row(_giving("out_file")),
    "console:giro_files_in": Row(),
    "console:giro_rows": Row(),
    "console:giro_in": Row(_giving("in_file")),
    "console:giro_read_again": Row(_giving("in_file")),
    "console:giro_others": Row(_giving("in_file"), get=404),
    "console:giro_questions": Row(),
    "console:giro_question": Row(_giving("question")),
    "console:giro_solve": Row(_giving("question"), lambda _house: {"how": "known"}),
    "console:giro_adopt": Row(_giving("question")),
    "console:e_mandates": Row(),
    "console:answer_mandate": Row(_giving("e_mandate"), lambda _house: {"do": "no"}),
    "console:giro_agreement": Row(_giving("agreement"), _travel),
    "console:giro_begin": Row(lambda house: {"key": house.giving.agreement.pk}),
    "console:giro_resume": Row(_giving("agreement")),
    "console:giro_carrier": Row(_giving("agreement"), lambda _house: {"remove": "0"}),
    "console:giro_feed": Row(_giving("agreement"), post=200),
    "console:refunds": Row(),
    "console:refund": Row(_ref("awaiting")),
    "console:seconds": Row(),
    "console:second": Row(_question, lambda _house: {"answer": "no", "reason": "fel gåva"}),
    "console:confirm_refund": Row(_ref("queued"), _proof),
    "console:owe_refund": Row(_ref("queued")),
    "console:log": Row(),
    "console:reads": Row(),
    "console:disputes": Row(),
    "console:payouts": Row(),
    "console:payout": Row(_ref("payout")),
    "console:journals": Row(),
    "console:journal": Row(_journal),
    "console:book_exports": Row(),
    "console:new_book_export": Row(send=bookkeeping.days, post=422, chosen=True),
    "console:new_year_export": Row(send=bookkeeping.no_year, post=422, chosen=True),
    "console:book_export": Row(bookkeeping.at_export),
    "console:fetch_book_export": Row(bookkeeping.at_export, post=200),
    "console:ask_book_export": Row(bookkeeping.at_export, bookkeeping.why),
    "console:months": Row(),
    "console:month": Row(bookkeeping.at_month),
    "console:sign_month": Row(bookkeeping.at_month),
    "console:close_month": Row(bookkeeping.at_month),
    "console:month_file": Row(bookkeeping.at_month),
    "console:month_pack": Row(bookkeeping.at_month),
    "console:reopen_month": Row(bookkeeping.at_month, bookkeeping.why),
    "console:pack_file": Row(bookkeeping.at_pack),
    "console:book_second": Row(
        bookkeeping.at_question, lambda _house: {"answer": "no", "reason": "rätta i mars"}
    ),
    "console:together": Row(),
    "console:earlier_lists": Row(bookkeeping.at_entity, bookkeeping.earlier_file),
    "console:earlier_list": Row(bookkeeping.at_earlier, post=422),
    "console:book_earlier": Row(bookkeeping.at_earlier),
    "console:throw_earlier": Row(bookkeeping.at_earlier),
    "console:undo_earlier": Row(bookkeeping.at_earlier, bookkeeping.why),
    "console:go_on_earlier": Row(bookkeeping.at_earlier),
    "console:opening": Row(bookkeeping.at_entity, bookkeeping.opening),
    "console:undo_opening": Row(bookkeeping.at_entity, bookkeeping.why),
    "console:events": Row(),
    "console:replay": Row(_key("event"), house=True),
    "console:alarms": Row(),
    "console:defence": Row(),
    "console:close_cards": Row(send=lambda _house: {"account": "house", "reason": "attack"}),
    "console:open_cards": Row(send=lambda _house: {"account": "house"}),
    "console:lines": Row(),
    "console:runs": Row(),
    "console:exports": Row(),
    "console:settings": Row(),
    "console:entities": Row(),
    "console:entity": Row(lambda house: {"ref": house.campaign.entity.ref}, _reached),
    "console:new_district": Row(send=_district, chosen=True),
    "console:export": Row(_nobodys, get=404, post=404),
    "console:fetch_export": Row(_nobodys, get=404, post=404),
    "console:stop_export": Row(_nobodys, get=404, post=404),
    **{f"console:take_{name}": Row(send=_as_csv, post=200) for name in TABLES},
    "console:close_alarm": Row(_alarm, house=True),
    "console:jobs": Row(),
    "console:keys": Row(send=_key_form, post=200, chosen=True),
    "console:end_key": Row(_api_key, house=True),
    "console:webhooks": Row(send=_endpoint_form, post=200, chosen=True),
    "console:deliveries": Row(),
    "console:replay_delivery": Row(_delivery, house=True),
    "console:webhook": Row(_endpoint, house=True),
    "console:change_secret": Row(_endpoint, house=True, post=200),
    "console:pause_webhook": Row(_endpoint, house=True),
    "console:resume_webhook": Row(_endpoint, house=True),
    "console:try_webhook": Row(_endpoint, house=True),
    "ops:go_live": Row(),
    "ops:go_live_test_all": Row(),
    "ops:go_live_open": Row(),
    "ops:go_live_test": Row(_line("seal"), house=True),
    "ops:go_live_confirm": Row(_line("keys"), lambda _house: {"typed": "k1"}, house=True),
    "ops:go_live_sign": Row(_line("mail_domain"), _signature, house=True),
    "console:donors": Row(send=lambda _house: {"text": "Björn Testgren"}, post=200),
    "console:donor": Row(_ref("donor")),
    "console:duplicates": Row(),
    "console:same_donor": Row(_twins, lambda _house: {"reason": "samma person"}),
    "console:tell_apart": Row(_twins),
    "console:take_back_apart": Row(_twins),
    "console:donor_statement": Row(_ref("donor"), _year),
    "console:issue_to_donor": Row(
        _ref("donor"), lambda house: {"entity": str(house.campaign.entity_id)}
    ),
    "console:rename_donor": Row(
        _ref("donor"), lambda _house: {"given": "Bo", "family": "Ek", "reason": "felstavat"}
    ),
    "console:add_contact": Row(
        _ref("donor"), lambda _house: {"kind": "email", "value": "bo@example.se"}
    ),
    "console:change_contact": Row(_contact, lambda _house: {"do": "remove"}),
    "console:say_yes": Row(_ref("donor"), _yes),
    "console:say_no": Row(
        _ref("donor"), lambda _house: {"no-purpose": "appeals", "no-source": "phone"}
    ),
    "console:donor_death": Row(
        _ref("donor"), lambda _house: {"death-died_on": "2026-01-02", "death-reason": "brev 4"}
    ),
    "console:donor_no_contact": Row(_ref("donor"), lambda _house: {"contact-reason": "brev 5"}),
    "console:restrict_donor": Row(
        _ref("donor"), lambda _house: {"do": "restrict", "reason": "hen bad om det"}
    ),
    "console:export_donor": Row(_ref("donor"), lambda _house: {"export-reason": "x"}, post=200),
    "console:forget_donor": Row(
        _ref("donor"), lambda _house: {"forget-reason": "x", "forget-sure": "on"}
    ),
    "console:replies": Row(),
    "console:reply": Row(_reply, house=True),
    "console:unsubscribe_reply": Row(_reply, house=True),
    "console:close_reply": Row(_reply, lambda _house: {"outcome": "answered"}, house=True),
    "console:stop_from_reply": Row(_reply, lambda _house: {"pledge": str(UUID(int=1))}, house=True),
    "console:death_from_reply": Row(_reply, lambda _house: {"died_on": "2026-01-02"}, house=True),
    "console:reply_donor": Row(_reply, lambda _house: {"donor": "nobody"}, house=True),
    "console:senders": Row(send=_new_sender, chosen=True),
    "console:verify_sender": Row(_sender, lambda _house: {"code": "abc"}),
    "console:new_sender_code": Row(_sender),
    "console:end_sender": Row(_sender),
    "console:suppressions": Row(),
    "console:find_suppression": Row(send=lambda _house: {"email": "eva@example.net"}, post=200),
    "console:suppress_address": Row(
        send=lambda _house: {"email": "ny@example.net", "scope": "appeals"}
    ),
    "console:suppression": Row(_suppression, house=True),
    "console:lift_suppression": Row(_suppression, lambda _house: {"why": "fel"}, house=True),
    "console:privacy": Row(),
    "console:imports": Row(send=_file),
    "console:import": Row(_list("uploaded"), house=True),
    "console:import_sheet": Row(_list("uploaded"), lambda _house: {"sheet": "0"}, house=True),
    "console:check_import": Row(_list("uploaded"), lambda _house: lists.CHOSEN, house=True),
    "console:choose_import_again": Row(_list("checked"), house=True),
    "console:begin_import": Row(_list("checked"), house=True),
    "console:cancel_import": Row(_list("uploaded"), house=True),
    "console:import_errors": Row(_list_errors, house=True),
}
