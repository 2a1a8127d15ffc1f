-- Whether a series stands in the bookkeeping program already is said before its first journal: a
-- change afterwards would hand its journals over a second time, or never.
CREATE FUNCTION ledger_series_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.entity_id, NEW.code, NEW.already_exported)
       IS DISTINCT FROM (OLD.entity_id, OLD.code, OLD.already_exported)
     AND EXISTS (SELECT 1 FROM ledger_journal j WHERE j.series_id = OLD.id) THEN
    RAISE EXCEPTION 'ledger: series % has journals and stays what it is', OLD.code
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER series_stays BEFORE UPDATE ON ledger_series
  FOR EACH ROW EXECUTE FUNCTION ledger_series_stays();
