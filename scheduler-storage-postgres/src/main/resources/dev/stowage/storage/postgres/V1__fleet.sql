-- One PostgreSQL schema is one fleet. docs/internals/storage-postgres.md says why each table is as it is.

-- Excludes other leaders: whoever leads takes it in EXCLUSIVE mode. It has no row.
CREATE TABLE gate (unused boolean, CHECK (false));

-- The lease, and the history of the server that it was given for. One row.
CREATE TABLE lease (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  holder text COLLATE "C",
  epoch bigint NOT NULL CHECK (epoch >= 0),
  lineage bigint NOT NULL,
  expires_nanos bigint NOT NULL,
  system_id bigint,
  timeline integer
) WITH (fillfactor = 10);
INSERT INTO lease (epoch, lineage, expires_nanos) VALUES (0, 0, 0);

-- By what processes prove to a server that was promoted or restored that it has their newest
-- acknowledged commits: a lane has one transaction at a time and counts them. The history is that
-- of the server to which the process proved it last. Only the login that made a row may change it.
-- A row of timeline -1 says that a process misses commits of the lineage in system_id.
-- Written by every commit, on its own page.
CREATE TABLE proof (
  token bigint PRIMARY KEY,
  login name NOT NULL DEFAULT session_user,
  number bigint NOT NULL,
  seen_nanos bigint NOT NULL,
  system_id bigint NOT NULL,
  timeline integer NOT NULL
) WITH (fillfactor = 10);

-- One row, as the leader committed it.
CREATE TABLE fleet (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  config_version bigint NOT NULL CHECK (config_version >= 1),
  worker_assignment bigint NOT NULL CHECK (worker_assignment >= 0),
  portal_assignment bigint NOT NULL CHECK (portal_assignment >= 0),
  last_swap bigint NOT NULL CHECK (last_swap >= 0),
  watermark bigint NOT NULL,
  largest_window_ticks bigint NOT NULL,
  frozen boolean NOT NULL,
  wishes_version bigint NOT NULL,
  debt_bytes bigint NOT NULL,
  debt_replicas bigint NOT NULL,
  largest_tick bigint NOT NULL,
  backward_ticks bigint NOT NULL,
  digest bigint NOT NULL,
  -- A hash of what the state digest leaves out.
  marks_hash bigint NOT NULL,
  evidence_index bigint,
  -- Beside the largest tick, so that it can be trusted: what the clock showed (the smallest number
  -- if nobody read it), the length of a tick in nanoseconds, the tick since which silence counts
  -- (-1 before the first cycle), and how often the time was set by hand.
  clock_nanos bigint NOT NULL,
  tick_nanos bigint NOT NULL,
  listening_tick bigint NOT NULL,
  resets bigint NOT NULL,
  -- The end of the database's log as the row was written, so that an operator finds lost commits.
  log_position pg_lsn NOT NULL,
  evidence_hash bytea,
  config bytea NOT NULL,
  lineages bytea NOT NULL,
  former_windows bytea,
  wishes bytea,
  factors bytea,
  annexes bytea
) WITH (fillfactor = 20);

-- The tick of the newest cycle that changed nothing, if it is later than the fleet's row says; what
-- the clock showed; and how often the time had been set by hand. A tick from before the last time
-- does not count. Sequences are written in place: an idle fleet leaves no dead row.
CREATE SEQUENCE seen_tick AS bigint MINVALUE 0 START 0;
CREATE SEQUENCE seen_clock AS bigint
  MINVALUE -9223372036854775808 START -9223372036854775808;
CREATE SEQUENCE seen_resets AS bigint MINVALUE 0 START 0;

CREATE TABLE dataset (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE
) WITH (fillfactor = 50);

