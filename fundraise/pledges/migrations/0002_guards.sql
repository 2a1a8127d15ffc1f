-- A draw leaves the house only on a mandate that holds, for a pledge that is active: a revocation
-- that reached us before the file is made can't be overtaken, whatever the code does.
CREATE FUNCTION pledges_sent_on_a_live_mandate() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM pledges_mandate m
    JOIN pledges_instalment i ON i.id = NEW.instalment_id
    JOIN pledges_pledge p ON p.id = i.pledge_id
    WHERE m.id = NEW.mandate_id AND m.state = 'active' AND m.pledge_id = p.id
      AND p.state = 'active' AND i.state = 'collecting'
  ) THEN
    RAISE EXCEPTION 'pledges: a draw needs a live mandate and an active pledge'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sent_on_a_live_mandate BEFORE UPDATE OF state ON pledges_collection
  FOR EACH ROW WHEN (OLD.state = 'queued' AND NEW.state IN ('sent', 'doubt'))
  EXECUTE FUNCTION pledges_sent_on_a_live_mandate();

-- What was asked of the bank stays as it was asked.
CREATE FUNCTION pledges_collection_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.instalment_id, NEW.mandate_id, NEW.number, NEW.amount_ore, NEW.due_on, NEW.reference,
      NEW.idempotency_key)
     IS DISTINCT FROM
     (OLD.instalment_id, OLD.mandate_id, OLD.number, OLD.amount_ore, OLD.due_on, OLD.reference,
      OLD.idempotency_key)
     OR (OLD.gift_id IS NOT NULL AND NEW.gift_id IS DISTINCT FROM OLD.gift_id) THEN
    RAISE EXCEPTION 'pledges: a draw stays as it was asked for'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER collection_stays BEFORE UPDATE ON pledges_collection
  FOR EACH ROW WHEN (OLD.state <> 'queued') EXECUTE FUNCTION pledges_collection_stays();

-- A period is one promise: it neither changes its pledge or month nor goes away.
CREATE FUNCTION pledges_instalment_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'pledges: an instalment keeps its pledge and its month'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER instalment_stays BEFORE UPDATE OF pledge_id, period ON pledges_instalment
  FOR EACH ROW WHEN (NEW.pledge_id <> OLD.pledge_id OR NEW.period <> OLD.period)
  EXECUTE FUNCTION pledges_instalment_stays();

-- What is over keeps its payer number, and a mandate stays with its pledge once it has one.
CREATE FUNCTION pledges_mandate_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'pledges: a mandate keeps its payer number and its pledge'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER mandate_stays BEFORE UPDATE OF payer_number, pledge_id, entity_id ON pledges_mandate
  FOR EACH ROW WHEN (
    NEW.entity_id <> OLD.entity_id
    OR (OLD.pledge_id IS NOT NULL AND NEW.pledge_id IS DISTINCT FROM OLD.pledge_id)
    OR (OLD.state IN ('refused', 'ended')
        AND NEW.payer_number IS DISTINCT FROM OLD.payer_number)
  )
  EXECUTE FUNCTION pledges_mandate_stays();
