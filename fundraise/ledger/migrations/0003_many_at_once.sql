-- ledger_post as in migration 0002, but a chain head and a counter are read when their entity or
-- year comes up and written when another one does, or at the end. Written once for each journal,
-- their dead versions would make a chain that every further look-up of the transaction walks along.
-- Nobody else sees or moves them meanwhile: the heads are locked from the beginning until commit.
CREATE FUNCTION ledger_count(p ledger_seriescounter) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO ledger_seriescounter AS c (series_id, year, last_number)
    SELECT p.series_id, p.year, p.last_number WHERE p.series_id IS NOT NULL
    ON CONFLICT (series_id, year) DO UPDATE SET last_number = excluded.last_number
$$;

CREATE OR REPLACE FUNCTION ledger_post(p_journals jsonb)
RETURNS TABLE (r_ref uuid, r_id bigint, r_year int, r_number int, r_day date, r_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  item jsonb;
  entity bigint;
  serie bigint;
  code text;
  j ledger_journal;
  head ledger_chainhead;
  counter ledger_seriescounter;
BEGIN
  PERFORM 1 FROM ledger_chainhead c
    WHERE c.entity_id IN (SELECT (x->>'entity')::bigint FROM jsonb_array_elements(p_journals) x)
    ORDER BY c.entity_id FOR UPDATE;
  FOR item IN SELECT * FROM jsonb_array_elements(p_journals) LOOP
    entity := (item->>'entity')::bigint;
    SELECT * INTO j FROM ledger_journal b
      WHERE b.entity_id = entity AND b.source = item->>'source';
    IF FOUND THEN
      r_ref := j.ref; r_id := j.id; r_year := j.year; r_number := j.number;
      r_day := j.accounting_date; r_new := false;
      RETURN NEXT;
      CONTINUE;
    END IF;
    IF coalesce(jsonb_array_length(item->'entries'), 0) = 0 THEN
      RAISE EXCEPTION 'ledger: a journal needs at least one entry (%)', item->>'source';
    END IF;
    IF head.entity_id IS DISTINCT FROM entity THEN
      UPDATE ledger_chainhead c SET position = head.position, hash = head.hash
        WHERE c.entity_id = head.entity_id;
      SELECT * INTO head FROM ledger_chainhead c WHERE c.entity_id = entity;
      IF NOT FOUND THEN RAISE EXCEPTION 'ledger: entity % has no books', entity; END IF;
      code := NULL;
    END IF;
    IF code IS DISTINCT FROM item->>'series' THEN
      code := item->>'series';
      SELECT s.id INTO serie FROM ledger_series s
        WHERE s.entity_id = entity AND s.code = item->>'series';
      IF NOT FOUND THEN RAISE EXCEPTION 'ledger: entity % has no series %', entity, code; END IF;
    END IF;
    j := NULL;
    j.id := nextval(pg_get_serial_sequence('ledger_journal', 'id'));
    j.ref := (item->>'ref')::uuid;
    j.entity_id := entity;
    j.series_id := serie;
    j.event_date := (item->>'event_date')::date;
    j.accounting_date := ledger_open_day(entity, (item->>'accounting_date')::date);
    j.year := extract(year FROM j.accounting_date)::int;
    j.registered_at := (item->>'registered_at')::timestamptz;
    j.text := item->>'text';
    j.source := item->>'source';
    j.document := item->>'document';
    j.by := item->>'by';
    j.reversal_of_id := (item->>'reversal_of')::bigint;
    IF j.reversal_of_id IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM ledger_journal b WHERE b.id = j.reversal_of_id AND b.entity_id = entity) THEN
      RAISE EXCEPTION 'ledger: % reverses no journal of entity %', j.source, entity;
    END IF;
    -- Kind 6 is a campaign, kind 1 a district (SIE).
    IF EXISTS (
         SELECT 1 FROM jsonb_array_elements(item->'entries') e,
                LATERAL (VALUES ((e->>'campaign')::bigint, 6), ((e->>'district')::bigint, 1)) d(id, k)
          WHERE d.id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM ledger_dimension x
                 WHERE x.id = d.id AND x.entity_id = entity AND x.kind = d.k)) THEN
      RAISE EXCEPTION 'ledger: % has a dimension of another entity or kind', j.source;
    END IF;
    IF (counter.series_id, counter.year) IS DISTINCT FROM (serie, j.year::int) THEN
      PERFORM ledger_count(counter);
      SELECT * INTO counter FROM ledger_seriescounter c
        WHERE c.series_id = serie AND c.year = j.year;
      IF NOT FOUND THEN
        counter.series_id := serie; counter.year := j.year; counter.last_number := 0;
      END IF;
    END IF;
    counter.last_number := counter.last_number + 1;
    j.number := counter.last_number;
    j.position := head.position + 1;
    -- Entries first in time, journal first in order: the foreign key is checked at commit.
    INSERT INTO ledger_entry (journal_id, line, debit_account_id, credit_account_id, amount_ore,
                              campaign_id, district_id)
      SELECT j.id, n, ledger_account(entity, e->>'debit'), ledger_account(entity, e->>'credit'),
             (e->>'amount_ore')::bigint, (e->>'campaign')::bigint, (e->>'district')::bigint
        FROM jsonb_array_elements(item->'entries') WITH ORDINALITY AS x(e, n);
    j.digest := ledger_digest(j);
    j.hash := ledger_chain(head.hash, j.position, j.digest);
    INSERT INTO ledger_journal SELECT j.*;
    head.position := j.position; head.hash := j.hash;
    r_ref := j.ref; r_id := j.id; r_year := j.year; r_number := j.number;
    r_day := j.accounting_date; r_new := true;
    RETURN NEXT;
  END LOOP;
  PERFORM ledger_count(counter);
  UPDATE ledger_chainhead c SET position = head.position, hash = head.hash
    WHERE c.entity_id = head.entity_id;
END $$;
