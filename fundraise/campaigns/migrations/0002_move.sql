-- campaigns_move: the only writer of the roll-up rows (fundraise/campaigns/services.py calls it
-- last in the journal's transaction). The thermometer's row is locked first: it puts all moves of
-- a campaign in one order.
CREATE FUNCTION campaigns_move(p_campaign bigint, p_day date, p_channel text, p_ore bigint,
                               p_gifts int, p_giver bytea, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  standing int;
  change int := 0;
BEGIN
  PERFORM 1 FROM campaigns_thermometer t WHERE t.campaign_id = p_campaign FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'campaigns: % has no thermometer', p_campaign; END IF;
  IF p_giver IS NOT NULL AND p_gifts <> 0 THEN
    INSERT INTO campaigns_giver AS g (campaign_id, key, gifts)
      VALUES (p_campaign, p_giver, greatest(p_gifts, 0))
      ON CONFLICT (campaign_id, key) DO UPDATE SET gifts = g.gifts + p_gifts
      RETURNING g.gifts INTO standing;
    IF p_gifts > 0 AND standing = p_gifts THEN change := 1; END IF;
    IF p_gifts < 0 AND standing = 0 THEN change := -1; END IF;
  END IF;
  INSERT INTO campaigns_daytotal AS d (campaign_id, day, channel, received_ore, gifts)
    VALUES (p_campaign, p_day, p_channel, p_ore, p_gifts)
    ON CONFLICT (campaign_id, day, channel)
    DO UPDATE SET received_ore = d.received_ore + p_ore, gifts = d.gifts + p_gifts;
  UPDATE campaigns_thermometer t
     SET received_ore = t.received_ore + p_ore, gifts = t.gifts + p_gifts,
         donors = t.donors + change, moved_at = p_at
   WHERE t.campaign_id = p_campaign;
END $$;
