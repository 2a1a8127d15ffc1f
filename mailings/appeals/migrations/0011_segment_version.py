"""The segment of an appeal is one that is there: the number becomes a key to its version."""

import django.db.models.deletion
from django.db import migrations, models

ADD = """
ALTER TABLE appeals_appeal ADD CONSTRAINT appeals_appeal_segment_version
  FOREIGN KEY (segment_version_id) REFERENCES segments_segmentversion (id)
  DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX appeals_appeal_segment_version ON appeals_appeal (segment_version_id);
"""
DROP = """
DROP INDEX appeals_appeal_segment_version;
ALTER TABLE appeals_appeal DROP CONSTRAINT appeals_appeal_segment_version;
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0010_fate_counts_quick"), ("segments", "0002_profile")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("appeal", "segment_version_id"),
                migrations.AddField(
                    "appeal",
                    "segment_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="segments.segmentversion",
                    ),
                ),
            ],
            database_operations=[migrations.RunSQL(ADD, DROP)],
        )
    ]
