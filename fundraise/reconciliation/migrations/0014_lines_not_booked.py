"""An item that came before its line loses it again when the line's file is put away unbooked."""

from django.db import migrations

SQL = """
DROP TRIGGER item_stays ON reconciliation_item;
CREATE TRIGGER item_stays BEFORE UPDATE ON reconciliation_item FOR EACH ROW WHEN (
  (OLD.ref, OLD.account_id, OLD.statement_id, OLD.booked_on, OLD.amount_ore, OLD.fingerprint,
   OLD.nth, OLD.is_return)
  IS DISTINCT FROM
  (NEW.ref, NEW.account_id, NEW.statement_id, NEW.booked_on, NEW.amount_ore, NEW.fingerprint,
   NEW.nth, NEW.is_return)
  OR OLD.said IS DISTINCT FROM NEW.said
  OR (OLD.part_of_id IS NOT NULL AND OLD.part_of_id IS DISTINCT FROM NEW.part_of_id)
  OR (OLD.line_id IS NOT NULL AND NEW.line_id IS NOT NULL
      AND OLD.line_id IS DISTINCT FROM NEW.line_id)
  OR (OLD.state = 'split' AND NEW.state <> 'split')
) EXECUTE FUNCTION reconciliation_stays();

CREATE FUNCTION reconciliation_line_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM reconciliation_line l
               JOIN reconciliation_statement s ON s.id = l.statement_id
               JOIN reconciliation_statementfile f ON f.id = s.file_id
              WHERE l.id = OLD.line_id AND f.state <> 'read') THEN
    RAISE EXCEPTION 'reconciliation_item stays as it came' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER item_line_stays BEFORE UPDATE OF line_id ON reconciliation_item FOR EACH ROW
  WHEN (OLD.line_id IS NOT NULL AND NEW.line_id IS NULL)
  EXECUTE FUNCTION reconciliation_line_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0013_versions_of_mappings")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
