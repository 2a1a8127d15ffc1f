-- A legal entity is made with the fund that its money is for when nothing else was said.
CREATE FUNCTION campaigns_default_fund() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO campaigns_fund
         (ref, entity_id, name_sv, name_en, purpose_sv, purpose_en, is_default)
  VALUES (gen_random_uuid(), NEW.id, 'Allmänt ändamål', 'General purpose', '', '', true);
  RETURN NULL;
END $$;

CREATE TRIGGER default_fund AFTER INSERT ON ledger_legalentity
  FOR EACH ROW EXECUTE FUNCTION campaigns_default_fund();

INSERT INTO campaigns_fund (ref, entity_id, name_sv, name_en, purpose_sv, purpose_en, is_default)
SELECT gen_random_uuid(), id, 'Allmänt ändamål', 'General purpose', '', '', true
  FROM ledger_legalentity ORDER BY id;

UPDATE campaigns_campaign c SET fund_id = f.id
  FROM campaigns_fund f WHERE f.entity_id = c.entity_id AND f.is_default;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE campaigns_campaign ALTER fund_id SET NOT NULL;

-- Money of one legal entity is never for a fund of another one.
ALTER TABLE campaigns_campaign ADD CONSTRAINT campaign_fund_of_its_entity
  FOREIGN KEY (fund_id, entity_id) REFERENCES campaigns_fund (id, entity_id);

-- A campaign that asks, or may ask, has a fund that is in use. The fund is locked against being put
-- away meanwhile: whoever comes second sees what the first has done.
CREATE FUNCTION campaigns_fund_in_use() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  away timestamptz;
BEGIN
  SELECT put_away_at INTO away FROM campaigns_fund WHERE id = NEW.fund_id FOR SHARE;
  IF away IS NOT NULL THEN
    RAISE EXCEPTION 'campaigns: the fund is put away'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_fund_in_use';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER fund_in_use BEFORE INSERT OR UPDATE OF fund_id, status ON campaigns_campaign
  FOR EACH ROW WHEN (NEW.status <> 'closed') EXECUTE FUNCTION campaigns_fund_in_use();

CREATE FUNCTION campaigns_fund_asked_for() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM campaigns_campaign WHERE fund_id = NEW.id AND status <> 'closed') THEN
    RAISE EXCEPTION 'campaigns: a campaign asks for the fund'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_not_asked_for';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER fund_asked_for BEFORE UPDATE OF put_away_at ON campaigns_fund
  FOR EACH ROW WHEN (NEW.put_away_at IS NOT NULL) EXECUTE FUNCTION campaigns_fund_asked_for();
