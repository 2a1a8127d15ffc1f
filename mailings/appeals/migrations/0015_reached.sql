-- Whom an appeal is sent to, as so many words of eight bytes: a donor's bit stands where get_bit looks
-- for the donor's number. Whoever lies beyond the words has none.
CREATE FUNCTION appeals_reached_bits(appeal bigint, words bigint) RETURNS bytea
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(string_agg(int8send(coalesce(bits, 0)), ''::bytea ORDER BY word), ''::bytea)
    FROM generate_series(0, words - 1) every(word)
    LEFT JOIN (SELECT donor_id >> 6 AS word,
                      bit_or(1::bigint << ((donor_id & 7 | 56 - (donor_id & 56))::int)) AS bits
                 FROM appeals_message WHERE appeal_id = appeal AND outcome = ''
                GROUP BY 1) w USING (word)
$$;

-- Kept for all donors that there are; whoever comes later got nothing.
CREATE FUNCTION appeals_keep_reached(appeal bigint) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO appeals_reached (appeal_id, bits)
  SELECT appeal, appeals_reached_bits(
           appeal, coalesce((SELECT max(id) >> 6 FROM donors_donor), -1) + 1)
$$;

CREATE FUNCTION appeals_finished_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM appeals_keep_reached(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER finished_is_kept AFTER UPDATE OF state ON appeals_appeal
  FOR EACH ROW WHEN (NEW.state = 'finished' AND OLD.state <> 'finished')
  EXECUTE FUNCTION appeals_finished_is_kept();

-- The end is the end: what was kept of it stays true.
CREATE FUNCTION appeals_reached_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'appeals: whom a finished appeal reached stays'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reached_stays BEFORE UPDATE OR DELETE ON appeals_reached
  FOR EACH ROW EXECUTE FUNCTION appeals_reached_stays();

CREATE FUNCTION appeals_message_of_finished() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT appeal_id FROM now_so) m JOIN appeals_reached USING (appeal_id)
  ) THEN
    RAISE EXCEPTION 'appeals: the messages of a finished appeal stay as they are'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER message_of_finished_new AFTER INSERT ON appeals_message
  REFERENCING NEW TABLE AS now_so
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_message_of_finished();
CREATE TRIGGER message_of_finished_changed AFTER UPDATE ON appeals_message
  REFERENCING NEW TABLE AS now_so
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_message_of_finished();

SELECT appeals_keep_reached(id) FROM appeals_appeal WHERE state = 'finished';
