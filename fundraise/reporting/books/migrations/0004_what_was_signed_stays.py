from django.db import migrations

SQL = """
CREATE TRIGGER signature_stays BEFORE UPDATE OR DELETE ON books_monthsignature
  FOR EACH ROW EXECUTE FUNCTION books_refuse();
CREATE TRIGGER pack_stays BEFORE UPDATE OR DELETE ON books_packfile
  FOR EACH ROW EXECUTE FUNCTION books_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("books", "0003_months")]
    operations = [migrations.RunSQL([(SQL, None)], migrations.RunSQL.noop)]
