"""The database after a test that committed is the database before it."""

from __future__ import annotations

import pytest
from django.db import connections

from fundraise.ledger.models import LegalEntity
from tests import fresh, servers
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db(transaction=True)


def renewed() -> bool:
    connections.close_all()
    return fresh.renewed(servers.DATABASE)


def test_added_rows_are_gone_and_numbers_begin_anew() -> None:
    first = make_campaign(make_party()).pk
    assert renewed()
    assert LegalEntity.objects.count() == 0
    assert make_campaign(make_party()).pk == first


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX outbox_due",
        "ALTER TABLE ledger_journal DISABLE TRIGGER journal_not_emptied",
        "GRANT DELETE ON ledger_entry TO fundraise_app",
        "DELETE FROM django_migrations WHERE app = 'ledger'",
        "UPDATE django_content_type SET model = 'other' WHERE model = 'gift'",
    ],
)
def test_whatever_else_is_changed_asks_for_a_copy(change: str) -> None:
    with servers.superuser(servers.DATABASE) as admin:
        admin.execute(change.encode())
    assert not renewed()
