"""What must never happen to an appeal, whatever the code does (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_appeals")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
