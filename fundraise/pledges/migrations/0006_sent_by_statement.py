"""A draw is sent on a mandate that holds: held for whole statements (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("pledges", "0005_e_mandates")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
