-- The words that were approved are the words that leave.
CREATE FUNCTION appeals_content_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  row_ appeals_content := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF EXISTS (
    SELECT 1 FROM appeals_variant v JOIN appeals_appeal a ON a.id = v.appeal_id
    WHERE v.id = row_.variant_id AND a.state <> 'draft'
  ) THEN
    RAISE EXCEPTION 'appeals: the words of a scheduled appeal stay as they are'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN row_;
END $$;
CREATE TRIGGER content_stays BEFORE INSERT OR UPDATE OR DELETE ON appeals_content
  FOR EACH ROW EXECUTE FUNCTION appeals_content_stays();

-- A link keeps its number; where it leads may be mended.
CREATE FUNCTION appeals_link_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'appeals: a link keeps its content and its number'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER link_stays BEFORE UPDATE ON appeals_link
  FOR EACH ROW WHEN ((NEW.content_id, NEW.number) IS DISTINCT FROM (OLD.content_id, OLD.number))
  EXECUTE FUNCTION appeals_link_stays();
CREATE FUNCTION appeals_link_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM appeals_content c
    JOIN appeals_variant v ON v.id = c.variant_id JOIN appeals_appeal a ON a.id = v.appeal_id
    WHERE c.id = OLD.content_id AND a.state <> 'draft'
  ) THEN
    RAISE EXCEPTION 'appeals: the links of a scheduled appeal stay'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER link_is_kept BEFORE DELETE ON appeals_link
  FOR EACH ROW EXECUTE FUNCTION appeals_link_is_kept();

-- What was approved is what is sent: to whom, by which rules, when.
CREATE FUNCTION appeals_appeal_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'appeals: what was scheduled stays as it was approved'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER appeal_stays BEFORE UPDATE ON appeals_appeal
  FOR EACH ROW WHEN (
    OLD.state <> 'draft' AND NEW.state <> 'draft' AND
    (NEW.campaign_id, NEW.kind, NEW.purpose, NEW.segment_version_id, NEW.people_of_id,
     NEW.without_recent_days, NEW.without_monthly, NEW.drop_givers, NEW.holdout_percent, NEW.zone,
     NEW.local_time, NEW.send_at, NEW.priority, NEW.ignores_cap, NEW.first_wave, NEW.needs_second)
    IS DISTINCT FROM
    (OLD.campaign_id, OLD.kind, OLD.purpose, OLD.segment_version_id, OLD.people_of_id,
     OLD.without_recent_days, OLD.without_monthly, OLD.drop_givers, OLD.holdout_percent, OLD.zone,
     OLD.local_time, OLD.send_at, OLD.priority, OLD.ignores_cap, OLD.first_wave, OLD.needs_second)
  )
  EXECUTE FUNCTION appeals_appeal_stays();
CREATE TRIGGER appeal_frozen_stays BEFORE UPDATE ON appeals_appeal
  FOR EACH ROW WHEN (
    OLD.frozen_at IS NOT NULL
    AND (NEW.frozen_at, NEW.frozen, NEW.criteria) IS DISTINCT FROM
        (OLD.frozen_at, OLD.frozen, OLD.criteria)
  )
  EXECUTE FUNCTION appeals_appeal_stays();

-- The frozen list stays.
CREATE FUNCTION appeals_chunk_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'appeals: the frozen list stays as it was frozen'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER chunk_stays BEFORE UPDATE ON appeals_chunk
  FOR EACH ROW WHEN (
    (NEW.appeal_id, NEW.number, NEW.first_seq, NEW.donor_ids, NEW.targeted)
    IS DISTINCT FROM (OLD.appeal_id, OLD.number, OLD.first_seq, OLD.donor_ids, OLD.targeted)
    OR OLD.prepared_at IS NOT NULL
  )
  EXECUTE FUNCTION appeals_chunk_stays();
CREATE TRIGGER chunk_is_kept BEFORE DELETE ON appeals_chunk
  FOR EACH ROW EXECUTE FUNCTION appeals_chunk_stays();

-- A message stays what it was prepared as: it is left out once, or moves to a half of its batch.
CREATE FUNCTION appeals_message_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'appeals: a message stays as it was prepared'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER message_stays BEFORE UPDATE ON appeals_message
  FOR EACH ROW WHEN (
    (NEW.appeal_id, NEW.seq, NEW.donor_id, NEW.email_key, NEW.content_id, NEW.targeted, NEW.tracked)
    IS DISTINCT FROM
    (OLD.appeal_id, OLD.seq, OLD.donor_id, OLD.email_key, OLD.content_id, OLD.targeted, OLD.tracked)
    OR (OLD.outcome <> '' AND NEW.outcome <> OLD.outcome)
  )
  EXECUTE FUNCTION appeals_message_stays();
CREATE TRIGGER message_is_kept BEFORE DELETE ON appeals_message
  FOR EACH ROW EXECUTE FUNCTION appeals_message_stays();

-- What the sender took over was taken over; nobody makes it unsent.
CREATE FUNCTION appeals_batch_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'appeals: a settled batch stays settled'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER batch_stays BEFORE UPDATE OF state ON appeals_batch
  FOR EACH ROW WHEN (
    OLD.state IN ('refused', 'split', 'cancelled') AND NEW.state <> OLD.state
    OR OLD.state = 'accepted' AND NEW.state NOT IN ('accepted', 'cancelled')
  )
  EXECUTE FUNCTION appeals_batch_stays();
CREATE TRIGGER batch_is_kept BEFORE DELETE ON appeals_batch
  FOR EACH ROW EXECUTE FUNCTION appeals_batch_stays();

-- Finished means that everybody is accounted for: nobody missed, nothing in doubt.
CREATE FUNCTION appeals_finished_balances() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  made bigint;
  taken bigint;
  left_out bigint;
BEGIN
  IF EXISTS (SELECT 1 FROM appeals_chunk WHERE appeal_id = NEW.id AND prepared_at IS NULL) THEN
    RAISE EXCEPTION 'appeals: a part of the list was never prepared'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM appeals_batch
    WHERE appeal_id = NEW.id AND state IN ('held', 'ready', 'posting', 'in_doubt')
  ) THEN
    RAISE EXCEPTION 'appeals: a batch is not settled' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT count(*), count(*) FILTER (WHERE outcome <> '') INTO made, left_out
    FROM appeals_message WHERE appeal_id = NEW.id;
  SELECT coalesce(sum(sent), 0) INTO taken
    FROM appeals_batch WHERE appeal_id = NEW.id AND state = 'accepted';
  IF NEW.kind <> 'letter' AND (made <> NEW.frozen OR made <> taken + left_out) THEN
    RAISE EXCEPTION 'appeals: % frozen, % made, % taken, % left out do not balance',
      NEW.frozen, made, taken, left_out USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER finished_balances BEFORE UPDATE OF state ON appeals_appeal
  FOR EACH ROW WHEN (NEW.state = 'finished' AND OLD.state <> 'finished')
  EXECUTE FUNCTION appeals_finished_balances();
