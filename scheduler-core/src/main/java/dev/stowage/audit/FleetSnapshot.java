package dev.stowage.audit;

import dev.stowage.command.PlacementWish;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.FleetRow;
import java.util.List;
import java.util.Objects;

/**
 * The recorded facts of a fleet at one moment, as columns. Immutable, thread-safe once built.
 * Positions are dense and valid in one snapshot; replicas are grouped by chunk.
 */
public final class FleetSnapshot {
  /** The value of an id or tick that is not set. */
  public static final long NONE = -1;

  /**
   * The facts of the fleet as a whole.
   *
   * @param tick the largest tick that any cycle has seen
   * @param newestWorkerAssignment the newest worker assignment, 0 before the first
   * @param newestPortalAssignment the newest portal assignment, 0 before the first
   * @param watermark the confirmation watermark, {@link #NONE} before the first
   * @param quorumPercent the quorum in percent, 0 to 100; {@link #NONE} for confirmation per worker
   * @param gated true if the promotion and release gates are on
   * @param drainWindowTicks the configured drain window, in ticks
   */
  public record Header(
      long tick,
      long newestWorkerAssignment,
      long newestPortalAssignment,
      long watermark,
      int quorumPercent,
      boolean gated,
      long drainWindowTicks) {}

  private final Header header;
  private final ChunkColumns chunks;
  private final WorkerColumns workers;
  private final ReplicaColumns replicas;
  private final SwapColumns swaps;
  private final List<PlacementWish> bans;
  private final FleetRow row;

  FleetSnapshot(
      Header header,
      ChunkColumns chunks,
      WorkerColumns workers,
      ReplicaColumns replicas,
      SwapColumns swaps,
      List<PlacementWish> bans,
      FleetRow row) {
    this.header = Objects.requireNonNull(header, "header");
    this.chunks = Objects.requireNonNull(chunks, "chunks");
    this.workers = Objects.requireNonNull(workers, "workers");
    this.replicas = Objects.requireNonNull(replicas, "replicas");
    this.swaps = Objects.requireNonNull(swaps, "swaps");
    this.bans = List.copyOf(bans);
    this.row = Objects.requireNonNull(row, "row");
  }

  /** Returns the facts of a state, reports included, at one pass. Call it on the state's thread. */
  public static FleetSnapshot of(LifecycleView state) {
    return FleetReader.read(state);
  }

  /** Returns the facts of a state, sharing chunk keys with an older snapshot to save their cost. */
  public static FleetSnapshot of(LifecycleView state, FleetSnapshot older) {
    return FleetReader.read(state, older);
  }

  /** Returns ids, ticks and the configuration that the invariants depend on. */
  public Header header() {
    return header;
  }

  ChunkColumns chunks() {
    return chunks;
  }

  WorkerColumns workers() {
    return workers;
  }

  ReplicaColumns replicas() {
    return replicas;
  }

  SwapColumns swaps() {
    return swaps;
  }

  List<PlacementWish> bans() {
    return bans;
  }

  FleetRow row() {
    return row;
  }

  /** Returns the number of chunks in all states. */
  public int chunkCount() {
    return chunks.count;
  }

  /** Returns the number of workers, departed ones included. */
  public int workerCount() {
    return workers.count;
  }

  /** Returns the number of replicas in all three states. */
  public int replicaCount() {
    return replicas.count;
  }

  /** Returns the name of a replica in findings, {@code dataset/chunk@worker}. */
  String replicaName(int replica) {
    return chunks.key(replicas.chunk[replica]) + "@" + workers.id[replicas.worker[replica]];
  }
}
