"""A campaign keeps its fund once money came or is promised (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_fund_rules"), ("pledges", "0013_no_change_of_interval")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
