-- The two roles, once per server, by a superuser. On a server of your own give both a password afterwards.
-- zhibu_owner owns the database and migrates; zhibu_app serves, owns nothing and gets table rights by default privileges.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'zhibu_owner') THEN
    CREATE ROLE zhibu_owner LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'zhibu_app') THEN
    CREATE ROLE zhibu_app LOGIN;
  END IF;
END
$$;
