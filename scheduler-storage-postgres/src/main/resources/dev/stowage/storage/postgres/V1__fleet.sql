-- One PostgreSQL schema is one fleet. docs/internals/storage-postgres.md says why each table is as it is.

-- Who may write at the same time. Writers of other processes take both tables, writers first, in
-- ROW EXCLUSIVE mode; one that decides about the fleet as a whole takes writers in EXCLUSIVE mode.
-- Whoever leads takes gate in EXCLUSIVE mode. The right to insert is enough for ROW EXCLUSIVE mode,
-- and for no stronger one: so a writer needs no right to what excludes it. Neither has a row.
CREATE TABLE gate (unused boolean, CHECK (false));
CREATE TABLE writers (unused boolean, CHECK (false));

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
-- Written by every commit, on its own page.
CREATE TABLE proof (
  token bigint PRIMARY KEY,
  login name NOT NULL DEFAULT session_user,
  number bigint NOT NULL,
  seen_nanos bigint NOT NULL,
  system_id bigint NOT NULL,
  timeline integer NOT NULL
) WITH (fillfactor = 10);

-- The lineages of which a process knows that commits are lost. The next leader begins another one.
CREATE TABLE loss (
  lineage bigint PRIMARY KEY,
  told_nanos bigint NOT NULL
);

-- The workers that named what the store does not know, by the lineage of the store. Two of them
-- within ten minutes tell a loss. A lineage that is named counts once, so that rows stay.
CREATE TABLE doubt (
  lineage bigint,
  worker text,
  named bigint NOT NULL,
  told_nanos bigint NOT NULL,
  PRIMARY KEY (lineage, worker)
);

-- The fleet's row as the leader committed it, and, while writers are ahead of the leader, a second
-- one with what they changed.
CREATE TABLE fleet (
  ahead boolean PRIMARY KEY,
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
  -- The dense position in the leader's mirror; null until the leader has taken the chunk in.
  position integer CHECK (position >= 0),
  weight integer,
  -- 0 offered, 1 rejected, 2 admitted, 3 visible, 4 dropped, 5 tombstone.
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 5),
  marked boolean NOT NULL DEFAULT false,
  -- A removal mark that was accepted and that the leader has not taken in yet.
  removal_ahead boolean NOT NULL DEFAULT false,
  once_possessed boolean NOT NULL DEFAULT false,
  stale_routes boolean NOT NULL DEFAULT false,
  live boolean NOT NULL GENERATED ALWAYS AS
    (state IN (2, 3) AND NOT marked AND NOT removal_ahead) STORED,
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
CREATE UNIQUE INDEX chunk_position ON chunk (position) WHERE position IS NOT NULL;
-- Its predicate is a column that promotion does not change: a promotion stays a HOT update.
CREATE INDEX chunk_live ON chunk (dataset, first_block) WHERE live;
-- A removal that the leader has not taken in may still be set aside: until then nobody gets the
-- range of its chunk.
CREATE INDEX chunk_removal_ahead ON chunk (dataset) WHERE removal_ahead;
-- The few chunks whose routes name a worker that no longer has them, for who may be switched off.
CREATE INDEX chunk_stale_routes ON chunk (position) WHERE stale_routes;

CREATE TABLE swap (
  id bigint PRIMARY KEY CHECK (id >= 1),
  registered_tick bigint NOT NULL,
  end_tick bigint NOT NULL,
  dataset integer NOT NULL REFERENCES dataset,
  coverage smallint NOT NULL CHECK (coverage BETWEEN 0 AND 1),
  -- 0 pending, 1 fired, 2 cancelled; null while the leader has not taken it in.
  state smallint CHECK (state BETWEEN 0 AND 2),
  state_ahead smallint CHECK (state_ahead BETWEEN 0 AND 2),
  CHECK (state IS NOT NULL OR state_ahead IS NOT NULL)
);
-- The swaps with which a writer is ahead, so that the commit that takes one in finds it.
CREATE INDEX swap_ahead ON swap (id) WHERE state_ahead IS NOT NULL;

