-- What counts of a gift, and on which day of Stockholm.
CREATE VIEW giving_gift AS
  SELECT id, donor_id, campaign_id, channel, origin = 'pledge' AS drawn, received_at,
         (received_at AT TIME ZONE 'Europe/Stockholm')::date AS day,
         amount_ore - refunded_ore - disputed_ore AS ore
    FROM gifts_gift
   WHERE state = 'received' AND donor_id IS NOT NULL
     AND amount_ore > refunded_ore + disputed_ore;

-- The three roll-ups as they ought to be. Asked for some donors, they read those donors' gifts only.
CREATE VIEW giving_donor_reckoned AS
  SELECT donor_id, sum(gifts)::int AS gifts, sum(ore)::bigint AS given_ore,
         max(largest_ore) AS largest_ore, min(day) AS first_on, max(day) AS last_on,
         (array_agg(last_ore ORDER BY day DESC))[1] AS last_ore,
         array_agg(day ORDER BY day) AS days,
         array_agg(sum_ore::bigint ORDER BY day) AS sums_ore,
         array_agg(sum_gifts::int ORDER BY day) AS counts,
         sum(once_gifts)::int AS once_gifts,
         max(day) FILTER (WHERE once_gifts > 0) AS once_on,
         coalesce((array_agg(once_ore ORDER BY day DESC) FILTER (WHERE once_gifts > 0))[1], 0)
           AS once_ore
    FROM (SELECT donor_id, day, count(*) AS gifts, sum(ore) AS ore, max(ore) AS largest_ore,
                 (array_agg(ore ORDER BY received_at DESC, id DESC))[1] AS last_ore,
                 sum(sum(ore)) OVER so_far AS sum_ore, sum(count(*)) OVER so_far AS sum_gifts,
                 count(*) FILTER (WHERE NOT drawn) AS once_gifts,
                 (array_agg(ore ORDER BY received_at DESC, id DESC) FILTER (WHERE NOT drawn))[1]
                   AS once_ore
            FROM giving_gift GROUP BY donor_id, day
          WINDOW so_far AS (PARTITION BY donor_id ORDER BY day)) d
   GROUP BY donor_id;

CREATE VIEW giving_campaign_reckoned AS
  SELECT donor_id, campaign_id, sum(gifts)::int AS gifts, sum(ore)::bigint AS given_ore,
         max(largest_ore) AS largest_ore, min(day) AS first_on, max(day) AS last_on,
         (array_agg(last_ore ORDER BY day DESC))[1] AS last_ore,
         array_agg(day ORDER BY day) AS days,
         array_agg(sum_ore::bigint ORDER BY day) AS sums_ore,
         array_agg(sum_gifts::int ORDER BY day) AS counts
    FROM (SELECT donor_id, campaign_id, day, count(*) AS gifts, sum(ore) AS ore,
                 max(ore) AS largest_ore,
                 (array_agg(ore ORDER BY received_at DESC, id DESC))[1] AS last_ore,
                 sum(sum(ore)) OVER so_far AS sum_ore, sum(count(*)) OVER so_far AS sum_gifts
            FROM giving_gift GROUP BY donor_id, campaign_id, day
          WINDOW so_far AS (PARTITION BY donor_id, campaign_id ORDER BY day)) d
   GROUP BY donor_id, campaign_id;

CREATE VIEW giving_channel_reckoned AS
  SELECT donor_id, channel, sum(gifts)::int AS gifts, sum(ore)::bigint AS given_ore,
         max(largest_ore) AS largest_ore, min(day) AS first_on, max(day) AS last_on,
         (array_agg(last_ore ORDER BY day DESC))[1] AS last_ore,
         array_agg(day ORDER BY day) AS days,
         array_agg(sum_ore::bigint ORDER BY day) AS sums_ore,
         array_agg(sum_gifts::int ORDER BY day) AS counts
    FROM (SELECT donor_id, channel, day, count(*) AS gifts, sum(ore) AS ore,
                 max(ore) AS largest_ore,
                 (array_agg(ore ORDER BY received_at DESC, id DESC))[1] AS last_ore,
                 sum(sum(ore)) OVER so_far AS sum_ore, sum(count(*)) OVER so_far AS sum_gifts
            FROM giving_gift GROUP BY donor_id, channel, day
          WINDOW so_far AS (PARTITION BY donor_id, channel ORDER BY day)) d
   GROUP BY donor_id, channel;

