package dev.stowage.lifecycle;

/**
 * Every answer a command can have, in one word. The names are those of the lifecycle design,
 * sections 5 and 9, and of {@code expect rejected} in scenario files.
 */
public enum ResultCode {
  /** Done. */
  ACCEPTED(true),
  /** Written for the next scheduling cycle to admit. */
  OFFERED(true),
  /** The removal mark was set. */
  MARKED(true),
  /** The swap is cancelled, by this command or by an earlier one. */
  CANCELLED(true),
  /** The key is known already. */
  DUPLICATE(false),
  /** The range belongs to another chunk, which the answer names. */
  OVERLAP(false),
  /** The request contradicts itself; the answer lists every reason. */
  INVALID(false),
  /** Too much waits for its first placement. */
  BACKPRESSURE(false),
  /** No such chunk. */
  UNKNOWN_CHUNK(false),
  /** The chunks of one swap belong to different datasets. */
  DATASET_MISMATCH(false),
  /** The chunk was rejected, or is not admitted yet. */
  NOT_ADMITTED(false),
  /** The chunk is marked, dropped or gone. */
  BEING_REMOVED(false),
  /** A pending swap stands on the chunk. */
  HAS_SWAP(false),
  /** The new side does not cover what the old side covers. */
  COVERAGE(false),
  /** The swap has fired. */
  ALREADY_FIRED(false),
  /** No such swap. */
  UNKNOWN_SWAP(false),
  /** No such worker. */
  UNKNOWN_WORKER(false),
  /** The report names an earlier life of the worker's disk. */
  OLD_INCARNATION(false),
  /** The report names another lineage. */
  FOREIGN_LINEAGE(false),
  /** The worker must first say what its disk holds. */
  INVENTORY_WANTED(false),
  /** The report names something that has not been published. */
  FROM_THE_FUTURE(false),
  /** A later report was accepted before. */
  STALE(false),
  /** The expected version is not the present one, or a pin and a ban meet on one pair. */
  CONFLICT(false),
  /**
   * Larger than {@link Command.Bounds} allow; the answer names the field, its size and the bound.
   */
  TOO_LARGE(false),
  /**
   * A cycle is called at a time that cannot be: further ahead of what is known than {@code maxStep}
   * allows. The answer names both; {@code resetTime} goes beyond.
   */
  TIME_JUMP(false);

  private final boolean accepted;

  ResultCode(boolean accepted) {
    this.accepted = accepted;
  }

  /** Whether the command was accepted; a rejected one changes nothing. */
  public boolean isAccepted() {
    return accepted;
  }
}
