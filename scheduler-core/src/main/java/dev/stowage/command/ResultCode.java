package dev.stowage.command;

/** The codes that answer commands (lifecycle design, sections 5 and 9; scenario files). */
public enum ResultCode {
  /** The command is done. */
  ACCEPTED(true),
  /** The chunk waits for admission by the next scheduling cycle. */
  OFFERED(true),
  /** The removal mark was set. */
  MARKED(true),
  /** The swap is cancelled, by this command or by an earlier one. */
  CANCELLED(true),
  /** The key is known already. */
  DUPLICATE(false),
  /** The key is of a chunk that is over, or being removed; retention has not freed it. */
  ENDED(false),
  /** The range belongs to another chunk, which the answer names. */
  OVERLAP(false),
  /** The request contradicts itself; the answer lists every reason. */
  INVALID(false),
  /** Too much waits for its first placement. */
  BACKPRESSURE(false),
  /** The chunk is unknown. */
  UNKNOWN_CHUNK(false),
  /** The chunks of one swap belong to different datasets. */
  DATASET_MISMATCH(false),
  /** The chunk was rejected, or is not admitted yet. */
  NOT_ADMITTED(false),
  /** The chunk is marked, dropped or gone. */
  BEING_REMOVED(false),
  /** A pending swap includes the chunk. */
  HAS_SWAP(false),
  /** The new side covers other blocks than the old side. */
  COVERAGE(false),
  /** The swap has fired. */
  ALREADY_FIRED(false),
  /** The swap is unknown. */
  UNKNOWN_SWAP(false),
  /** The worker is unknown. */
  UNKNOWN_WORKER(false),
  /** The report names an earlier incarnation of the worker's disk. */
  OLD_INCARNATION(false),
  /** The report names another lineage. */
  FOREIGN_LINEAGE(false),
  /** The worker must first send its inventory. */
  INVENTORY_WANTED(false),
  /** The report names an assignment that has not been published. */
  FROM_THE_FUTURE(false),
  /** A later report was accepted before. */
  STALE(false),
  /** The expected version is outdated, or a pin and a ban meet on one pair. */
  CONFLICT(false),
  /** A field exceeds {@link Command.Bounds}; the answer names it, its size and the bound. */
  TOO_LARGE(false),
  /** A cycle is called further ahead than {@code maxStep}; {@code resetTime} overrides that. */
  TIME_JUMP(false),
  /** Chunks, which the answer names, can never have as many copies elsewhere as are asked for. */
  TOO_FEW_WORKERS(false),
  /** The plan is not the one that was reviewed; the answer names what differs. */
  PLAN_CHANGED(false),
  /** No leader has decided it within the time; it waits for one, and was not accepted yet. */
  REQUESTED(false);

  private final boolean accepted;

  ResultCode(boolean accepted) {
    this.accepted = accepted;
  }

  /** Reports whether the command was accepted; a rejected one changes nothing. */
  public boolean isAccepted() {
    return accepted;
  }
}
