-- What left the books is never changed or taken away, whoever asks.
CREATE FUNCTION books_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'books: % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER export_stays BEFORE UPDATE OR DELETE ON books_bookexport
  FOR EACH ROW EXECUTE FUNCTION books_refuse();
CREATE TRIGGER export_not_emptied BEFORE TRUNCATE ON books_bookexport
  FOR EACH STATEMENT EXECUTE FUNCTION books_refuse();
CREATE TRIGGER exported_stays BEFORE UPDATE OR DELETE ON books_exportedjournal
  FOR EACH ROW EXECUTE FUNCTION books_refuse();
CREATE TRIGGER exported_not_emptied BEFORE TRUNCATE ON books_exportedjournal
  FOR EACH STATEMENT EXECUTE FUNCTION books_refuse();
CREATE TRIGGER fetch_stays BEFORE UPDATE OR DELETE ON books_bookfetch
  FOR EACH ROW EXECUTE FUNCTION books_refuse();

-- A 4I file holds journals of its own entity and days, and none from before the start.
CREATE FUNCTION books_exported_fit() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added a
               JOIN books_bookexport b ON b.id = a.export_id
               JOIN ledger_journal j ON j.id = a.journal_id
               JOIN ledger_series s ON s.id = j.series_id
              WHERE b.kind <> 'sie4i' OR j.entity_id <> b.entity_id OR s.already_exported
                 OR j.accounting_date NOT BETWEEN b.from_day AND b.to_day) THEN
    RAISE EXCEPTION 'books: a journal that this file may not hold'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER exported_fit AFTER INSERT ON books_exportedjournal
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION books_exported_fit();
