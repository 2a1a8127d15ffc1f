from django.db import migrations

SET = "ALTER TABLE appeals_chunk ALTER donor_ids SET STORAGE {0}, ALTER sharing SET STORAGE {0}"


class Migration(migrations.Migration):
    """Lists of donors are kept without being packed: a third of the time of freezing went there."""

    dependencies = [("appeals", "0012_sharing")]

    operations = [migrations.RunSQL(SET.format("EXTERNAL"), SET.format("EXTENDED"))]
