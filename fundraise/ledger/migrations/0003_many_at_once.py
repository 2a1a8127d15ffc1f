"""ledger_post writes chain head and counters once for many journals (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_the_one_door")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
