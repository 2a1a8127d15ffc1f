-- What the books say of a received gift is not changed on the gift either; only what is sent back,
-- taken back or kept as a fee, and whose gift it is, may still be told.
CREATE FUNCTION gifts_received_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.state, NEW.amount_ore, NEW.entity_id, NEW.campaign_id, NEW.channel, NEW.provider_ref,
      NEW.giver_key, NEW.received_at)
     IS DISTINCT FROM
     (OLD.state, OLD.amount_ore, OLD.entity_id, OLD.campaign_id, OLD.channel, OLD.provider_ref,
      OLD.giver_key, OLD.received_at) THEN
    RAISE EXCEPTION 'gifts: a received gift stays as it was booked'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER received_stays BEFORE UPDATE ON gifts_gift
  FOR EACH ROW WHEN (OLD.state = 'received') EXECUTE FUNCTION gifts_received_stays();
