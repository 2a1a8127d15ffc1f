from pathlib import Path

from django.db import migrations


SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('books', '0001_initial'),
        ('ledger', '0006_a_series_that_left_before'),
    ]

    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
