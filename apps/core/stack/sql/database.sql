-- Once per database, by a superuser, after roles.sql: extensions, and what the application may do with the owner's tables.
-- Rights beyond this are taken away table by table in migrations (the audit trail: no UPDATE, no DELETE).
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
ALTER DEFAULT PRIVILEGES FOR ROLE zhibu_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO zhibu_app;
ALTER DEFAULT PRIVILEGES FOR ROLE zhibu_owner GRANT USAGE ON SEQUENCES TO zhibu_app;
