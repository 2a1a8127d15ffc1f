"""What the app role gets from the migrations alone, on a server that gives nobody anything."""

from __future__ import annotations

import os

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.db.utils import ConnectionHandler
from psycopg import sql

from fundraise.env import database_from_url
from fundraise.ledger.grants import apply_grants
from tests import servers

OWNER_URL = "DATABASE_OWNER_URL"


@pytest.mark.django_db(transaction=True)
def test_the_app_may_make_tables_for_one_transaction_and_no_others() -> None:
    app = database_from_url(os.environ["DATABASE_URL"])["USER"]
    names = sql.Identifier(servers.DATABASE), sql.Identifier(str(app))
    with psycopg.connect(servers.url_of(servers.DATABASE, OWNER_URL)) as owner:
        owner.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(*names))
        owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(names[0]))
        owner.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM {}").format(*names))
    told = database_from_url(servers.url_of(servers.DATABASE, OWNER_URL))
    as_owner = ConnectionHandler({"default": told})["default"]
    try:
        apply_grants(as_owner)
    finally:
        as_owner.close()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE scratch (n int) ON COMMIT DROP")
        with pytest.raises(ProgrammingError, match="permission denied for schema public"):
            cursor.execute("CREATE TABLE public.scratch (n int)")
