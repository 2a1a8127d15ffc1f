"""The log is append-only for everybody, its owner too; the app may add and read."""

from __future__ import annotations

from django.db import migrations

TABLES = ("audit_changeline", "audit_readline")

REFUSE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

GRANTS = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'fundraise_app') THEN
        REVOKE ALL ON audit_changeline, audit_readline FROM fundraise_app;
        GRANT SELECT, INSERT ON audit_changeline, audit_readline TO fundraise_app;
        GRANT USAGE ON SEQUENCE audit_changeline_id_seq, audit_readline_id_seq TO fundraise_app;
    END IF;
END $$;
"""

UNDO = "DROP FUNCTION audit_refuse_change() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=REFUSE + "".join(TRIGGER.format(table=table) for table in TABLES),
            reverse_sql=UNDO,
        ),
        migrations.RunSQL(sql=GRANTS, reverse_sql=migrations.RunSQL.noop),
    ]
