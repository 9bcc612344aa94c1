-- The roles of the fleet in schema @schema, none of which may log in: GRANT them to those who do.
-- Run this as a superuser before the owner opens the store for the first time, and again after that
-- and after each upgrade. It may run any number of times.

DO $do$
DECLARE
  wanted text;
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
  FOREACH wanted IN ARRAY ARRAY['@owner', '@scheduler', '@operator', '@ingester', '@reporter',
    '@reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
END $do$;

CREATE SCHEMA IF NOT EXISTS "@schema";
ALTER SCHEMA "@schema" OWNER TO "@owner";
REVOKE ALL ON SCHEMA "@schema" FROM PUBLIC;
GRANT USAGE ON SCHEMA "@schema" TO "@scheduler", "@operator", "@ingester", "@reporter",
    "@reader";

DO $do$
DECLARE
  object record;
BEGIN
  -- The owner of the schema could make functions and operators there: none is called. An operator
  -- of the schema would win over one of the server's that needs a cast, whichever comes first.
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF to_regclass('"@schema".inbox') IS NULL THEN
    RAISE NOTICE 'schema @schema has no tables yet: let the owner open the store, then run this again';
    RETURN;
  END IF;

  FOR object IN
    SELECT format('ALTER TABLE %s OWNER TO %I', c.oid::regclass, '@owner') AS statement
    FROM pg_class c WHERE c.relnamespace = '"@schema"'::regnamespace AND c.relkind IN ('r', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
        AND d.objid = c.oid AND d.deptype = 'i')
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, '@owner')
    FROM pg_proc p WHERE p.pronamespace = '"@schema"'::regnamespace
  LOOP
    EXECUTE object.statement;
  END LOOP;
  FOR object IN SELECT p.polname, p.polrelid::regclass AS of FROM pg_policy p
    JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = '"@schema"'::regnamespace
  LOOP
    EXECUTE format('DROP POLICY %I ON %s', object.polname, object.of);
  END LOOP;

  -- From here on names of tables are looked up, and nothing is computed.
  SET LOCAL search_path = pg_catalog, "@schema", pg_temp;
  REVOKE ALL ON ALL TABLES IN SCHEMA "@schema"
    FROM PUBLIC, "@scheduler", "@operator", "@ingester", "@reporter", "@reader";
  REVOKE ALL ON ALL SEQUENCES IN SCHEMA "@schema"
    FROM PUBLIC, "@scheduler", "@operator", "@ingester", "@reporter", "@reader";

  -- Everybody checks the version of the schema.
  GRANT SELECT ON stowage_history TO "@scheduler", "@operator", "@ingester", "@reporter",
    "@reader";

  -- A reader reads everything.
  GRANT SELECT ON lease, fleet, dataset, chunk, established, replica, swap, worker,
    inbox, inventory_part, quarantine, committed, evidence, evidence_anchor, assignment, slice_added,
    slice_change, slice_sum, route_change, seen_tick, seen_clock, seen_resets
    TO "@scheduler", "@reader";

  -- Whoever writes proves that nothing of it is lost, or tells that something is.
  -- No right of a weaker role than the scheduler's is enough to lock a table against the leader.
  GRANT SELECT, INSERT, UPDATE (number, seen_nanos, system_id, timeline) ON proof
    TO "@scheduler", "@operator", "@ingester", "@reporter";
  GRANT DELETE ON proof TO "@scheduler";

  -- A scheduler leads, and gives every command.
  GRANT UPDATE ON gate, lease TO "@scheduler";
  GRANT INSERT, UPDATE ON fleet TO "@scheduler";
  GRANT INSERT, UPDATE, DELETE ON chunk, replica, swap, worker, slice_added,
    slice_sum TO "@scheduler";
  GRANT INSERT ON dataset TO "@scheduler";
  GRANT INSERT, UPDATE ON evidence_anchor TO "@scheduler";
  GRANT INSERT, UPDATE, DELETE ON assignment TO "@scheduler";
  GRANT INSERT, DELETE ON inventory_part, committed, evidence, established, slice_change,
    route_change, answer TO "@scheduler";
  GRANT INSERT, UPDATE (mark) ON quarantine TO "@scheduler";
  GRANT UPDATE ON seen_tick, seen_clock, seen_resets TO "@scheduler";

  -- Everybody else appends to the log, withdraws what his login sent, and reads its answers.
  GRANT SELECT ON answer TO "@scheduler", "@operator", "@ingester", "@reporter";
  GRANT SELECT ON inbox TO "@operator", "@ingester", "@reporter";
  GRANT INSERT (sender, number, kind, worker, command), UPDATE (command) ON inbox
    TO "@scheduler", "@operator", "@ingester", "@reporter";
  GRANT DELETE ON inbox TO "@scheduler";
  GRANT SELECT ON lease, fleet TO "@operator", "@ingester", "@reporter";

  -- A process proves its own commits only.
  CREATE POLICY everybody_reads ON proof FOR SELECT USING (true);
  CREATE POLICY login_adds ON proof FOR INSERT
    WITH CHECK (login = session_user AND seen_nanos <= (extract(epoch FROM clock_timestamp()) * 1e9)::bigint);
  CREATE POLICY login_changes ON proof FOR UPDATE USING (login = session_user)
    WITH CHECK (login = session_user AND seen_nanos <= (extract(epoch FROM clock_timestamp()) * 1e9)::bigint);
  CREATE POLICY scheduler_deletes ON proof FOR DELETE TO "@scheduler" USING (true);
  ALTER TABLE proof ENABLE ROW LEVEL SECURITY;

  -- The numbers of the kinds of commands. The leader compares them with what the commands are.
  CREATE POLICY everybody_reads ON inbox FOR SELECT USING (true);
  CREATE POLICY scheduler_writes ON inbox TO "@scheduler" USING (true) WITH CHECK (true);
  CREATE POLICY operator_adds ON inbox FOR INSERT TO "@operator" WITH CHECK (kind IN (@operates));
  CREATE POLICY ingester_adds ON inbox FOR INSERT TO "@ingester" WITH CHECK (kind IN (@ingests));
  CREATE POLICY reporter_adds ON inbox FOR INSERT TO "@reporter" WITH CHECK (kind IN (@reports));
  CREATE POLICY login_withdraws ON inbox FOR UPDATE TO "@operator", "@ingester", "@reporter"
    USING (login = session_user) WITH CHECK (command = '');
  CREATE POLICY reporter_replaces ON inbox FOR UPDATE TO "@reporter"
    USING (kind IN (@replaced)) WITH CHECK (command = '');
  ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;

  CREATE POLICY scheduler_writes ON answer TO "@scheduler" USING (true) WITH CHECK (true);
  CREATE POLICY login_reads ON answer FOR SELECT USING (login = session_user);
  ALTER TABLE answer ENABLE ROW LEVEL SECURITY;
END $do$;
