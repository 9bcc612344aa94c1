-- The roles of the fleet in schema @schema, none of which may log in: GRANT them to those who do.
-- Run this as a superuser before the owner opens the store for the first time, and again after that
-- and after each upgrade. It may run any number of times.

DO $do$
DECLARE
  wanted text;
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
  FOREACH wanted IN ARRAY ARRAY['@owner', '@scheduler', '@ingester', '@reporter', '@reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
END $do$;

CREATE SCHEMA IF NOT EXISTS "@schema";
ALTER SCHEMA "@schema" OWNER TO "@owner";
REVOKE ALL ON SCHEMA "@schema" FROM PUBLIC;
GRANT USAGE ON SCHEMA "@schema" TO "@scheduler", "@ingester", "@reporter", "@reader";

DO $do$
DECLARE
  object record;
BEGIN
  -- The owner of the schema could make functions and operators there: none is called. An operator
  -- of the schema would win over one of the server's that needs a cast, whichever comes first.
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF to_regclass('"@schema".news') IS NULL THEN
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
    FROM PUBLIC, "@scheduler", "@ingester", "@reporter", "@reader";
  REVOKE ALL ON ALL SEQUENCES IN SCHEMA "@schema"
    FROM PUBLIC, "@scheduler", "@ingester", "@reporter", "@reader";

  -- Everybody checks the version of the schema.
  GRANT SELECT ON stowage_history TO "@scheduler", "@ingester", "@reporter", "@reader";

  -- A reader reads everything.
  GRANT SELECT ON lease, loss, fleet, dataset, chunk, established, replica, swap, swap_chunk, worker,
    news, inventory_part, quarantine, committed, evidence, evidence_anchor, assignment, slice_added,
    slice_change, slice_sum, route_change, seen_tick, seen_clock, seen_resets
    TO "@scheduler", "@reader";

  -- Whoever writes proves that nothing of it is lost, or tells that something is.
  GRANT SELECT, INSERT, UPDATE ON proof TO "@scheduler", "@ingester", "@reporter";
  GRANT SELECT, INSERT, UPDATE ON doubt TO "@scheduler", "@reporter";
  GRANT DELETE ON proof, loss TO "@scheduler";
  GRANT SELECT, INSERT ON loss TO "@scheduler", "@ingester", "@reporter";

  -- A scheduler leads, and gives every command.
  GRANT UPDATE ON gate, writers, lease TO "@scheduler";
  GRANT INSERT, UPDATE, DELETE ON fleet, chunk, replica, swap, swap_chunk, worker, slice_added,
    slice_sum TO "@scheduler";
  GRANT INSERT, UPDATE ON evidence_anchor TO "@scheduler";
  GRANT INSERT, UPDATE, DELETE ON assignment TO "@scheduler";
  GRANT INSERT, DELETE ON inventory_part, committed, evidence, established, slice_change,
    route_change TO "@scheduler";
  GRANT INSERT, UPDATE (mark) ON quarantine TO "@scheduler";
  GRANT INSERT (tick, kind, about_fleet, worker, command), DELETE ON news TO "@scheduler";
  GRANT UPDATE ON seen_tick, seen_clock, seen_resets TO "@scheduler";

  -- Writers wait for the leader, and keep others from writing, but may not take the leader's place.
  GRANT INSERT ON gate TO "@ingester", "@reporter";
  GRANT UPDATE ON writers TO "@ingester", "@reporter";
  GRANT SELECT ON lease, fleet, seen_tick, seen_clock, seen_resets TO "@ingester", "@reporter";
  GRANT SELECT (mark), INSERT (tick, kind, about_fleet, worker, command) ON news
    TO "@ingester", "@reporter";

  -- An ingester promises chunks. The columns that only a leader gives stay null.
  GRANT SELECT ON dataset, chunk, established, swap_chunk TO "@ingester";
  GRANT INSERT (@promised) ON chunk TO "@ingester";

  -- A reporter keeps the newest reports of workers beside the leader's rows.
  GRANT SELECT, INSERT, UPDATE ON worker TO "@reporter";
  GRANT INSERT ON inventory_part TO "@reporter";

  -- Locking a row needs the right to update a column; the policy refuses each update itself.
  GRANT INSERT (name), UPDATE (name) ON dataset TO "@scheduler", "@ingester";

  CREATE POLICY everybody_reads ON dataset FOR SELECT USING (true);
  CREATE POLICY everybody_adds ON dataset FOR INSERT WITH CHECK (true);
  CREATE POLICY everybody_locks ON dataset FOR UPDATE USING (true) WITH CHECK (false);
  ALTER TABLE dataset ENABLE ROW LEVEL SECURITY;

  -- A process proves its own commits only.
  CREATE POLICY everybody_reads ON proof FOR SELECT USING (true);
  CREATE POLICY login_adds ON proof FOR INSERT WITH CHECK (login = session_user);
  CREATE POLICY login_changes ON proof FOR UPDATE
    USING (login = session_user) WITH CHECK (login = session_user);
  CREATE POLICY scheduler_deletes ON proof FOR DELETE TO "@scheduler" USING (true);
  ALTER TABLE proof ENABLE ROW LEVEL SECURITY;

  CREATE POLICY everybody_reads ON worker FOR SELECT USING (true);
  CREATE POLICY scheduler_writes ON worker TO "@scheduler" USING (true) WITH CHECK (true);
  CREATE POLICY reporter_adds ON worker FOR INSERT TO "@reporter" WITH CHECK (ahead);
  CREATE POLICY reporter_changes ON worker FOR UPDATE TO "@reporter"
    USING (ahead) WITH CHECK (ahead);
  ALTER TABLE worker ENABLE ROW LEVEL SECURITY;

  -- The numbers of the kinds of commands. The leader compares them with what the commands are.
  CREATE POLICY everybody_reads ON news FOR SELECT USING (true);
  CREATE POLICY scheduler_writes ON news TO "@scheduler" USING (true) WITH CHECK (true);
  CREATE POLICY ingester_adds ON news FOR INSERT TO "@ingester" WITH CHECK (kind IN (@ingests));
  CREATE POLICY reporter_adds ON news FOR INSERT TO "@reporter" WITH CHECK (kind IN (@reports));
  ALTER TABLE news ENABLE ROW LEVEL SECURITY;
END $do$;
