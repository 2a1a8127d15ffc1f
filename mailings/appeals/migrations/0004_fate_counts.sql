-- The hourly figures move with the facts, in the same transaction and by what really changed: a
-- fact that is told twice moves nothing, one that is told earlier than before moves to its hour.
CREATE FUNCTION appeals_fate_facts(appeals_fate) RETURNS TABLE (fact text, at timestamptz)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT * FROM (VALUES
    ('processed', $1.processed_at), ('deferred', $1.deferred_at), ('delivered', $1.delivered_at),
    ('bounced', $1.bounced_at), ('blocked', $1.blocked_at), ('dropped', $1.dropped_at),
    ('complained', $1.complained_at), ('unsubscribed', $1.unsubscribed_at),
    ('replied', $1.replied_at), ('human_click', $1.human_click_at),
    ('machine_click', $1.machine_click_at), ('human_open', $1.human_open_at),
    ('machine_open', $1.machine_open_at)
  ) f (fact, at) WHERE f.at IS NOT NULL
$$;

CREATE FUNCTION appeals_count_fates() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO appeals_fatecount (appeal_id, content_id, fact, hour, messages)
    SELECT n.appeal_id, coalesce(n.content_id, 0), f.fact, date_trunc('hour', f.at, 'UTC'), count(*)
      FROM fresh n CROSS JOIN LATERAL appeals_fate_facts(n) f
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (appeal_id, content_id, fact, hour)
    DO UPDATE SET messages = appeals_fatecount.messages + EXCLUDED.messages;
  ELSE
    INSERT INTO appeals_fatecount (appeal_id, content_id, fact, hour, messages)
    SELECT appeal_id, content_id, fact, hour, sum(step) FROM (
      SELECT n.appeal_id, coalesce(n.content_id, 0) AS content_id, f.fact,
             date_trunc('hour', f.at, 'UTC') AS hour, 1 AS step
        FROM fresh n CROSS JOIN LATERAL appeals_fate_facts(n) f
      UNION ALL
      SELECT o.appeal_id, coalesce(o.content_id, 0), f.fact, date_trunc('hour', f.at, 'UTC'), -1
        FROM stale o CROSS JOIN LATERAL appeals_fate_facts(o) f
    ) moved
    GROUP BY 1, 2, 3, 4 HAVING sum(step) <> 0 ORDER BY 1, 2, 3, 4
    ON CONFLICT (appeal_id, content_id, fact, hour)
    DO UPDATE SET messages = appeals_fatecount.messages + EXCLUDED.messages;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER count_new_fates AFTER INSERT ON appeals_fate
  REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_count_fates();
CREATE TRIGGER count_changed_fates AFTER UPDATE ON appeals_fate
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_count_fates();

-- A fate only ever knows more: it is never deleted, and what was seen is not unseen. (What is
-- judged human or a machine's may be judged anew when more is known.)
CREATE FUNCTION appeals_fate_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'appeals: what happened to a message stays'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER fate_is_kept BEFORE DELETE ON appeals_fate
  FOR EACH ROW EXECUTE FUNCTION appeals_fate_stays();
CREATE TRIGGER fate_stays BEFORE UPDATE ON appeals_fate
  FOR EACH ROW WHEN (
    (NEW.appeal_id, NEW.seq) IS DISTINCT FROM (OLD.appeal_id, OLD.seq)
    OR NOT coalesce(NEW.processed_at <= OLD.processed_at, OLD.processed_at IS NULL)
    OR NOT coalesce(NEW.deferred_at <= OLD.deferred_at, OLD.deferred_at IS NULL)
    OR NOT coalesce(NEW.delivered_at <= OLD.delivered_at, OLD.delivered_at IS NULL)
    OR NOT coalesce(NEW.bounced_at <= OLD.bounced_at, OLD.bounced_at IS NULL)
    OR NOT coalesce(NEW.blocked_at <= OLD.blocked_at, OLD.blocked_at IS NULL)
    OR NOT coalesce(NEW.dropped_at <= OLD.dropped_at, OLD.dropped_at IS NULL)
    OR NOT coalesce(NEW.complained_at <= OLD.complained_at, OLD.complained_at IS NULL)
    OR NOT coalesce(NEW.unsubscribed_at <= OLD.unsubscribed_at, OLD.unsubscribed_at IS NULL)
    OR NOT coalesce(NEW.replied_at <= OLD.replied_at, OLD.replied_at IS NULL)
  )
  EXECUTE FUNCTION appeals_fate_stays();
