"""The function that moves the thermometer by many gifts at once (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_promised")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
