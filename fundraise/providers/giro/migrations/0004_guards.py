from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "0004_guards.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("giro", "0003_fetched")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
