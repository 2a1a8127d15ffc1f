"""What stays as it came (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0002_proposals")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
