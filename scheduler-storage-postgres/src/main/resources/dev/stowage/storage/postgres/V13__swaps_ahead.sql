-- Which swaps a writer is ahead with, for who forgets that once the leader has taken it in.
CREATE INDEX swap_ahead ON swap (id) WHERE state_ahead IS NOT NULL;
