-- News that no leader could read, record or apply. It counts nowhere and is never taken in; rows
-- stay until an operator deletes them. A kind is the number of a command, 0 where nobody can tell.
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

-- A removal that the leader has not taken in may still be set aside: until then nobody gets the
-- range of its chunk.
CREATE INDEX chunk_removal_ahead ON chunk (dataset) WHERE removal_ahead;

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
