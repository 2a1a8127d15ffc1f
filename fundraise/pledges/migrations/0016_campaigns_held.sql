-- A gift and a pledge hold their campaign as soon as they are written, not only when they are
-- committed: so a change of the campaign's fund waits for them, and sees them. The check is the
-- same one, at the end of the statement instead of at the end of the transaction.
DO $$
DECLARE
  held record;
BEGIN
  FOR held IN
    SELECT conrelid::regclass AS child, conname FROM pg_constraint
     WHERE contype = 'f' AND confrelid = 'campaigns_campaign'::regclass
       AND conrelid IN ('gifts_gift'::regclass, 'pledges_pledge'::regclass)
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', held.child, held.conname);
  END LOOP;
END $$;
