package dev.stowage.storage.postgres;

/** Says whether a promotion of a standby may lose acknowledged commits. */
public enum Promotions {
  /**
   * Commits may be lost. A promotion begins a new lineage unless every process that wrote in the
   * two minutes before it proves that its own newest commit is there.
   */
  MAY_LOSE,
  /**
   * Nothing is lost, because every commit waits for a standby and only such a one is promoted.
   * Processes that are gone need no proof. A process that misses a commit of its own nevertheless
   * tells so, and a new lineage begins.
   */
  LOSE_NOTHING
}
