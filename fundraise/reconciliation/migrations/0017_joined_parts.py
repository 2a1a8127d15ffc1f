"""Parts of an item that are joined again stay and count no more (the SQL beside)."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0007_where_a_limited_proof_begins'),
        ('reconciliation', '0016_refused_lists'),
    ]

    operations = [
        migrations.AlterField(
            model_name='item',
            name='state',
            field=models.CharField(choices=[('new', 'Not looked at'), ('matched', 'Matched'), ('suggested', 'Suggested'), ('unknown', 'Unknown'), ('split', 'Split'), ('joined', 'Joined again')], default='new', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'joined'), _negated=True), models.Q(('part_of__isnull', False), ('suspense_journal', None)), _connector='OR'), name='item_joined_is_a_part_and_lies_nowhere'),
        ),
        migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop),
    ]
