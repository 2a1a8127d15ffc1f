"""What the app role may do: everything it needs, and nothing that could change the books.

Run after every migration, as the owner. With one role for both (a small own server) there is
nothing to grant, and the triggers alone guard the books.
"""

from __future__ import annotations

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from fundraise.env import database_from_url

LEDGER_TABLES = ["ledger_journal", "ledger_entry", "ledger_seriescounter", "ledger_chainhead"]


def apply_grants(connection: BaseDatabaseWrapper) -> None:
    """Grant the app role its rights on every table, sequence and function of the schema."""
    role = str(database_from_url(settings.DATABASE_URL)["USER"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, EXISTS(SELECT 1 FROM pg_roles WHERE rolname = %s)", [role]
        )
        current, exists = cursor.fetchone()
        if not exists or current == role:
            return
        present = set(connection.introspection.table_names(cursor))
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
        for statement in [_for_scratch(database, role), *_statements(role, present)]:
            cursor.execute(statement)


def _for_scratch(database: str, role: str) -> sql.Composed:
    """Events by the thousand are worked in through tables that last one transaction."""
    names = sql.Identifier(database), sql.Identifier(role)
    return sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(*names)


def _statements(role: str, present: set[str]) -> list[sql.Composed]:
    app = sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(
            app
        ),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(app),
        sql.SQL("REVOKE ALL ON FUNCTION ledger_post(jsonb) FROM PUBLIC").format(),
        sql.SQL("GRANT EXECUTE ON FUNCTION ledger_post(jsonb) TO {}").format(app),
    ]
    for table in LEDGER_TABLES:
        rights = "INSERT, UPDATE, DELETE"
        if table == "ledger_chainhead":
            rights = "UPDATE, DELETE"  # a new entity's chain begins with an insert
        statements.append(_revoke(rights, table, app))
    statements += [
        _revoke("UPDATE, DELETE", table, app)
        for table in settings.APPEND_ONLY_TABLES
        if table in present
    ]
    return statements


def _revoke(rights: str, table: str, app: sql.Identifier) -> sql.Composed:
    return sql.SQL("REVOKE " + rights + " ON {} FROM {}").format(sql.Identifier(table), app)
