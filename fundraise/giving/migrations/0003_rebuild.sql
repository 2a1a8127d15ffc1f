-- Everybody anew: for what wrote gifts with the triggers off, and for gifts from before this table.
-- The tables are emptied and written in one go each, in the order that they are read in. Who books
-- meanwhile waits at the first table, and adds up what it booked when this is done.
CREATE OR REPLACE FUNCTION giving_rebuild() RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp
SET work_mem = '256MB' SET enable_indexscan = off SET enable_bitmapscan = off AS $$
BEGIN
  LOCK TABLE giving_donorgiving, giving_campaigngiving, giving_channelgiving
    IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM giving_campaigngiving;
  DELETE FROM giving_channelgiving;
  DELETE FROM giving_donorgiving;
  INSERT INTO giving_donorgiving
         (donor_id, gifts, given_ore, largest_ore, first_on, last_on, last_ore, days, sums_ore,
          counts, once_gifts, once_on, once_ore)
  SELECT donor_id, gifts, given_ore, largest_ore, first_on, last_on, last_ore, days, sums_ore,
         counts, once_gifts, once_on, once_ore
    FROM giving_donor_reckoned ORDER BY donor_id;
  INSERT INTO giving_campaigngiving
         (donor_id, campaign_id, gifts, given_ore, largest_ore, first_on, last_on, last_ore, days,
          sums_ore, counts)
  SELECT donor_id, campaign_id, gifts, given_ore, largest_ore, first_on, last_on, last_ore, days,
         sums_ore, counts
    FROM giving_campaign_reckoned ORDER BY donor_id, campaign_id;
  INSERT INTO giving_channelgiving
         (donor_id, channel, gifts, given_ore, largest_ore, first_on, last_on, last_ore, days,
          sums_ore, counts)
  SELECT donor_id, channel, gifts, given_ore, largest_ore, first_on, last_on, last_ore, days,
         sums_ore, counts
    FROM giving_channel_reckoned ORDER BY donor_id, channel;
END $$;
