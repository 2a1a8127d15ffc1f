-- Money that came, is on its way or is promised was given for what the page said: its campaign's
-- fund. The campaign is locked as for deletion, so that a gift or pledge that is just being written
-- is waited for, and one that comes later finds the new fund.
CREATE FUNCTION pledges_promised_fund_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM campaigns_campaign WHERE id = NEW.id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM gifts_gift
              WHERE campaign_id = NEW.id AND state IN ('received', 'pending'))
     OR EXISTS (SELECT 1 FROM pledges_pledge WHERE campaign_id = NEW.id AND state <> 'ended') THEN
    RAISE EXCEPTION 'campaigns: money was given or promised for the fund'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_keeps_its_fund';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER promised_fund_stays BEFORE UPDATE OF fund_id ON campaigns_campaign
  FOR EACH ROW WHEN (OLD.fund_id IS DISTINCT FROM NEW.fund_id)
  EXECUTE FUNCTION pledges_promised_fund_stays();
