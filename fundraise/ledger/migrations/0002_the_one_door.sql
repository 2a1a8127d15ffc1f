-- The ledger's one door (fundraise/ledger/services.py calls it, migration 0002 creates it).
--
-- ledger_digest: SHA-256 of what a journal says, entries in line order.
CREATE FUNCTION ledger_digest(j ledger_journal) RETURNS bytea
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    j.ref, j.entity_id, j.series_id, j.year, j.number, j.event_date, j.accounting_date,
    (extract(epoch FROM j.registered_at) * 1000000)::bigint,
    j.text, j.source, j.document, j.by, j.reversal_of_id,
    (SELECT jsonb_agg(jsonb_build_array(e.line, e.debit_account_id, e.credit_account_id,
                                        e.amount_ore, e.campaign_id, e.district_id) ORDER BY e.line)
       FROM ledger_entry e WHERE e.journal_id = j.id)
  )::text, 'UTF8'))
$$;

-- ledger_chain: the hash of a journal is the hash before it, its place and its digest, hashed.
CREATE FUNCTION ledger_chain(before bytea, place bigint, digest bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT sha256(before || int8send(place) || digest)
$$;

-- ledger_open_day: the day itself, or the first day of the first open month after it.
CREATE FUNCTION ledger_open_day(p_entity bigint, wanted date) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE day date := wanted;
BEGIN
  WHILE EXISTS (SELECT 1 FROM ledger_period p
                 WHERE p.entity_id = p_entity AND p.state <> 'open'
                   AND p.first_day = date_trunc('month', day)::date) LOOP
    day := (date_trunc('month', day) + interval '1 month')::date;
  END LOOP;
  RETURN day;
END $$;

CREATE FUNCTION ledger_account(p_entity bigint, role_or_number text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE found bigint;
BEGIN
  SELECT a.id INTO found FROM ledger_account a
   WHERE a.entity_id = p_entity AND a.role = role_or_number;
  IF found IS NULL AND role_or_number ~ '^[0-9]{4}$' THEN
    SELECT a.id INTO found FROM ledger_account a
     WHERE a.entity_id = p_entity AND a.number = role_or_number::int;
  END IF;
  IF found IS NULL THEN
    RAISE EXCEPTION 'ledger: entity % has no account %', p_entity, role_or_number;
  END IF;
  RETURN found;
END $$;

-- ledger_post: numbers, dates, chains and writes journals. Takes its locks (chain heads in entity
-- order) itself, so call it last in the transaction. A source that is booked already comes back
-- with is_new = false and nothing is written for it.
CREATE FUNCTION ledger_post(p_journals jsonb)
RETURNS TABLE (r_ref uuid, r_id bigint, r_year int, r_number int, r_day date, r_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  item jsonb;
  entity bigint;
  serie bigint;
  j ledger_journal;
  head ledger_chainhead;
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
    SELECT * INTO head FROM ledger_chainhead c WHERE c.entity_id = entity;
    IF NOT FOUND THEN RAISE EXCEPTION 'ledger: entity % has no books', entity; END IF;
    SELECT s.id INTO serie FROM ledger_series s
      WHERE s.entity_id = entity AND s.code = item->>'series';
    IF NOT FOUND THEN
      RAISE EXCEPTION 'ledger: entity % has no series %', entity, item->>'series';
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
    INSERT INTO ledger_seriescounter AS c (series_id, year, last_number) VALUES (serie, j.year, 1)
      ON CONFLICT (series_id, year) DO UPDATE SET last_number = c.last_number + 1
      RETURNING c.last_number INTO j.number;
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
    UPDATE ledger_chainhead c SET position = j.position, hash = j.hash WHERE c.entity_id = entity;
    r_ref := j.ref; r_id := j.id; r_year := j.year; r_number := j.number;
    r_day := j.accounting_date; r_new := true;
    RETURN NEXT;
  END LOOP;
END $$;

-- Nothing written is changed or taken away, whoever asks.
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger: % is append-only; correct with a linked reversal', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_stays BEFORE UPDATE OR DELETE ON ledger_journal
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER journal_not_emptied BEFORE TRUNCATE ON ledger_journal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER entry_not_emptied BEFORE TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- An account that has entries keeps its number and role: they say what every past krona means.
CREATE FUNCTION ledger_account_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.entity_id, NEW.number, NEW.role) IS DISTINCT FROM (OLD.entity_id, OLD.number, OLD.role)
     AND EXISTS (SELECT 1 FROM ledger_entry e
                  WHERE e.debit_account_id = OLD.id OR e.credit_account_id = OLD.id) THEN
    RAISE EXCEPTION 'ledger: account % has entries and keeps its number and role', OLD.number
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_stays BEFORE UPDATE ON ledger_account
  FOR EACH ROW EXECUTE FUNCTION ledger_account_stays();

-- A closed month takes no journal, whatever wrote it.
CREATE FUNCTION ledger_period_open() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_period p WHERE p.entity_id = NEW.entity_id AND p.state <> 'open'
               AND p.first_day = date_trunc('month', NEW.accounting_date)::date) THEN
    RAISE EXCEPTION 'ledger: the month of % is closed', NEW.accounting_date
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER journal_in_open_month BEFORE INSERT ON ledger_journal
  FOR EACH ROW EXECUTE FUNCTION ledger_period_open();

-- A month changes state in order with journals (same lock), and a locked one not at all.
CREATE FUNCTION ledger_period_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'UPDATE') AND OLD.state = 'locked' THEN
    RAISE EXCEPTION 'ledger: the month of % is locked', OLD.first_day
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'ledger: a month is opened or closed, never removed'
      USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM 1 FROM ledger_chainhead c WHERE c.entity_id = NEW.entity_id FOR UPDATE;
  RETURN NEW;
END $$;
CREATE TRIGGER period_change BEFORE INSERT OR UPDATE OR DELETE ON ledger_period
  FOR EACH ROW EXECUTE FUNCTION ledger_period_change();
