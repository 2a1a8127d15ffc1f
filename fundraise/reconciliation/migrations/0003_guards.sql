-- What the bank said stays as it came; what was decided stays, with who ended it.

CREATE FUNCTION reconciliation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% stays as it came', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Lines: the sum, the day and the account never change; a booked line never loses its journal.
CREATE TRIGGER line_stays BEFORE UPDATE ON reconciliation_line FOR EACH ROW WHEN (
  (OLD.ref, OLD.account_id, OLD.statement_id, OLD.booked_on, OLD.amount_ore, OLD.fingerprint,
   OLD.nth)
  IS DISTINCT FROM
  (NEW.ref, NEW.account_id, NEW.statement_id, NEW.booked_on, NEW.amount_ore, NEW.fingerprint,
   NEW.nth)
  OR OLD.balance_ore IS DISTINCT FROM NEW.balance_ore
  OR OLD.said IS DISTINCT FROM NEW.said
  OR (OLD.journal_id IS NOT NULL AND OLD.journal_id IS DISTINCT FROM NEW.journal_id)
) EXECUTE FUNCTION reconciliation_stays();

CREATE TRIGGER line_kept BEFORE DELETE ON reconciliation_line FOR EACH ROW
  WHEN (OLD.journal_id IS NOT NULL OR OLD.other_books) EXECUTE FUNCTION reconciliation_stays();

-- Items: likewise. A line and a whole are found once and then kept; suspense is booked anew only
-- after a match was undone.
CREATE TRIGGER item_stays BEFORE UPDATE ON reconciliation_item FOR EACH ROW WHEN (
  (OLD.ref, OLD.account_id, OLD.statement_id, OLD.booked_on, OLD.amount_ore, OLD.fingerprint,
   OLD.nth, OLD.is_return)
  IS DISTINCT FROM
  (NEW.ref, NEW.account_id, NEW.statement_id, NEW.booked_on, NEW.amount_ore, NEW.fingerprint,
   NEW.nth, NEW.is_return)
  OR OLD.said IS DISTINCT FROM NEW.said
  OR (OLD.part_of_id IS NOT NULL AND OLD.part_of_id IS DISTINCT FROM NEW.part_of_id)
  OR (OLD.line_id IS NOT NULL AND OLD.line_id IS DISTINCT FROM NEW.line_id)
  OR (OLD.state = 'split' AND NEW.state <> 'split')
) EXECUTE FUNCTION reconciliation_stays();

CREATE TRIGGER item_kept BEFORE DELETE ON reconciliation_item FOR EACH ROW
  WHEN (OLD.state IN ('matched', 'split') OR OLD.suspense_journal_id IS NOT NULL)
  EXECUTE FUNCTION reconciliation_stays();

-- The parts of a split item are its sum, looked at when the transaction ends.
CREATE FUNCTION reconciliation_split_ties() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whole bigint := coalesce(NEW.part_of_id, NEW.id);
  wanted bigint;
  became text;
  found bigint;
BEGIN
  SELECT amount_ore, state INTO wanted, became FROM reconciliation_item WHERE id = whole;
  SELECT coalesce(sum(amount_ore), 0) INTO found FROM reconciliation_item WHERE part_of_id = whole;
  IF became <> 'split' OR found <> wanted THEN
    RAISE EXCEPTION 'the parts of an item are % and not its sum %', found, wanted
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER item_split_ties AFTER UPDATE OF state ON reconciliation_item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.state = 'split' AND OLD.state <> 'split')
  EXECUTE FUNCTION reconciliation_split_ties();
CREATE CONSTRAINT TRIGGER item_part_ties AFTER INSERT ON reconciliation_item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.part_of_id IS NOT NULL)
  EXECUTE FUNCTION reconciliation_split_ties();

-- Matches: what was decided, by whom and on what evidence, stays; it can only end.
CREATE TRIGGER match_stays BEFORE UPDATE ON reconciliation_match FOR EACH ROW WHEN (
  (OLD.ref, OLD.item_id, OLD.kind, OLD.made_at)
  IS DISTINCT FROM (NEW.ref, NEW.item_id, NEW.kind, NEW.made_at)
  OR OLD.rule_id IS DISTINCT FROM NEW.rule_id
  OR (OLD.journal_id IS NOT NULL AND OLD.journal_id IS DISTINCT FROM NEW.journal_id)
  OR (OLD.gift_id IS NOT NULL AND OLD.gift_id IS DISTINCT FROM NEW.gift_id)
  OR (OLD.state = 'suggested' AND NEW.state NOT IN ('suggested', 'stands', 'refused', 'stale'))
  OR (OLD.state = 'stands' AND NEW.state NOT IN ('stands', 'undone'))
  OR OLD.state IN ('refused', 'undone', 'stale')
) EXECUTE FUNCTION reconciliation_stays();

CREATE TRIGGER match_kept BEFORE DELETE ON reconciliation_match FOR EACH ROW
  WHEN (OLD.state <> 'suggested') EXECUTE FUNCTION reconciliation_stays();

-- Rules: a version is written once.
CREATE TRIGGER ruleversion_stays BEFORE UPDATE OR DELETE ON reconciliation_ruleversion
  FOR EACH ROW EXECUTE FUNCTION reconciliation_stays();
CREATE TRIGGER ruletrial_stays BEFORE UPDATE OR DELETE ON reconciliation_ruletrial
  FOR EACH ROW EXECUTE FUNCTION reconciliation_stays();

-- The queue: what is settled stays settled, and nothing leaves it unseen.
CREATE TRIGGER exception_stays BEFORE UPDATE ON reconciliation_queueitem FOR EACH ROW WHEN (
  OLD.state = 'settled'
  OR (OLD.ref, OLD.code, OLD.subject, OLD.entity_id) IS DISTINCT FROM
     (NEW.ref, NEW.code, NEW.subject, NEW.entity_id)
) EXECUTE FUNCTION reconciliation_stays();
CREATE TRIGGER exception_kept BEFORE DELETE ON reconciliation_queueitem
  FOR EACH ROW EXECUTE FUNCTION reconciliation_stays();

-- A proposal is answered once, and is done as it was asked.
CREATE TRIGGER proposal_stays BEFORE UPDATE ON reconciliation_proposal FOR EACH ROW WHEN (
  OLD.state <> 'asked'
  OR (OLD.ref, OLD.kind, OLD.subject, OLD.what, OLD.asked_by) IS DISTINCT FROM
     (NEW.ref, NEW.kind, NEW.subject, NEW.what, NEW.asked_by)
) EXECUTE FUNCTION reconciliation_stays();
