"""The trigger that holds a received gift to its journal (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("gifts", "0002_second_person")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
