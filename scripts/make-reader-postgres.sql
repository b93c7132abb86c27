-- Makes an account for DataMind that can read one PostgreSQL database and nothing else.
--
-- Run by an administrator, connected to the database that is to be read:
--
--   psql --dbname shop --file make-reader-postgres.sql
--
-- psql asks for the new account's password. To run it without questions, put the password into
-- the environment variable DATAMIND_READER_PASSWORD (psql 14 or newer), never on a command line.
-- What else can be said, each with -v name=value:
--
--   reader       name of the account                       datamind_reader
--   schemas      schemas to read, comma separated          all that are not the server's own
--   seconds      after which the server ends a query       30
--   tidy_public  1 takes TEMPORARY and, in these schemas,
--                CREATE from PUBLIC. Side effect: every
--                other account loses them as well, unless
--                granted by name                           0
--
-- Running it again is harmless: the account stays, tables that came since become readable.

\set ON_ERROR_STOP on
\set QUIET on
\if :{?reader} \else \set reader datamind_reader
\endif
\if :{?seconds} \else \set seconds 30
\endif
\if :{?tidy_public} \else \set tidy_public 0
\endif
\if :{?schemas} \else \set schemas ''
\endif
\getenv password DATAMIND_READER_PASSWORD

BEGIN;

CREATE TEMPORARY TABLE reader_schemas ON COMMIT DROP AS
SELECT nspname FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND (:'schemas' = '' OR nspname = ANY (string_to_array(:'schemas', ',')));

SELECT set_config('reader.missing', coalesce(string_agg(wanted, ', '), ''), true)
FROM unnest(string_to_array(:'schemas', ',')) wanted
WHERE wanted NOT IN (SELECT nspname FROM reader_schemas) \g /dev/null
DO $$
BEGIN
    IF current_setting('reader.missing') <> '' THEN
        RAISE EXCEPTION 'no such schema: %', current_setting('reader.missing');
    END IF;
END $$;

SELECT format('CREATE ROLE %I LOGIN', :'reader')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'reader') \gexec

ALTER ROLE :"reader" SET default_transaction_read_only = on;
SELECT format('ALTER ROLE %I SET statement_timeout = %L', :'reader', :'seconds' || 's') \gexec
ALTER ROLE :"reader" SET idle_in_transaction_session_timeout = '60s';

SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'reader') \gexec
SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, :'reader') FROM reader_schemas \gexec
SELECT format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', nspname, :'reader')
FROM reader_schemas \gexec

-- What the owners of today's tables create tomorrow is to be readable too.
SELECT DISTINCT
    format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT SELECT ON TABLES TO %I',
           pg_get_userbyid(c.relowner), n.nspname, :'reader')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN reader_schemas USING (nspname)
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') \gexec

\if :tidy_public
SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', nspname) FROM reader_schemas \gexec
\endif

\if :{?password}
ALTER ROLE :"reader" PASSWORD :'password';
COMMIT;
\else
COMMIT;
\password :reader
\endif

\echo The account :"reader" can read this database. Let the connection doctor of DataMind confirm it.
