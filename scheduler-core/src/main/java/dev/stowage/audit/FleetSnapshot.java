package dev.stowage.audit;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.rows.FleetRow;
import java.util.List;
import java.util.Objects;

/**
 * The facts of a fleet at one moment, as bare columns: what was written, not what follows from it.
 * Immutable and safe to share between threads once built.
 *
 * <p>Positions of chunks, workers, replicas and swaps are dense and valid within one snapshot only.
 * Replicas are grouped by chunk. Absent ids and ticks are {@link #NONE}.
 */
public final class FleetSnapshot {
  /** Stands for an id or a tick that is not set. */
  public static final long NONE = -1;

  /**
   * What holds for the fleet as a whole.
   *
   * @param tick the largest tick that any cycle has seen
   * @param newestWorkerAssignment the newest worker assignment, 0 before the first
   * @param newestPortalAssignment the newest portal assignment, 0 before the first
   * @param watermark the confirmation watermark, {@link #NONE} before the first
   * @param quorumPercent the percentage of a quorum policy, 0 to 100; {@link #NONE} for
   *     confirmation by each worker itself
   * @param gated whether the promotion and release gates are on
   * @param drainWindowTicks the drain window that is configured now
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

  /**
   * The facts of a state, what workers reported since its last cycle included. Costs one pass over
   * all rows; call it on the thread that the state belongs to.
   */
  public static FleetSnapshot of(LifecycleView state) {
    return FleetReader.read(state);
  }

  /**
   * The same, given an older one of the same fleet: everything is read anew, but a chunk that has
   * kept its name keeps the object too, which is not made and checked again.
   */
  public static FleetSnapshot of(LifecycleView state, FleetSnapshot older) {
    return FleetReader.read(state, older);
  }

  /** Ids, ticks and the configuration that the invariants depend on. */
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

  /** The fleet's own row: the configuration, the lineages, the windows that were lowered. */
  FleetRow row() {
    return row;
  }

  /** How many chunks the snapshot has, in all states. */
  public int chunkCount() {
    return chunks.count;
  }

  /** How many workers the snapshot has, departed ones included. */
  public int workerCount() {
    return workers.count;
  }

  /** How many replicas the snapshot has, in all three states. */
  public int replicaCount() {
    return replicas.count;
  }

  /** The name of a replica in findings: {@code dataset/chunk@worker}. */
  String replicaName(int replica) {
    return chunks.key(replicas.chunk[replica]) + "@" + workers.id[replicas.worker[replica]];
  }
}
