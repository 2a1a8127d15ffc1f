-- The same guard, planned for each statement anew. A plan that a connection has made for one draw
-- and kept would compare each draw of a file with every other one: a hundred thousand, squared.
CREATE OR REPLACE FUNCTION pledges_sent_on_live_mandates() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  orphans boolean;
BEGIN
  EXECUTE $q$
    SELECT EXISTS (
      SELECT 1 FROM now_so n JOIN was_so w ON w.id = n.id
      WHERE w.state = 'queued' AND n.state IN ('sent', 'doubt') AND NOT EXISTS (
        SELECT 1 FROM pledges_mandate m
        JOIN pledges_instalment i ON i.id = n.instalment_id
        JOIN pledges_pledge p ON p.id = i.pledge_id
        WHERE m.id = n.mandate_id AND m.state = 'active' AND m.pledge_id = p.id
          AND p.state = 'active' AND i.state = 'collecting'
      ))
  $q$ INTO orphans;
  IF orphans THEN
    RAISE EXCEPTION 'pledges: a draw needs a live mandate and an active pledge'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
