-- Lines, items and matches go only with a file that was read and not booked.
CREATE FUNCTION reconciliation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found text;
BEGIN
  IF TG_TABLE_NAME = 'reconciliation_match' THEN
    SELECT f.state INTO found FROM reconciliation_item i
      JOIN reconciliation_statement s ON s.id = i.statement_id
      JOIN reconciliation_statementfile f ON f.id = s.file_id WHERE i.id = OLD.item_id;
  ELSE
    SELECT f.state INTO found FROM reconciliation_statement s
      JOIN reconciliation_statementfile f ON f.id = s.file_id WHERE s.id = OLD.statement_id;
  END IF;
  IF found IS DISTINCT FROM 'read' THEN
    RAISE EXCEPTION '% stays as it came', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;

DROP TRIGGER line_kept ON reconciliation_line;
DROP TRIGGER item_kept ON reconciliation_item;
DROP TRIGGER match_kept ON reconciliation_match;
CREATE TRIGGER line_kept BEFORE DELETE ON reconciliation_line
  FOR EACH ROW EXECUTE FUNCTION reconciliation_kept();
CREATE TRIGGER item_kept BEFORE DELETE ON reconciliation_item
  FOR EACH ROW EXECUTE FUNCTION reconciliation_kept();
CREATE TRIGGER match_kept BEFORE DELETE ON reconciliation_match
  FOR EACH ROW EXECUTE FUNCTION reconciliation_kept();

-- A booked file stays booked, and its bytes stay those that came.
CREATE TRIGGER statementfile_stays BEFORE UPDATE ON reconciliation_statementfile FOR EACH ROW WHEN (
  (OLD.ref, OLD.sha256, OLD.size, OLD.received_at)
  IS DISTINCT FROM (NEW.ref, NEW.sha256, NEW.size, NEW.received_at)
  OR (OLD.state = 'booked' AND NEW.state <> 'booked')
  OR (OLD.sealed IS DISTINCT FROM NEW.sealed AND NEW.sealed <> '')
) EXECUTE FUNCTION reconciliation_stays();