CREATE TABLE swap_chunk (
  swap bigint NOT NULL REFERENCES swap ON DELETE CASCADE,
  place integer NOT NULL,
  dataset integer NOT NULL,
  -- 0: replaced, 1: produced.
  side smallint NOT NULL CHECK (side BETWEEN 0 AND 1),
  pending boolean NOT NULL,
  id text COLLATE "C" NOT NULL,
  PRIMARY KEY (swap, side, place)
);
CREATE UNIQUE INDEX swap_chunk_replaced ON swap_chunk (dataset, id) WHERE pending AND side = 0;
CREATE UNIQUE INDEX swap_chunk_produced ON swap_chunk (dataset, id) WHERE pending AND side = 1;

-- As the leader committed it, and, while reports wait, a second row with them.
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
  -- because a worker deletes replicas that its slice does not name. Null in a row that is ahead.
  slice_sum bigint,
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
  ahead boolean NOT NULL,
  caught_up boolean NOT NULL,
  owes_inventory boolean NOT NULL,
  heard boolean NOT NULL,
  id text COLLATE "C" NOT NULL,
  zone text NOT NULL,
  -- The zone that the newest portal assignment tells, empty for none; null if it is that above.
  told_zone text,
  version text NOT NULL,
  labels text[],
  disk_id text,
  -- The worker that takes its copies over while it leaves.
  replaced_by text COLLATE "C",
  orphans bytea,
  pending bytea,
  PRIMARY KEY (id, ahead)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1);
CREATE UNIQUE INDEX worker_position ON worker (position) WHERE NOT ahead;

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

