-- A file is what was made: not a byte, name or day of it changes, whatever the code does.
CREATE FUNCTION giro_file_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'giro: a file stays as it was made' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER file_stays BEFORE UPDATE ON giro_outfile FOR EACH ROW WHEN (
  (NEW.agreement_id, NEW.kind, NEW.day, NEW.serial, NEW.name, NEW.sha256, NEW.size,
   NEW.orders_number, NEW.sum_ore, NEW.first_due, NEW.deadline, NEW.built_at)
  IS DISTINCT FROM
  (OLD.agreement_id, OLD.kind, OLD.day, OLD.serial, OLD.name, OLD.sha256, OLD.size,
   OLD.orders_number, OLD.sum_ore, OLD.first_due, OLD.deadline, OLD.built_at)
) EXECUTE FUNCTION giro_file_stays();
CREATE TRIGGER file_never_goes BEFORE DELETE ON giro_outfile
  FOR EACH ROW EXECUTE FUNCTION giro_file_stays();

-- Delivered is delivered, and what may have left is never sent again without a person's word.
CREATE FUNCTION giro_file_moves() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'giro: a file may not go from % to %', OLD.state, NEW.state
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER file_moves BEFORE UPDATE OF state ON giro_outfile FOR EACH ROW WHEN (
  NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN (
    'waiting>ready', 'waiting>withdrawn', 'waiting>delivered',
    'ready>delivering', 'ready>withdrawn', 'ready>delivered',
    'delivering>delivered', 'delivering>doubt', 'delivering>ready',
    'doubt>delivered', 'doubt>ready'
  )
) EXECUTE FUNCTION giro_file_moves();

-- An order stands in the file of its own day, and nothing of it changes but its answer.
ALTER TABLE giro_outfile ADD CONSTRAINT giro_out_id_and_day UNIQUE (id, day);
ALTER TABLE giro_order ADD CONSTRAINT giro_order_of_its_files_day
  FOREIGN KEY (file_id, day) REFERENCES giro_outfile (id, day) DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER order_stays BEFORE UPDATE ON giro_order FOR EACH ROW WHEN (
  (NEW.file_id, NEW.line, NEW.kind, NEW.day, NEW.mandate_id, NEW.collection_id)
  IS DISTINCT FROM
  (OLD.file_id, OLD.line, OLD.kind, OLD.day, OLD.mandate_id, OLD.collection_id)
) EXECUTE FUNCTION giro_file_stays();
CREATE TRIGGER order_never_goes BEFORE DELETE ON giro_order
  FOR EACH ROW EXECUTE FUNCTION giro_file_stays();

-- What came stays as it came; only its key may be wrapped anew.
CREATE TRIGGER in_file_stays BEFORE UPDATE ON giro_infile FOR EACH ROW WHEN (
  (NEW.sha256, NEW.size, NEW.received_at, NEW.taken_by)
  IS DISTINCT FROM (OLD.sha256, OLD.size, OLD.received_at, OLD.taken_by)
  OR (OLD.state = 'applied' AND NEW.state <> 'applied')
) EXECUTE FUNCTION giro_file_stays();
