-- The profiles as they ought to be, with the days and the sums up to them (mailings/segments/
-- steps.py). Bits as in mailings/segments/bits.py.
CREATE OR REPLACE VIEW segments_profile_reckoned AS
  SELECT d.id AS donor_id, d.ref,
         (CASE WHEN d.status = 'active' AND d.died_on IS NULL AND d.no_contact_at IS NULL
               THEN 1 ELSE 0 END
          | CASE WHEN d.kind = 'person' THEN 2 ELSE 0 END
          | CASE WHEN d.language = 'sv' THEN 4 ELSE 0 END
          | CASE WHEN c.email THEN 8 ELSE 0 END
          | CASE WHEN c.postal THEN 16 ELSE 0 END
          | CASE WHEN c.phone THEN 32 ELSE 0 END
          | CASE WHEN p.ever THEN 64 ELSE 0 END
          | CASE WHEN p.active THEN 128 ELSE 0 END)::bigint
           | coalesce(b.bits, 0) AS bits,
         coalesce(y.years, 0) AS years,
         coalesce(g.given_ore, 0) AS given_ore, coalesce(g.largest_ore, 0) AS largest_ore,
         coalesce(g.last_ore, 0) AS last_ore, coalesce(g.once_ore, 0) AS once_ore,
         coalesce(g.gifts, 0) AS gifts, coalesce(g.once_gifts, 0) AS once_gifts,
         (d.created_at AT TIME ZONE 'Europe/Stockholm')::date AS known_on,
         g.first_on, g.last_on, g.once_on, d.source,
         coalesce(c.postcode, '') AS postcode, coalesce(c.town, '') AS town,
         coalesce(c.country, '') AS country,
         coalesce(s.steps, '{}') AS steps,
         CASE WHEN g.gifts > cardinality(g.days) THEN g.counts ELSE '{}' END AS counts
    FROM donors_donor d
    LEFT JOIN giving_donorgiving g ON g.donor_id = d.id
    LEFT JOIN LATERAL (
      SELECT bool_or(kind = 'email' AND state <> 'bouncing') AS email,
             bool_or(kind = 'postal') AS postal, bool_or(kind = 'phone') AS phone,
             max(postcode) FILTER (WHERE is_primary) AS postcode,
             max(town) FILTER (WHERE is_primary) AS town,
             max(country) FILTER (WHERE is_primary) AS country
        FROM donors_contactpoint WHERE donor_id = d.id) c ON true
    LEFT JOIN LATERAL (
      SELECT bit_or(1::bigint << (8 + 4 * place + CASE
               WHEN withdrawn_at IS NOT NULL OR objection_at IS NOT NULL THEN 3
               WHEN basis = 'consent' THEN 0 WHEN basis = 'membership' THEN 1 ELSE 2 END)) AS bits
        FROM donors_legalbasis
        JOIN (VALUES ('register', 0), ('appeals', 1), ('newsletter', 2), ('receipts', 3),
                     ('targeting', 4), ('tracking', 5)) n(name, place) ON n.name = purpose
       WHERE donor_id = d.id
         AND (ended_at IS NULL OR withdrawn_at IS NOT NULL OR objection_at IS NOT NULL)) b ON true
    LEFT JOIN LATERAL (
      SELECT true AS ever, bool_or(state = 'active') AS active
        FROM pledges_pledge WHERE donor_id = d.id AND state <> 'unconfirmed' HAVING count(*) > 0
      ) p ON true
    LEFT JOIN LATERAL (
      SELECT bit_or(1::bigint << least(greatest(extract(year FROM day)::int - 2000, 0), 62))
               AS years
        FROM unnest(g.days) day) y ON true
    LEFT JOIN LATERAL (
      SELECT array_agg((day - date '2000-01-01') * 70368744177664 + ore ORDER BY day) AS steps
        FROM unnest(g.days, g.sums_ore) s(day, ore)) s ON true;

-- As before, with the steps and the counts.
CREATE OR REPLACE FUNCTION segments_refresh() RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  donors bigint[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('segments.refresh'));
  WITH taken AS (DELETE FROM segments_stale RETURNING donor_id)
    SELECT array_agg(DISTINCT donor_id ORDER BY donor_id) INTO donors FROM taken;
  IF donors IS NULL THEN
    RETURN 0;
  END IF;
  EXECUTE $q$
    INSERT INTO segments_profile AS p
           (donor_id, ref, bits, years, given_ore, largest_ore, last_ore, once_ore, gifts,
            once_gifts, known_on, first_on, last_on, once_on, source, postcode, town, country,
            steps, counts)
    SELECT donor_id, ref, bits, years, given_ore, largest_ore, last_ore, once_ore, gifts,
           once_gifts, known_on, first_on, last_on, once_on, source, postcode, town, country,
           steps, counts
      FROM segments_profile_reckoned WHERE donor_id = ANY($1)
        ON CONFLICT (donor_id) DO UPDATE
       SET bits = excluded.bits, years = excluded.years, given_ore = excluded.given_ore,
           largest_ore = excluded.largest_ore, last_ore = excluded.last_ore,
           once_ore = excluded.once_ore, gifts = excluded.gifts,
           once_gifts = excluded.once_gifts, known_on = excluded.known_on,
           first_on = excluded.first_on, last_on = excluded.last_on, once_on = excluded.once_on,
           source = excluded.source, postcode = excluded.postcode, town = excluded.town,
           country = excluded.country, steps = excluded.steps, counts = excluded.counts
     WHERE (p.bits, p.years, p.given_ore, p.largest_ore, p.last_ore, p.once_ore, p.gifts,
            p.once_gifts, p.known_on, p.first_on, p.last_on, p.once_on, p.source, p.postcode,
            p.town, p.country, p.steps, p.counts)
           IS DISTINCT FROM
           (excluded.bits, excluded.years, excluded.given_ore, excluded.largest_ore,
            excluded.last_ore, excluded.once_ore, excluded.gifts, excluded.once_gifts,
            excluded.known_on, excluded.first_on, excluded.last_on, excluded.once_on,
            excluded.source, excluded.postcode, excluded.town, excluded.country,
            excluded.steps, excluded.counts)
  $q$ USING donors;
  RETURN cardinality(donors);
END $$;
-- Read for every count: in one piece also with many years of gifts in it.
ALTER TABLE segments_profile SET (toast_tuple_target = 8160);
ALTER TABLE segments_profile ALTER steps SET STORAGE EXTERNAL, ALTER counts SET STORAGE EXTERNAL;
INSERT INTO segments_stale (donor_id) SELECT id FROM donors_donor;
