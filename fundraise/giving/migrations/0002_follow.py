"""The views, functions and triggers that keep the roll-ups (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("giving", "0001_initial"), ("gifts", "0005_monthly")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
