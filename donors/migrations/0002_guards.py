"""What a CHECK can't say: words are never edited, a legal basis is only ended, and once."""

from __future__ import annotations

from django.db import migrations

WORDING = """
CREATE FUNCTION donors_wording_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'donors_consentwording: % is refused, publish a new version', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER donors_consentwording_is_fixed BEFORE UPDATE OR DELETE ON donors_consentwording
    FOR EACH ROW EXECUTE FUNCTION donors_wording_is_fixed();
"""

# A consent for a purpose stands on words for the same purpose.
WORDING_OF_THE_PURPOSE = """
ALTER TABLE donors_legalbasis ADD CONSTRAINT basis_wording_is_of_the_purpose
    FOREIGN KEY (wording_id, purpose) REFERENCES donors_consentwording (id, purpose);
"""

BASIS = """
CREATE FUNCTION donors_basis_is_only_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ends text[] := ARRAY['withdrawn_at', 'objection_at', 'ended_at', 'end_reason'];
BEGIN
    IF TG_OP = 'UPDATE'
        AND to_jsonb(OLD) - ends = to_jsonb(NEW) - ends
        AND (OLD.withdrawn_at IS NULL OR OLD.withdrawn_at = NEW.withdrawn_at)
        AND (OLD.objection_at IS NULL OR OLD.objection_at = NEW.objection_at)
        AND (OLD.ended_at IS NULL
             OR (OLD.ended_at, OLD.end_reason) = (NEW.ended_at, NEW.end_reason))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'donors_legalbasis: % is refused, a legal basis is only ended', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER donors_legalbasis_is_only_ended BEFORE UPDATE OR DELETE ON donors_legalbasis
    FOR EACH ROW EXECUTE FUNCTION donors_basis_is_only_ended();
"""


class Migration(migrations.Migration):
    dependencies = [("donors", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=WORDING, reverse_sql="DROP FUNCTION donors_wording_is_fixed() CASCADE;"
        ),
        migrations.RunSQL(
            sql=WORDING_OF_THE_PURPOSE,
            reverse_sql=(
                "ALTER TABLE donors_legalbasis DROP CONSTRAINT basis_wording_is_of_the_purpose;"
            ),
        ),
        migrations.RunSQL(
            sql=BASIS, reverse_sql="DROP FUNCTION donors_basis_is_only_ended() CASCADE;"
        ),
    ]