-- Accepted commands of other processes that the leader has not consumed. The commit that consumes
-- a command deletes its row, so every row is unconsumed, whatever its mark. The kind, the worker and
-- about_fleet repeat what the command says: the server checks rights by them, the leader compares.
CREATE TABLE news (
  mark bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tick bigint NOT NULL,
  kind smallint NOT NULL,
  about_fleet boolean NOT NULL,
  worker text COLLATE "C",
  command bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX news_worker ON news (worker) WHERE worker IS NOT NULL;

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
  tick bigint NOT NULL,
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
  ALTER TABLE news ALTER command SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  ALTER TABLE evidence ALTER payload SET STORAGE EXTERNAL;
  ALTER TABLE news ALTER command SET STORAGE EXTERNAL;
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
    FROM fleet f, chunk c WHERE NOT f.ahead AND c.position = NEW.chunk
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER replica_since AFTER UPDATE OF since ON replica FOR EACH ROW
  WHEN (NEW.since <> OLD.since) EXECUTE FUNCTION note_since();

-- Live chunks that share a block with a range, nearest first. Walks back over the B-tree; it may
-- stop at the first chunk that ends before the range and is on no side of a pending swap, because
-- such a chunk overlaps nothing: whatever begins before it ends before it.
CREATE FUNCTION overlapping(of_dataset integer, from_block bigint, to_block bigint)
RETURNS SETOF chunk LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  near chunk;
BEGIN
  FOR near IN
    SELECT * FROM chunk c
    WHERE c.dataset = of_dataset AND c.live AND c.first_block <= to_block
    ORDER BY c.first_block DESC
  LOOP
    IF near.last_block >= from_block THEN
      RETURN NEXT near;
    END IF;
    IF near.first_block < from_block AND NOT EXISTS (
        SELECT FROM swap_chunk s
        WHERE s.pending AND s.dataset = of_dataset AND s.id = near.id AND s.side = 0)
      AND NOT EXISTS (
        SELECT FROM swap_chunk s
        WHERE s.pending AND s.dataset = of_dataset AND s.id = near.id AND s.side = 1) THEN
      RETURN;
    END IF;
  END LOOP;
END $$;

-- Reports whether pending swaps lead from one chunk to another.
CREATE FUNCTION leads_to(of_dataset integer, older text, newer text)
RETURNS boolean LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  WITH RECURSIVE back (id) AS (
    SELECT newer COLLATE "C"
    UNION
    SELECT replaced.id
    FROM back
    JOIN swap_chunk produced ON produced.pending AND produced.side = 1
      AND produced.dataset = of_dataset AND produced.id = back.id
    JOIN swap_chunk replaced ON replaced.swap = produced.swap AND replaced.side = 0)
  SELECT EXISTS (SELECT FROM back WHERE id = older)
$$;

-- Under repeatable read a writer would look for neighbours in a snapshot from before it waited for
-- the dataset's lock.
CREATE FUNCTION refuse_old_snapshots() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_transaction_state',
      MESSAGE = 'chunks are written under read committed; this transaction is '
        || current_setting('transaction_isolation');
  END IF;
END $$;

CREATE FUNCTION guard_range(of_dataset integer, chunk_id text, from_block bigint, to_block bigint)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  near record;
BEGIN
  FOR near IN SELECT o.id, o.first_block, o.last_block
    FROM overlapping(of_dataset, from_block, to_block) o WHERE o.id <> chunk_id
  LOOP
    IF NOT leads_to(of_dataset, near.id, chunk_id)
      AND NOT leads_to(of_dataset, chunk_id, near.id) THEN
      RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'chunk_ranges',
        MESSAGE = format('chunk %s of dataset %s, blocks %s-%s, overlaps chunk %s, blocks %s-%s',
          chunk_id, of_dataset, from_block, to_block, near.id, near.first_block, near.last_block);
    END IF;
  END LOOP;
END $$;

-- Looks at all new rows of a statement at once, and at many new rows of a dataset in one walk over
-- their neighbours. A row whose nearest neighbour ends before it and is on no side of a pending swap
-- is safe; the others are looked at one by one.
CREATE FUNCTION guard_inserted() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_sort = off SET jit = off AS $$
DECLARE
  near record;
  part record;
  seen record;
  named integer[];
  apart integer[] := '{}';
  walked bigint := 0;
  held bigint;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM refuse_old_snapshots();
  END IF;
  named := ARRAY(SELECT DISTINCT f.dataset FROM fresh f);
  PERFORM FROM dataset d WHERE d.id = ANY (named) ORDER BY d.id FOR NO KEY UPDATE;
  GET DIAGNOSTICS held = ROW_COUNT;
  IF held < cardinality(named) THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'chunk_dataset',
      MESSAGE = 'a chunk names a dataset that does not exist';
  END IF;
  IF NOT EXISTS (SELECT FROM swap_chunk s
      WHERE s.pending AND s.side = 0 AND s.dataset = ANY (named))
    AND NOT EXISTS (SELECT FROM swap_chunk s
      WHERE s.pending AND s.side = 1 AND s.dataset = ANY (named)) THEN
    IF NOT EXISTS (SELECT FROM fresh OFFSET 99) THEN
      FOR near IN
        SELECT f.dataset, f.id, f.first_block, f.last_block
        FROM fresh f
        CROSS JOIN LATERAL (
          SELECT c.last_block FROM chunk c
          WHERE c.dataset = f.dataset AND c.live AND c.first_block <= f.last_block
            AND c.id <> f.id
          ORDER BY c.first_block DESC LIMIT 1) p
        WHERE f.live AND p.last_block >= f.first_block
      LOOP
        PERFORM guard_range(near.dataset, near.id, near.first_block, near.last_block);
      END LOOP;
      RETURN NULL;
    END IF;
    FOR part IN
      SELECT f.dataset, count(*) AS rows, min(f.first_block) AS low, max(f.first_block) AS high
      FROM fresh f WHERE f.live GROUP BY f.dataset
    LOOP
      -- Many new rows beside each other: one walk over them is cheaper than a look for each.
      IF part.rows >= 100 THEN
        SELECT count(*) AS rows, COALESCE(bool_or(w.end_before >= w.first_block), false) AS clash
        INTO seen
        FROM (SELECT s.first_block, lag(s.last_block) OVER (ORDER BY s.first_block) AS end_before
          FROM (SELECT c.first_block, c.last_block FROM chunk c
            WHERE c.dataset = part.dataset AND c.live AND c.first_block <= part.high
              AND c.first_block >= COALESCE((SELECT max(b.first_block) FROM chunk b
                WHERE b.dataset = part.dataset AND b.live AND b.first_block < part.low), part.low)
            ORDER BY c.first_block LIMIT 3 * part.rows) s) w;
        IF seen.rows < 3 * part.rows AND NOT seen.clash THEN
          apart := array_append(apart, part.dataset);
          walked := walked + part.rows;
        END IF;
      END IF;
    END LOOP;
    IF walked < (SELECT count(*) FROM fresh f WHERE f.live) THEN
      FOR near IN
        SELECT f.dataset, f.id, f.first_block, f.last_block
        FROM fresh f
        CROSS JOIN LATERAL (
          SELECT c.last_block FROM chunk c
          WHERE c.dataset = f.dataset AND c.live AND c.first_block <= f.last_block
            AND c.id <> f.id
          ORDER BY c.first_block DESC LIMIT 1) p
        WHERE f.live AND p.last_block >= f.first_block
          AND NOT EXISTS (SELECT FROM unnest(apart) AS a (dataset) WHERE a.dataset = f.dataset)
      LOOP
        PERFORM guard_range(near.dataset, near.id, near.first_block, near.last_block);
      END LOOP;
    END IF;
    RETURN NULL;
  END IF;
  FOR near IN
    SELECT f.dataset, f.id, f.first_block, f.last_block
    FROM fresh f
    CROSS JOIN LATERAL (
      SELECT c.id, c.last_block FROM chunk c
      WHERE c.dataset = f.dataset AND c.live AND c.first_block <= f.last_block AND c.id <> f.id
      ORDER BY c.first_block DESC LIMIT 1) p
    WHERE f.live AND (p.last_block >= f.first_block
      OR EXISTS (SELECT FROM swap_chunk s
        WHERE s.pending AND s.side = 0 AND s.dataset = f.dataset AND s.id = p.id)
      OR EXISTS (SELECT FROM swap_chunk s
        WHERE s.pending AND s.side = 1 AND s.dataset = f.dataset AND s.id = p.id))
  LOOP
    PERFORM guard_range(near.dataset, near.id, near.first_block, near.last_block);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER chunk_ranges_inserted AFTER INSERT ON chunk
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION guard_inserted();

-- A new chunk waits for the range of one whose removal no leader has taken in.
CREATE FUNCTION guard_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
DECLARE
  near record;
BEGIN
  FOR near IN
    SELECT f.dataset, f.id, k.id AS holder FROM fresh f
    CROSS JOIN LATERAL (
      SELECT c.id FROM chunk c
      WHERE c.dataset = f.dataset AND c.removal_ahead AND c.state IN (2, 3) AND NOT c.marked
        AND c.first_block <= f.last_block AND c.last_block >= f.first_block LIMIT 1) k
    WHERE f.live AND f.position IS NULL
  LOOP
    RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'chunk_ranges',
      MESSAGE = format('chunk %s of dataset %s shares blocks with chunk %s, whose removal no leader'
        || ' has taken in', near.id, near.dataset, near.holder);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER chunk_kept_inserted AFTER INSERT ON chunk
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION guard_kept();

CREATE FUNCTION guard_updated() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM refuse_old_snapshots();
  PERFORM FROM dataset d WHERE d.id = NEW.dataset FOR NO KEY UPDATE;
  PERFORM guard_range(NEW.dataset, NEW.id, NEW.first_block, NEW.last_block);
  RETURN NULL;
END $$;
CREATE TRIGGER chunk_ranges_updated AFTER UPDATE ON chunk FOR EACH ROW
  WHEN (NEW.live AND (NOT OLD.live OR NEW.dataset <> OLD.dataset OR NEW.id <> OLD.id
    OR NEW.first_block <> OLD.first_block OR NEW.last_block <> OLD.last_block))
  EXECUTE FUNCTION guard_updated();

-- A swap that ends takes back the permission to overlap; looked at when all is written.
CREATE FUNCTION guard_swap_ended() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  one record;
BEGIN
  PERFORM refuse_old_snapshots();
  PERFORM FROM dataset d WHERE d.id = OLD.dataset FOR NO KEY UPDATE;
  FOR one IN SELECT c.dataset, c.id, c.first_block, c.last_block FROM chunk c
    WHERE c.dataset = OLD.dataset AND c.id = OLD.id AND c.live
  LOOP
    PERFORM guard_range(one.dataset, one.id, one.first_block, one.last_block);
  END LOOP;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER swap_ended AFTER UPDATE ON swap_chunk
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.pending AND NOT NEW.pending)
  EXECUTE FUNCTION guard_swap_ended();
CREATE CONSTRAINT TRIGGER swap_deleted AFTER DELETE ON swap_chunk
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.pending)
  EXECUTE FUNCTION guard_swap_ended();

-- Chunks name datasets by number; the guard above checks that it exists when a chunk comes.
CREATE FUNCTION keep_datasets() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
    MESSAGE = 'datasets are kept: chunks name them by number';
END $$;
CREATE TRIGGER dataset_kept BEFORE DELETE OR TRUNCATE ON dataset
  FOR EACH STATEMENT EXECUTE FUNCTION keep_datasets();
