-- Thousands of messages share a handful of hours: they are counted by all their hours first, and the
-- few sums that come of it are laid out by fact.
CREATE FUNCTION appeals_hour(timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT date_trunc('hour', $1, 'UTC') $$;

CREATE OR REPLACE FUNCTION appeals_count_fates() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO appeals_fatecount (appeal_id, content_id, fact, hour, messages)
    SELECT n.appeal_id, n.content_id, f.fact, f.hour, sum(n.messages)
      FROM (
        SELECT appeal_id, coalesce(content_id, 0) AS content_id, count(*) AS messages,
               appeals_hour(processed_at) AS h1, appeals_hour(deferred_at) AS h2,
               appeals_hour(delivered_at) AS h3, appeals_hour(bounced_at) AS h4,
               appeals_hour(blocked_at) AS h5, appeals_hour(dropped_at) AS h6,
               appeals_hour(complained_at) AS h7, appeals_hour(unsubscribed_at) AS h8,
               appeals_hour(replied_at) AS h9, appeals_hour(human_click_at) AS h10,
               appeals_hour(machine_click_at) AS h11, appeals_hour(human_open_at) AS h12,
               appeals_hour(machine_open_at) AS h13
          FROM fresh GROUP BY 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16) n
      CROSS JOIN LATERAL (VALUES
        ('processed', h1), ('deferred', h2), ('delivered', h3), ('bounced', h4), ('blocked', h5),
        ('dropped', h6), ('complained', h7), ('unsubscribed', h8), ('replied', h9),
        ('human_click', h10), ('machine_click', h11), ('human_open', h12), ('machine_open', h13)
      ) f (fact, hour)
     WHERE f.hour IS NOT NULL
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (appeal_id, content_id, fact, hour)
    DO UPDATE SET messages = appeals_fatecount.messages + EXCLUDED.messages;
  ELSE
    INSERT INTO appeals_fatecount (appeal_id, content_id, fact, hour, messages)
    SELECT n.appeal_id, n.content_id, f.fact, f.hour, sum(n.messages)
      FROM (
        SELECT appeal_id, coalesce(content_id, 0) AS content_id, sum(step) AS messages,
               appeals_hour(processed_at) AS h1, appeals_hour(deferred_at) AS h2,
               appeals_hour(delivered_at) AS h3, appeals_hour(bounced_at) AS h4,
               appeals_hour(blocked_at) AS h5, appeals_hour(dropped_at) AS h6,
               appeals_hour(complained_at) AS h7, appeals_hour(unsubscribed_at) AS h8,
               appeals_hour(replied_at) AS h9, appeals_hour(human_click_at) AS h10,
               appeals_hour(machine_click_at) AS h11, appeals_hour(human_open_at) AS h12,
               appeals_hour(machine_open_at) AS h13
          FROM (SELECT *, 1 AS step FROM fresh UNION ALL SELECT *, -1 FROM stale) both_
         GROUP BY 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16) n
      CROSS JOIN LATERAL (VALUES
        ('processed', h1), ('deferred', h2), ('delivered', h3), ('bounced', h4), ('blocked', h5),
        ('dropped', h6), ('complained', h7), ('unsubscribed', h8), ('replied', h9),
        ('human_click', h10), ('machine_click', h11), ('human_open', h12), ('machine_open', h13)
      ) f (fact, hour)
     WHERE f.hour IS NOT NULL
     GROUP BY 1, 2, 3, 4 HAVING sum(n.messages) <> 0 ORDER BY 1, 2, 3, 4
    ON CONFLICT (appeal_id, content_id, fact, hour)
    DO UPDATE SET messages = appeals_fatecount.messages + EXCLUDED.messages;
  END IF;
  RETURN NULL;
END $$;
DROP FUNCTION appeals_fate_facts(appeals_fate);
