"""The document tried against the views: as every role's key and without one.

Data that the document allows and data that it does not, made from it. Whatever is sent, an answer
must be one that the document tells of, with its body, and data that it forbids must be refused.
Real refs stand in for made-up ones in half of the good requests, so that rows are reached.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, strategies
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from fundraise.campaigns.models import Campaign
from fundraise.keys import queries, services
from fundraise.ledger.models import Journal
from fundraise.providers.models import Account
from fundraise.staff.roles import Role
from tests.api import mail_rows
from tests.api.conftest import Api, key_for
from tests.console import bookkeeping, partying
from tests.console.house import House
from tests.matrix import FULL
from tests.proofs import differing

EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
# Which role may what is the matrix's; here a key that is let in everywhere, and none. `make prove`
# tries each role's.
EVERYWHERE = (Role.TREASURER.value, Role.DONOR_CARE.value, Role.COMMS.value)
KEYS = [(role,) for role in Role.values] if FULL else [EVERYWHERE]
# A right value may still be refused: a sum above the campaign's, a ref of nothing, a used slug.
LEFT_OUT = ("positive_data_acceptance", "unsupported_method", "ignored_auth", "use_after_free",
            "ensure_resource_availability")  # fmt: skip


@dataclass(frozen=True)
class Known:
    """Refs of rows that are there, by the names that parameters and bodies have for them."""

    refs: dict[str, str]

    def of_path(self, path: str) -> str | None:
        plain = path.removeprefix("/api/v1/").removeprefix("public/").removeprefix("autogiro/")
        return self.refs.get(plain.split("/")[0])


@pytest.fixture
def known(house: House, campaign: Campaign) -> Known:
    Campaign.objects.filter(pk=campaign.pk).update(monthly_open=True)
    Account.objects.create(
        entity=campaign.entity, provider="swish_number", slug="swish", name="Swish",
        external_id="1231234567",
    )  # fmt: skip
    mail_rows.furnish_mail(campaign)
    journal = Journal.objects.order_by("pk")[0]
    return Known(
        {
            "gifts": str(house.card.ref),
            "gift": str(house.card.ref),
            "refunds": str(house.awaiting.ref),
            "donors": str(house.donor.ref),
            "donor": str(house.donor.ref),
            "campaigns": str(campaign.ref),
            "campaign": str(campaign.ref),
            "funds": str(campaign.fund.ref),
            "fund": str(campaign.fund.ref),
            "entity": str(campaign.entity.ref),
            "payouts": str(house.payout.ref),
            "reports": str(partying.report(house)["ref"]),
            "pledges": str(house.giving.pledge.ref),
            "pledge": str(house.giving.pledge.ref),
            "mandates": str(house.giving.mandate.ref),
            "files-out": str(house.giving.doubt.ref),
            "files-in": str(house.giving.in_file.ref),
            "journals": str(journal.ref),
            "book-exports": str(bookkeeping.export_of(house).ref),
            "appeals": str(mail_rows.draft(house)),
            "templates": str(mail_rows.template(house)),
            "source-codes": str(mail_rows.code(house)),
            "suppressions": str(mail_rows.suppression(house)),
            "journeys": str(mail_rows.journey(house)),
            "segments": str(mail_rows.segment(house)),
            "segment": str(mail_rows.segment(house)),
        }
    )


@pytest.fixture
def document() -> Iterator[Any]:
    """The document as it is served. A request must not close the test's connection."""
    load_all_checks()
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def operations(document: Any) -> Iterator[Any]:
    for result in document.get_all_operations():
        yield result.ok()


def strategy_of(operation: Any) -> Any:
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    return strategies.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))


def put_in(case: Any, known: Known) -> None:
    """Real refs for made-up ones, in a request that the document allows."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if "ref" in case.path_parameters and (ref := known.of_path(case.operation.path)):
        case.path_parameters["ref"] = ref
    if "slug" in case.path_parameters:
        case.path_parameters["slug"] = "valet"
    if isinstance(case.body, dict):
        for name in ("campaign", "entity", "donor", "segment"):
            if name in case.body:
                case.body[name] = known.refs[name]
        if case.operation.path.endswith(("/public/gifts", "/public/pledges")):
            case.body["campaign"] = "valet"


def tried(operation: Any, api: Api, known: Known, number: int, examples: int) -> None:
    """So many requests to one operation, each undone afterwards."""
    left_out = [CHECKS.get_one(name) for name in LEFT_OUT]

    @seed(number)
    @hypothesis_settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=strategy_of(operation), real=strategies.booleans())
    def one(case: Any, real: bool) -> None:
        if real:
            put_in(case, known)
        with transaction.atomic():
            response = case.call(headers=api.headers())
            transaction.set_rollback(True)
        assert response.status_code < 500, response.content
        case.validate_response(response, excluded_checks=left_out)

    one()


@pytest.mark.long
@pytest.mark.parametrize("roles", [*KEYS, ()], ids=lambda roles: "-".join(roles) or "nobody")
def test_whatever_is_sent_the_answer_is_one_that_the_document_tells_of(
    roles: tuple[str, ...], known: Known, document: Any, campaign: Campaign, settings: Any
) -> None:
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (10**9, 1))
    api = key_for(campaign.entity, *roles) if roles else Api()
    books, examples = differing(), EXAMPLES if roles or FULL else 1
    for number, operation in enumerate(operations(document)):
        tried(operation, api, known, number, examples)
    assert differing() == books


def test_what_was_made_for_a_role_is_what_the_role_may(campaign: Campaign) -> None:
    """The keys above are no weaker than their roles: else nothing would have been tried."""
    api = key_for(campaign.entity, "treasurer")
    held = queries.rights_of(services.open_with(api.text))
    assert held.entities("gifts.enter") == {campaign.entity_id}
    assert User.objects.get(username="treasurer-party").is_staff
