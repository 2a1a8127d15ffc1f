"""The guard of sent draws is planned for each statement anew (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("pledges", "0007_reminded")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
