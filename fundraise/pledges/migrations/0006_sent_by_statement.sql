-- The same guard as before, asked once for a statement: a file may send a hundred thousand draws.
DROP TRIGGER sent_on_a_live_mandate ON pledges_collection;
DROP FUNCTION pledges_sent_on_a_live_mandate();
CREATE FUNCTION pledges_sent_on_live_mandates() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM now_so n JOIN was_so w ON w.id = n.id
    WHERE w.state = 'queued' AND n.state IN ('sent', 'doubt') AND NOT EXISTS (
      SELECT 1 FROM pledges_mandate m
      JOIN pledges_instalment i ON i.id = n.instalment_id
      JOIN pledges_pledge p ON p.id = i.pledge_id
      WHERE m.id = n.mandate_id AND m.state = 'active' AND m.pledge_id = p.id
        AND p.state = 'active' AND i.state = 'collecting'
    )
  ) THEN
    RAISE EXCEPTION 'pledges: a draw needs a live mandate and an active pledge'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sent_on_live_mandates AFTER UPDATE ON pledges_collection
  REFERENCING OLD TABLE AS was_so NEW TABLE AS now_so
  FOR EACH STATEMENT EXECUTE FUNCTION pledges_sent_on_live_mandates();
