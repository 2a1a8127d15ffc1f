"""Gifts and pledges hold their campaign from the statement on (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("pledges", "0015_reference_of_a_change")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
