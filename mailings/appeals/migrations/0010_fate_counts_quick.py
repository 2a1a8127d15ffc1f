"""The hourly figures are counted before they are laid out (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("appeals", "0009_noted")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
