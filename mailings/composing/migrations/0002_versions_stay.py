"""A kept version of a template is never changed or taken away, whoever asks."""

from __future__ import annotations

from django.db import migrations

GUARD = """
CREATE FUNCTION composing_version_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'composing: a kept version of a template stays as it is: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON composing_templateversion
    FOR EACH STATEMENT EXECUTE FUNCTION composing_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("composing", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION composing_version_stays() CASCADE;"),
    ]
