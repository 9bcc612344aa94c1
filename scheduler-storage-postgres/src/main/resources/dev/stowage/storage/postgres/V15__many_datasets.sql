-- The same guard as before; the new rows are read once, not once for each of their datasets.
CREATE OR REPLACE FUNCTION guard_inserted() RETURNS trigger LANGUAGE plpgsql
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
