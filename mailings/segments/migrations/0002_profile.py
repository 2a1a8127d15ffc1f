"""The view, triggers and function that keep the profiles (the SQL beside this file)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("segments", "0001_initial"),
        ("giving", "0002_follow"),
        ("donors", "0007_place"),
        ("pledges", "0013_no_change_of_interval"),
    ]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
