-- campaigns_move_many: what campaigns_move does one by one, for thousands of gifts with each row of
-- the roll-up written once. Rows that are written again and again in one transaction grow a chain of
-- dead versions that every further look-up walks through. The arrays are of the same length.
CREATE FUNCTION campaigns_move_many(p_campaigns bigint[], p_days date[], p_channels text[],
                                    p_ores bigint[], p_gifts int[], p_givers bytea[],
                                    p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE stranger bigint;
BEGIN
  PERFORM 1 FROM campaigns_thermometer t WHERE t.campaign_id = ANY(p_campaigns)
    ORDER BY t.campaign_id FOR NO KEY UPDATE;
  SELECT c INTO stranger FROM unnest(p_campaigns) c
   WHERE NOT EXISTS (SELECT 1 FROM campaigns_thermometer t WHERE t.campaign_id = c) LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'campaigns: % has no thermometer', stranger; END IF;
  WITH moves AS (
    SELECT * FROM unnest(p_campaigns, p_days, p_channels, p_ores, p_gifts, p_givers)
             AS m(campaign_id, day, channel, ore, gifts, giver)
  ), of_givers AS (
    SELECT m.campaign_id, m.giver, sum(m.gifts)::int AS gifts FROM moves m
     WHERE m.giver IS NOT NULL GROUP BY 1, 2 HAVING sum(m.gifts) <> 0
  ), standing AS (
    INSERT INTO campaigns_giver AS g (campaign_id, key, gifts)
      SELECT o.campaign_id, o.giver, greatest(o.gifts, 0) FROM of_givers o
      ON CONFLICT (campaign_id, key) DO UPDATE SET gifts = g.gifts + (
        SELECT o.gifts FROM of_givers o
         WHERE o.campaign_id = excluded.campaign_id AND o.giver = excluded.key)
      RETURNING g.campaign_id, g.key, g.gifts
  ), changes AS (
    SELECT o.campaign_id, sum((s.gifts > 0)::int - (s.gifts - o.gifts > 0)::int)::int AS donors
      FROM of_givers o JOIN standing s ON s.campaign_id = o.campaign_id AND s.key = o.giver
     GROUP BY 1
  ), by_day AS (
    INSERT INTO campaigns_daytotal AS d (campaign_id, day, channel, received_ore, gifts)
      SELECT m.campaign_id, m.day, m.channel, sum(m.ore)::bigint, sum(m.gifts)::int
        FROM moves m GROUP BY 1, 2, 3
      ON CONFLICT (campaign_id, day, channel) DO UPDATE
        SET received_ore = d.received_ore + excluded.received_ore, gifts = d.gifts + excluded.gifts
  )
  UPDATE campaigns_thermometer t
     SET received_ore = t.received_ore + m.ore, gifts = t.gifts + m.gifts,
         donors = t.donors + coalesce(c.donors, 0), moved_at = p_at
    FROM (SELECT campaign_id, sum(ore)::bigint AS ore, sum(gifts)::int AS gifts
            FROM moves GROUP BY 1) m
    LEFT JOIN changes c ON c.campaign_id = m.campaign_id
   WHERE t.campaign_id = m.campaign_id;
END $$;
