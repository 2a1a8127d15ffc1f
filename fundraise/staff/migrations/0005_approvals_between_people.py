from django.db import migrations, models

# What a key had asked is asked by whoever made the key.
NAME_THE_MAKER = """
  UPDATE staff_approval SET asked_by = 'staff:' || keys_apikey.made_by_id FROM keys_apikey
  WHERE staff_approval.asked_by = 'key:' || keys_apikey.prefix
    AND staff_approval.answered_by <> 'staff:' || keys_apikey.made_by_id"""


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0001_keys'),
        ('ledger', '0002_the_one_door'),
        ('staff', '0004_last_code'),
    ]

    operations = [
        migrations.RunSQL(NAME_THE_MAKER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_by__startswith', 'key:'), _negated=True), models.Q(('answered_by__startswith', 'key:'), _negated=True)), name='approval_between_people'),
        ),
    ]