-- Every new chunk and replica is changed soon after it came: confirmed, shown. With room for that on
-- its own page no index is written again, and what was there before is the room of the next change.
CREATE TABLE chunk (
  first_block bigint NOT NULL CHECK (first_block >= 0),
  last_block bigint NOT NULL,
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  number_lineage bigint,
  number_counter bigint,
  admitted_tick bigint NOT NULL,
  established_at bigint,
  end_tick bigint,
  dataset integer NOT NULL,
  -- The dense position in the leader's mirror.
  position integer NOT NULL CHECK (position >= 0),
  weight integer,
  -- 0 offered, 1 rejected, 2 admitted, 3 visible, 4 dropped, 5 tombstone.
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 5),
  marked boolean NOT NULL DEFAULT false,
  once_possessed boolean NOT NULL DEFAULT false,
  stale_routes boolean NOT NULL DEFAULT false,
  live boolean NOT NULL GENERATED ALWAYS AS
    (state IN (2, 3) AND NOT marked) STORED,
  id text COLLATE "C" NOT NULL,
  min_version text,
  required_labels text[],
  rejected_by text COLLATE "C",
  lost_ticks bytea,
  -- Workers that the newest portal assignment names for replicas that are gone: if one is named
  -- again before the next assignment, nothing has changed for portals. Set if stale_routes is.
  gone_names text[],
  PRIMARY KEY (dataset, id),
  CHECK (last_block >= first_block),
  CHECK ((number_lineage IS NULL) = (number_counter IS NULL))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05,
        autovacuum_analyze_scale_factor = 0.05);
CREATE UNIQUE INDEX chunk_position ON chunk (position);
-- Its predicate is a column that promotion does not change: a promotion stays a HOT update.
CREATE INDEX chunk_live ON chunk (dataset, first_block) WHERE live;
-- The few chunks whose routes name a worker that no longer has them, for who may be switched off.
CREATE INDEX chunk_stale_routes ON chunk (position) WHERE stale_routes;

CREATE TABLE swap (
  id bigint PRIMARY KEY CHECK (id >= 1),
  registered_tick bigint NOT NULL,
  end_tick bigint NOT NULL,
  dataset integer NOT NULL REFERENCES dataset,
  coverage smallint NOT NULL CHECK (coverage BETWEEN 0 AND 1),
  -- 0 pending, 1 fired, 2 cancelled.
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
  old_chunks text[],
  new_chunks text[]
);

CREATE TABLE worker (
  capacity_bytes bigint NOT NULL CHECK (capacity_bytes >= 0),
  absent_since bigint NOT NULL,
  incarnation bigint NOT NULL CHECK (incarnation >= 0),
  last_applied bigint NOT NULL,
  published_incarnation bigint NOT NULL,
  inventory_report bigint NOT NULL,
  last_report bigint NOT NULL,
  last_seen_tick bigint NOT NULL,
  -- When the pressure on it was measured: 0 never, -1 where the next cycle says when.
  pressure_tick bigint NOT NULL,
  -- The checksum of the slice, a sum over its entries. A slice with another sum is not served,
  -- because a worker deletes replicas that its slice does not name.
  slice_sum bigint NOT NULL,
  -- A hash of what the state digest leaves out.
  marks_hash bigint NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  -- The number of replicas that it may hold; 2147483647 if only its bytes are counted.
  max_replicas integer NOT NULL CHECK (max_replicas > 0),
  -- The speed of its link; 9223372036854775807 where nobody says.
  uplink_bytes_per_second bigint NOT NULL CHECK (uplink_bytes_per_second > 0),
  downlink_bytes_per_second bigint NOT NULL CHECK (downlink_bytes_per_second > 0),
  -- Announced absences: the tick at which one is over, or from which silence counts after it, and
  -- the copies that each chunk keeps elsewhere; 0 without one.
  away_until bigint NOT NULL CHECK (away_until >= 0),
  least_copies integer NOT NULL CHECK (least_copies >= 0),
  -- The greatest reading of the newest pressure, in percent.
  strain_percent integer NOT NULL,
  -- 0 active, 1 cordoned, 2 leaving; absence: 3 suspect, 4 departed, 5 away.
  status smallint NOT NULL CHECK (status BETWEEN 0 AND 2),
  absence smallint CHECK (absence BETWEEN 3 AND 5),
  -- The state of a departure by silence: 0 none, 1 confirmed, 2 departed.
  departure smallint NOT NULL,
  -- The band of the pressure on it: 0 normal, 1 elevated, 2 high, 3 critical.
  pressure smallint NOT NULL,
  -- The resource with the greatest reading: 0 network, 1 disk, 2 CPU, 3 memory.
  strained smallint NOT NULL,
  caught_up boolean NOT NULL,
  owes_inventory boolean NOT NULL,
  heard boolean NOT NULL,
  id text COLLATE "C" PRIMARY KEY,
  zone text NOT NULL,
  -- The zone that the newest portal assignment tells, empty for none; null if it is that above.
  told_zone text,
  version text NOT NULL,
  labels text[],
  disk_id text,
  -- The worker that takes its copies over while it leaves.
  replaced_by text COLLATE "C",
  orphans bytea,
  pending bytea
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1);
CREATE UNIQUE INDEX worker_position ON worker (position);

