"""Every entity has a default fund, every campaign one of its entity's (the SQL beside this file)."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
FUND = models.ForeignKey(
    on_delete=django.db.models.deletion.PROTECT, related_name="campaigns", to="campaigns.fund"
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_fund")]
    operations = [
        migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop,
                          state_operations=[migrations.AlterField("campaign", "fund", FUND)])
    ]  # fmt: skip
