-- What a worker was given, by the newest "since" among the chunks of a row: what a slice and its
-- delta are read from. A row says where to look, the replica what there is; so rows may name what is
-- there no longer, and several may be made into one. A second index of table replica, which this
-- replaces, cost more than all else of a first placement.
CREATE TABLE slice_added (
  until bigint NOT NULL,
  worker integer NOT NULL,
  chunks integer[] NOT NULL,
  PRIMARY KEY (worker, until)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE slice_added ALTER chunks SET STORAGE EXTERNAL;
INSERT INTO slice_added (until, worker, chunks)
  SELECT since, worker, array_agg(chunk ORDER BY chunk) FROM replica GROUP BY worker, since;
DROP INDEX replica_worker;

-- Recorded commands of many chunks are long, and compressing them the old way costs more than
-- writing the chunks.
DO $$
BEGIN
  ALTER TABLE evidence ALTER payload SET COMPRESSION lz4;
  ALTER TABLE news ALTER command SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  ALTER TABLE evidence ALTER payload SET STORAGE EXTERNAL;
  ALTER TABLE news ALTER command SET STORAGE EXTERNAL;
END $$;

-- The same guard as before; where no swap is pending, neighbours of many rows are seen in one walk.
CREATE OR REPLACE FUNCTION guard_inserted() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_sort = off SET jit = off AS $$
DECLARE
  near record;
  part record;
  seen record;
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
        CONTINUE WHEN seen.rows < 3 * part.rows AND NOT seen.clash;
      END IF;
      FOR near IN
        SELECT f.dataset, f.id, f.first_block, f.last_block
        FROM fresh f
        CROSS JOIN LATERAL (
          SELECT c.last_block FROM chunk c
          WHERE c.dataset = f.dataset AND c.live AND c.first_block <= f.last_block
            AND c.id <> f.id
          ORDER BY c.first_block DESC LIMIT 1) p
        WHERE f.dataset = part.dataset AND f.live AND p.last_block >= f.first_block
      LOOP
        PERFORM guard_range(near.dataset, near.id, near.first_block, near.last_block);
      END LOOP;
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
