"""Purposes become funds of the house (the SQL beside this file)."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def fund(**options: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="spent", to="campaigns.fund",
        **options,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_fund_rules"),
        ("charity", "0002_age_and_returns"),
        ("pledges", "0014_promised_fund_stays"),
    ]
    operations = [
        migrations.RenameModel("PurposeSpend", "FundSpend"),
        migrations.AddField("fundspend", "fund", fund(null=True)),
        migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop),
        migrations.RemoveField("fundspend", "purpose"),
        migrations.AlterField("fundspend", "fund", fund()),
        migrations.RemoveConstraint("fundspend", "purpose_spend_above_zero"),
        migrations.AddConstraint(
            "fundspend",
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="fund_spend_above_zero"),
        ),
        migrations.DeleteModel("CampaignPurpose"),
        migrations.DeleteModel("GiftPurpose"),
        migrations.DeleteModel("Purpose"),
    ]
