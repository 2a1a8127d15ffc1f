-- What somebody has fetched may be at the bank: it comes into doubt, and is never withdrawn.
DROP TRIGGER file_moves ON giro_outfile;
CREATE TRIGGER file_moves BEFORE UPDATE OF state ON giro_outfile FOR EACH ROW WHEN (
  NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN (
    'waiting>ready', 'waiting>withdrawn', 'waiting>delivered',
    'ready>delivering', 'ready>withdrawn', 'ready>delivered', 'ready>doubt',
    'delivering>delivered', 'delivering>doubt', 'delivering>ready',
    'doubt>delivered', 'doubt>ready'
  )
) EXECUTE FUNCTION giro_file_moves();

-- A fetch is forgotten only when a person has said of a file in doubt that it did not arrive.
CREATE TRIGGER file_fetch_stays BEFORE UPDATE ON giro_outfile FOR EACH ROW WHEN (
  OLD.fetched_at IS NOT NULL
  AND (NEW.fetched_at, NEW.fetched_by) IS DISTINCT FROM (OLD.fetched_at, OLD.fetched_by)
  AND NOT (OLD.state = 'doubt' AND NEW.state = 'ready' AND NEW.fetched_at IS NULL)
) EXECUTE FUNCTION giro_file_stays();