-- A row that is read for every count stays in one piece, also with the months of many years in it.
ALTER TABLE giving_donorgiving SET (fillfactor = 85, toast_tuple_target = 8160);
ALTER TABLE giving_donorgiving ALTER days SET STORAGE EXTERNAL,
  ALTER sums_ore SET STORAGE EXTERNAL, ALTER counts SET STORAGE EXTERNAL;

-- Adds up anew what these donors (rising, each once) have given. The first statement makes the rows
-- that are missing, in order; the second locks all of them, in order; only then are the gifts read,
-- in a snapshot that sees what everybody before us has committed. So two bookings for one donor
-- can't overwrite each other, and two for the same donors can't wait for each other in a ring:
-- who waits for a row that is there holds none that somebody else is about to make.
-- Planned anew each time: a plan made for one donor would be bad for a hundred thousand.
CREATE FUNCTION giving_recount(p_donors bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO giving_donorgiving
         (donor_id, gifts, given_ore, largest_ore, last_ore, days, sums_ore, counts, once_gifts,
          once_ore)
  SELECT d, 0, 0, 0, 0, '{}', '{}', '{}', 0, 0 FROM unnest(p_donors) d ORDER BY d
      ON CONFLICT (donor_id) DO NOTHING;
  PERFORM 1 FROM giving_donorgiving WHERE donor_id = ANY(p_donors) ORDER BY donor_id FOR UPDATE;
  EXECUTE $q$
    UPDATE giving_donorgiving g
       SET gifts = coalesce(r.gifts, 0), given_ore = coalesce(r.given_ore, 0),
           largest_ore = coalesce(r.largest_ore, 0), first_on = r.first_on, last_on = r.last_on,
           last_ore = coalesce(r.last_ore, 0), days = coalesce(r.days, '{}'),
           sums_ore = coalesce(r.sums_ore, '{}'), counts = coalesce(r.counts, '{}'),
           once_gifts = coalesce(r.once_gifts, 0), once_on = r.once_on,
           once_ore = coalesce(r.once_ore, 0)
      FROM unnest($1) d
      LEFT JOIN (SELECT * FROM giving_donor_reckoned WHERE donor_id = ANY($1)) r
        ON r.donor_id = d
     WHERE g.donor_id = d
  $q$ USING p_donors;
  EXECUTE $q$
    INSERT INTO giving_campaigngiving AS g
           (donor_id, campaign_id, gifts, given_ore, largest_ore, first_on, last_on, last_ore,
            days, sums_ore, counts)
    SELECT donor_id, campaign_id, gifts, given_ore, largest_ore, first_on, last_on, last_ore,
           days, sums_ore, counts
      FROM giving_campaign_reckoned WHERE donor_id = ANY($1)
        ON CONFLICT (donor_id, campaign_id) DO UPDATE
       SET gifts = excluded.gifts, given_ore = excluded.given_ore,
           largest_ore = excluded.largest_ore, first_on = excluded.first_on,
           last_on = excluded.last_on, last_ore = excluded.last_ore, days = excluded.days,
           sums_ore = excluded.sums_ore, counts = excluded.counts
     WHERE (g.days, g.sums_ore, g.counts, g.largest_ore, g.last_ore) IS DISTINCT FROM
           (excluded.days, excluded.sums_ore, excluded.counts, excluded.largest_ore,
            excluded.last_ore)
  $q$ USING p_donors;
  EXECUTE $q$
    INSERT INTO giving_channelgiving AS g
           (donor_id, channel, gifts, given_ore, largest_ore, first_on, last_on, last_ore,
            days, sums_ore, counts)
    SELECT donor_id, channel, gifts, given_ore, largest_ore, first_on, last_on, last_ore,
           days, sums_ore, counts
      FROM giving_channel_reckoned WHERE donor_id = ANY($1)
        ON CONFLICT (donor_id, channel) DO UPDATE
       SET gifts = excluded.gifts, given_ore = excluded.given_ore,
           largest_ore = excluded.largest_ore, first_on = excluded.first_on,
           last_on = excluded.last_on, last_ore = excluded.last_ore, days = excluded.days,
           sums_ore = excluded.sums_ore, counts = excluded.counts
     WHERE (g.days, g.sums_ore, g.counts, g.largest_ore, g.last_ore) IS DISTINCT FROM
           (excluded.days, excluded.sums_ore, excluded.counts, excluded.largest_ore,
            excluded.last_ore)
  $q$ USING p_donors;
  EXECUTE $q$
    DELETE FROM giving_campaigngiving g WHERE donor_id = ANY($1) AND NOT EXISTS (
      SELECT FROM giving_gift s WHERE s.donor_id = g.donor_id AND s.campaign_id = g.campaign_id)
  $q$ USING p_donors;
  EXECUTE $q$
    DELETE FROM giving_channelgiving g WHERE donor_id = ANY($1) AND NOT EXISTS (
      SELECT FROM giving_gift s WHERE s.donor_id = g.donor_id AND s.channel = g.channel)
  $q$ USING p_donors;
END $$;

-- Whatever door a gift came, changed or went through: whose sums does it move?
CREATE FUNCTION giving_follow() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  donors bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT donor_id ORDER BY donor_id) INTO donors FROM now_so
     WHERE donor_id IS NOT NULL AND state = 'received';
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT donor_id ORDER BY donor_id) INTO donors FROM was_so
     WHERE donor_id IS NOT NULL AND state = 'received';
  ELSIF EXISTS (SELECT FROM now_so WHERE donor_id IS NOT NULL)
     OR EXISTS (SELECT FROM was_so WHERE donor_id IS NOT NULL) THEN
    EXECUTE $q$
      SELECT array_agg(DISTINCT d ORDER BY d) FROM (
        SELECT unnest(ARRAY[n.donor_id, w.donor_id]) AS d
          FROM now_so n JOIN was_so w ON w.id = n.id
         WHERE 'received' IN (n.state, w.state)
           AND (n.donor_id, n.state, n.amount_ore, n.refunded_ore, n.disputed_ore, n.received_at,
                n.channel, n.campaign_id, n.origin)
               IS DISTINCT FROM
               (w.donor_id, w.state, w.amount_ore, w.refunded_ore, w.disputed_ore, w.received_at,
                w.channel, w.campaign_id, w.origin)) moved
       WHERE d IS NOT NULL
    $q$ INTO donors;
  END IF;
  IF donors IS NOT NULL THEN
    PERFORM giving_recount(donors);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER giving_follows_new AFTER INSERT ON gifts_gift
  REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION giving_follow();
CREATE TRIGGER giving_follows_changed AFTER UPDATE ON gifts_gift
  REFERENCING OLD TABLE AS was_so NEW TABLE AS now_so
  FOR EACH STATEMENT EXECUTE FUNCTION giving_follow();
CREATE TRIGGER giving_follows_gone AFTER DELETE ON gifts_gift
  REFERENCING OLD TABLE AS was_so FOR EACH STATEMENT EXECUTE FUNCTION giving_follow();

-- Everybody anew: for what wrote gifts with the triggers off, and for gifts from before this table.
CREATE FUNCTION giving_rebuild() RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  donors bigint[];
BEGIN
  SELECT array_agg(donor_id ORDER BY donor_id) INTO donors FROM (
    SELECT donor_id FROM gifts_gift WHERE donor_id IS NOT NULL AND state = 'received'
    UNION SELECT donor_id FROM giving_donorgiving) d;
  IF donors IS NOT NULL THEN
    PERFORM giving_recount(donors);
  END IF;
END $$;
SELECT giving_rebuild();
