"""What a booked file brought stays; what was only looked at can be put away (the SQL beside)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0005_how_items_are_kept")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
