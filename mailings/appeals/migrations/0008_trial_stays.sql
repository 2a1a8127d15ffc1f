-- What a trial's rule stands on is fixed before the first gift, and a decision stands.
CREATE FUNCTION appeals_trial_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  row_ appeals_trial := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  now_in text := (SELECT state FROM appeals_appeal WHERE id = row_.appeal_id);
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    IF now_in <> 'draft' THEN
      RAISE EXCEPTION 'appeals: a trial is set while the appeal is a draft'
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN row_;
  END IF;
  IF now_in <> 'draft' AND (NEW.percent, NEW.hours, NEW.expected_ore2, NEW.cap_ore)
     IS DISTINCT FROM (OLD.percent, OLD.hours, OLD.expected_ore2, OLD.cap_ore)
     OR OLD.state <> 'running' AND (NEW.state, NEW.winner_id, NEW.decided_at)
     IS DISTINCT FROM (OLD.state, OLD.winner_id, OLD.decided_at) THEN
    RAISE EXCEPTION 'appeals: a trial stays as it was set and decided'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trial_stays BEFORE INSERT OR UPDATE OR DELETE ON appeals_trial
  FOR EACH ROW EXECUTE FUNCTION appeals_trial_stays();
