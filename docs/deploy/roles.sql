-- As a superuser, once: sudo -u postgres psql -v ON_ERROR_STOP=1 -f roles.sql
-- Then set the passwords with \password, and: createdb --owner fundraise_owner fundraise
-- The owner makes the tables and the databases to try restores in; the app gets only what the
-- migrations grant it: it may not change or delete a ledger row.
CREATE ROLE fundraise_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE;
CREATE ROLE fundraise_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
ALTER ROLE fundraise_app SET statement_timeout = '10min';
ALTER ROLE fundraise_app SET idle_in_transaction_session_timeout = '5min';
-- The message of an error can hold what a person typed: keep it out of the server's log.
ALTER ROLE fundraise_app SET log_min_error_statement = panic;
ALTER ROLE fundraise_app SET log_statement = 'none';
ALTER ROLE fundraise_app SET log_min_duration_statement = -1;
