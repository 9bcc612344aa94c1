-- What a leader's commits cost in proportion to what changed, and what a worker's delta is read
-- from. docs/storage-postgres.md says why.

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

CREATE FUNCTION established_at(stamp bigint, of_lineage bigint, number bigint)
RETURNS bigint LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT CASE WHEN stamp IS NOT NULL OR number IS NULL THEN stamp ELSE (
    SELECT CASE WHEN e.first_number <= number THEN e.assignment END
    FROM established e
    WHERE e.lineage = of_lineage AND e.last_number >= number
    ORDER BY e.last_number LIMIT 1) END
$$;

-- The worker assignments that were minted here; deltas are given from those that are kept.
CREATE TABLE assignment (
  id bigint PRIMARY KEY CHECK (id >= 0),
  lineage bigint NOT NULL,
  tick bigint NOT NULL
);
INSERT INTO assignment (id, lineage, tick)
  SELECT worker_assignment, lineages[array_upper(lineages, 1) - 2], largest_tick
  FROM fleet WHERE NOT ahead;

-- Pairs of a worker and a chunk that an assignment ended, or gave another "since". What it added is
-- found in table replica itself.
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

-- A worker's slice, and what is new in it.
CREATE INDEX replica_worker ON replica (worker, since);

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

-- Most fleets have no pending swap most of the time; then no neighbour is on a side of one.
CREATE OR REPLACE FUNCTION guard_inserted() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_sort = off SET jit = off AS $$
DECLARE
  near record;
  named integer[];
BEGIN
  PERFORM refuse_old_snapshots();
  named := ARRAY(SELECT DISTINCT f.dataset FROM fresh f);
  PERFORM FROM dataset d WHERE d.id = ANY (named) ORDER BY d.id FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM dataset d WHERE d.id = ANY (named)) < cardinality(named) THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'chunk_dataset',
      MESSAGE = 'a chunk names a dataset that does not exist';
  END IF;
  IF NOT EXISTS (SELECT FROM swap_chunk s
      WHERE s.pending AND s.side = 0 AND s.dataset = ANY (named))
    AND NOT EXISTS (SELECT FROM swap_chunk s
      WHERE s.pending AND s.side = 1 AND s.dataset = ANY (named)) THEN
    FOR near IN
      SELECT f.dataset, f.id, f.first_block, f.last_block
      FROM fresh f
      CROSS JOIN LATERAL (
        SELECT c.last_block FROM chunk c
        WHERE c.dataset = f.dataset AND c.live AND c.first_block <= f.last_block AND c.id <> f.id
        ORDER BY c.first_block DESC LIMIT 1) p
      WHERE f.live AND p.last_block >= f.first_block
    LOOP
      PERFORM guard_range(near.dataset, near.id, near.first_block, near.last_block);
    END LOOP;
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
