"""A file's bytes may be sealed under another key; what they are stays."""

from django.db import migrations

SQL = """
DROP TRIGGER statementfile_stays ON reconciliation_statementfile;
CREATE TRIGGER statementfile_stays BEFORE UPDATE ON reconciliation_statementfile FOR EACH ROW WHEN (
  (OLD.ref, OLD.sha256, OLD.size, OLD.received_at)
  IS DISTINCT FROM (NEW.ref, NEW.sha256, NEW.size, NEW.received_at)
  OR (OLD.state = 'booked' AND NEW.state <> 'booked')
) EXECUTE FUNCTION reconciliation_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0006_kept_when_booked"),
        ("reconciliation", "0005_proof_of_the_house"),
    ]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