-- Places are the positions of chunk and worker. Nulls stand for 0, or for "not missing".
CREATE TABLE replica (
  chunk integer NOT NULL,
  worker integer NOT NULL,
  since bigint NOT NULL,
  superseded_at bigint,
  released_at bigint,
  readable_until bigint,
  missing_since bigint,
  flags smallint,
  PRIMARY KEY (chunk, worker)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02,
        autovacuum_analyze_scale_factor = 0.05);

-- The log of the commands of other processes that no leader has decided. The commit that decides a
-- command deletes its row and answers it, so every row is undecided, whatever its mark. Kind and
-- worker repeat what the command says: the server checks rights by them, the leader compares.
CREATE TABLE inbox (
  mark bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The name of the command: the login and the token of its sender, and his number of it.
  login name NOT NULL DEFAULT session_user,
  sender bigint NOT NULL,
  number bigint NOT NULL CHECK (number >= 1),
  kind smallint NOT NULL,
  worker text COLLATE "C" CHECK (octet_length(worker) <= 4096),
  command bytea NOT NULL CHECK (octet_length(command) <= 16777216),
  UNIQUE (login, sender, number)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX inbox_worker ON inbox (worker, kind) WHERE worker IS NOT NULL;

-- Deletes a row whose command was emptied, because it was withdrawn or replaced: with the right to
-- delete, its holder could lock the whole table, and keep the leader waiting.
CREATE FUNCTION withdraw() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('DELETE FROM %I.inbox WHERE mark = $1', TG_TABLE_SCHEMA) USING NEW.mark;
  RETURN NULL;
END $$;
CREATE TRIGGER withdrawn AFTER UPDATE OF command ON inbox FOR EACH ROW
  WHEN (NEW.command = '') EXECUTE FUNCTION withdraw();

-- The answers to the commands of the log, each for an hour, with the time on the clock of the lease.
CREATE TABLE answer (
  sender bigint NOT NULL,
  number bigint NOT NULL,
  -- The place that the command had in the log, by which old answers are deleted.
  mark bigint NOT NULL,
  answered_nanos bigint NOT NULL,
  login name NOT NULL,
  answer bytea NOT NULL,
  PRIMARY KEY (login, sender, number)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX answer_by_mark ON answer (mark);

-- The numbers of inventories that come in parts, each written once however often the row of its
-- worker is. The waiting reports of the worker say which parts there are, and so which rows count.
CREATE TABLE inventory_part (
  incarnation bigint NOT NULL,
  sending bigint NOT NULL,
  place integer NOT NULL CHECK (place >= 1),
  worker text COLLATE "C" NOT NULL,
  numbers bytea NOT NULL,
  PRIMARY KEY (worker, incarnation, sending, place)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE inventory_part ALTER numbers SET STORAGE EXTERNAL;

-- News that no leader could read, record or apply. It counts nowhere and is never taken in; rows
-- stay until an operator deletes them. A kind is the number of a command, 0 if nobody can tell.
CREATE TABLE quarantine (
  mark bigint PRIMARY KEY,
  set_aside_tick bigint NOT NULL,
  kind integer NOT NULL,
  worker text COLLATE "C",
  digest bytea NOT NULL,
  reason text NOT NULL,
  command bytea NOT NULL
);

-- The keys of durable commits, each until nobody can ask for its outcome any more, with the time on
-- the clock of the lease.
CREATE TABLE committed (
  epoch bigint NOT NULL,
  sequence bigint NOT NULL,
  committed_nanos bigint NOT NULL,
  PRIMARY KEY (epoch, sequence)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
-- Retention reads by it what it deletes. Times ascend, so a commit writes its last page.
CREATE INDEX committed_by_time ON committed (committed_nanos);

CREATE TABLE evidence (
  index bigint PRIMARY KEY CHECK (index >= 0),
  wire integer NOT NULL,
  hash bytea NOT NULL,
  payload bytea NOT NULL
);

-- Deeds stay when the records around them are deleted.
CREATE INDEX evidence_deed ON evidence (index) WHERE wire BETWEEN 1664 AND 1791;

-- Where the kept part of the evidence begins: the index of its first record, and the hash of the
-- record before it. Record 0 follows on a header, which is not stored: its own hash then, and a
-- digest of its payload.
CREATE TABLE evidence_anchor (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  index bigint NOT NULL CHECK (index >= 0),
  hash bytea NOT NULL,
  content bytea
);

-- Recorded commands of many chunks are long, and pglz costs more than writing the chunks.
DO $$
BEGIN
  ALTER TABLE evidence ALTER payload SET COMPRESSION lz4;
  ALTER TABLE inbox ALTER command SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  ALTER TABLE evidence ALTER payload SET STORAGE EXTERNAL;
  ALTER TABLE inbox ALTER command SET STORAGE EXTERNAL;
END $$;

-- Whole runs of chunks that one worker assignment named for the first time, by their numbers: the
-- first placement of a large fleet is one row instead of a row per chunk. A stamp in the chunk's
-- own row comes before what is said here. Numbers are never given twice.
CREATE TABLE established (
  lineage bigint NOT NULL,
  last_number bigint NOT NULL,
  first_number bigint NOT NULL CHECK (first_number >= 1),
  assignment bigint NOT NULL CHECK (assignment >= 1),
  PRIMARY KEY (lineage, last_number),
  CHECK (last_number >= first_number)
);

-- The worker assignments that were minted here; deltas are given from those that are kept.
CREATE TABLE assignment (
  id bigint PRIMARY KEY CHECK (id >= 0),
  lineage bigint NOT NULL,
  tick bigint NOT NULL
);

-- The chunks added to a worker, by the newest "since" among the chunks of a row. A slice and its
-- delta are read by these rows from table replica, so a row may name replicas that are gone, and
-- several rows may be merged into one. A second index of table replica costs more
-- than everything else in a first placement.
CREATE TABLE slice_added (
  until bigint NOT NULL,
  worker integer NOT NULL,
  chunks integer[] NOT NULL,
  PRIMARY KEY (worker, until)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE slice_added ALTER chunks SET STORAGE EXTERNAL;

-- Pairs of a worker and a chunk that an assignment ended, or gave another "since".
CREATE TABLE slice_change (
  worker integer NOT NULL,
  assignment bigint NOT NULL,
  number_lineage bigint NOT NULL,
  number_counter bigint NOT NULL,
  chunk integer NOT NULL,
  since bigint NOT NULL,
  PRIMARY KEY (worker, assignment, number_lineage, number_counter)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX slice_change_assignment ON slice_change (assignment);

-- The checksum of a slice as of each assignment that changed it, or that was made with another
-- inventory: from it, and what came and went since, a delta is checked.
CREATE TABLE slice_sum (
  assignment bigint NOT NULL,
  sum bigint NOT NULL,
  inventory_report bigint NOT NULL,
  worker integer NOT NULL,
  PRIMARY KEY (worker, assignment)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

-- The portal assignments that were minted here, each with the chunks whose routes it may have
-- changed, by their positions, and the keys that it ceased to route: what a portal's delta is read
-- from. A row says where to look, tables chunk and replica what is routed now.
CREATE TABLE route_change (
  id bigint PRIMARY KEY CHECK (id >= 0),
  lineage bigint NOT NULL,
  tick bigint NOT NULL,
  chunks integer[] NOT NULL,
  gone_datasets integer[] NOT NULL,
  gone_ids text[] NOT NULL,
  -- A digest of the other columns when the row was written.
  seal text NOT NULL
);
ALTER TABLE route_change ALTER chunks SET STORAGE EXTERNAL;

CREATE FUNCTION established_at(stamp bigint, of_lineage bigint, number bigint)
RETURNS bigint LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT CASE WHEN stamp IS NOT NULL OR number IS NULL THEN stamp ELSE (
    SELECT CASE WHEN e.first_number <= number THEN e.assignment END
    FROM established e
    WHERE e.lineage = of_lineage AND e.last_number >= number
    ORDER BY e.last_number LIMIT 1) END
$$;

-- A stamp that is set back (an inventory) would be missed by whoever looks for newer ones. The
-- fleet's row is written before the replicas.
CREATE FUNCTION note_since() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO slice_change (worker, assignment, number_lineage, number_counter, chunk, since)
    SELECT NEW.worker, f.worker_assignment, c.number_lineage, c.number_counter, c.position,
      OLD.since
    FROM fleet f, chunk c WHERE c.position = NEW.chunk
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER replica_since AFTER UPDATE OF since ON replica FOR EACH ROW
  WHEN (NEW.since <> OLD.since) EXECUTE FUNCTION note_since();
