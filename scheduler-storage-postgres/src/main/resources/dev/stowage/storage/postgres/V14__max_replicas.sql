-- How many replicas a worker may hold; null where only its bytes are counted.
ALTER TABLE worker ADD COLUMN max_replicas integer CHECK (max_replicas > 0);
