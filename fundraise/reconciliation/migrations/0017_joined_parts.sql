-- Parts that are one item again stay, joined, and count no more; the whole is open again only when
-- every part is joined, and a joined part never comes back.
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
  OR (OLD.state = 'split' AND NEW.state NOT IN ('split', 'unknown'))
  OR (OLD.state = 'joined' AND NEW.state <> 'joined')
) EXECUTE FUNCTION reconciliation_stays();

DROP TRIGGER item_split_ties ON reconciliation_item;
DROP TRIGGER item_part_ties ON reconciliation_item;

-- Looked at when the transaction ends: the parts of a split item are its sum, and an item that is
-- not split has none that count.
CREATE OR REPLACE FUNCTION reconciliation_split_ties() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whole bigint := CASE WHEN TG_ARGV[0] = 'part' THEN NEW.part_of_id ELSE NEW.id END;
  wanted bigint;
  found bigint;
BEGIN
  SELECT CASE WHEN state = 'split' THEN amount_ore ELSE 0 END INTO wanted
    FROM reconciliation_item WHERE id = whole;
  SELECT coalesce(sum(amount_ore), 0) INTO found FROM reconciliation_item
   WHERE part_of_id = whole AND state <> 'joined';
  IF found <> wanted THEN
    RAISE EXCEPTION 'the parts of an item are % and not its sum %', found, wanted
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER item_split_ties AFTER UPDATE OF state ON reconciliation_item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((NEW.state = 'split') <> (OLD.state = 'split'))
  EXECUTE FUNCTION reconciliation_split_ties('whole');
CREATE CONSTRAINT TRIGGER item_part_ties AFTER INSERT ON reconciliation_item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.part_of_id IS NOT NULL)
  EXECUTE FUNCTION reconciliation_split_ties('part');
CREATE CONSTRAINT TRIGGER item_joined_ties AFTER UPDATE OF state ON reconciliation_item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.state = 'joined' AND OLD.state <> 'joined')
  EXECUTE FUNCTION reconciliation_split_ties('part');
