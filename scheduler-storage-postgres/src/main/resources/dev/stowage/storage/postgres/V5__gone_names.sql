-- Whom the newest portal assignment names for replicas that are gone: should they be named again
-- before the next one, nothing has changed for portals. docs/storage-postgres.md says more.
-- Null beside stale_routes: there are such names, and an older library did not keep them.
ALTER TABLE chunk ADD COLUMN gone_names text[];
