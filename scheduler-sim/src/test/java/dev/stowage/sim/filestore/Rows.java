package dev.stowage.sim.filestore;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of a fleet by their keys. A change is bytes: removals, then puts. Not thread-safe. */
final class Rows {
  private final TreeMap<Integer, ChunkRow> chunks = new TreeMap<>();
  private final TreeMap<Integer, WorkerRow> workers = new TreeMap<>();
  private final TreeMap<Long, SwapRow> swaps = new TreeMap<>();
  private final TreeMap<Long, Replica> replicas = new TreeMap<>();
  private @Nullable FleetRow fleet;

  private record Replica(
      int chunk,
      int worker,
      long since,
      long supersededAt,
      long releasedAt,
      long readableUntil,
      long missingSince,
      int flags) {
    static long key(long chunk, long worker) {
      return chunk << 32 | worker;
    }

    static Replica of(ReplicaRows rows, int row) {
      return new Replica(
          rows.chunk(row),
          rows.worker(row),
          rows.since(row),
          rows.supersededAt(row),
          rows.releasedAt(row),
          rows.readableUntil(row),
          rows.missingSince(row),
          rows.flags(row));
    }

    static void write(CanonicalWriter out, Replica row) {
      out.u32(row.chunk).u32(row.worker);
      out.u64(row.since).u64(row.supersededAt).u64(row.releasedAt);
      out.u64(row.readableUntil).u64(row.missingSince).u8(row.flags);
    }

    static Replica read(CanonicalReader in) {
      return new Replica(
          (int) in.u32(),
          (int) in.u32(),
          in.u64(),
          in.u64(),
          in.u64(),
          in.u64(),
          in.u64(),
          in.u8());
    }
  }

  /** Writes what a change set puts and takes away. */
  static void write(CanonicalWriter out, ChangeSet changes) {
    out.list(
        replicas(changes.removedReplicas()),
        (to, row) -> to.u64(Replica.key(row.chunk, row.worker)));
    out.list(changes.removedChunks(), (to, row) -> to.u32(row.position()));
    out.list(changes.removedWorkers(), (to, row) -> to.u32(row.position()));
    out.list(changes.removedSwaps(), (to, row) -> to.u64(row.id()));
    out.optional(changes.fleet().orElse(null), RowCodec::write);
    out.list(changes.chunks(), RowCodec::write);
    out.list(changes.workers(), RowCodec::write);
    out.list(changes.swaps(), RowCodec::write);
    out.list(replicas(changes.replicas()), Replica::write);
  }

  private static List<Replica> replicas(ReplicaRows rows) {
    List<Replica> list = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      list.add(Replica.of(rows, row));
    }
    return list;
  }

  /** Writes the fleet's row of a fleet that has no other rows. */
  static void write(CanonicalWriter out, FleetRow first) {
    out.u32(0).u32(0).u32(0).u32(0);
    out.optional(first, RowCodec::write);
    out.u32(0).u32(0).u32(0).u32(0);
  }

  /** Writes all rows, as a change of a fleet that has none. */
  void write(CanonicalWriter out) {
    out.u32(0).u32(0).u32(0).u32(0);
    out.optional(fleet, RowCodec::write);
    out.list(chunks.values(), RowCodec::write);
    out.list(workers.values(), RowCodec::write);
    out.list(swaps.values(), RowCodec::write);
    out.list(replicas.values(), Replica::write);
  }

  /** Makes a change that was written. */
  void change(CanonicalReader in) {
    in.list(CanonicalReader::u64).forEach(replicas::remove);
    in.list(CanonicalReader::u32).forEach(position -> chunks.remove(position.intValue()));
    in.list(CanonicalReader::u32).forEach(position -> workers.remove(position.intValue()));
    in.list(CanonicalReader::u64).forEach(swaps::remove);
    in.optional(RowCodec::fleet).ifPresent(row -> fleet = row);
    in.list(RowCodec::chunk).forEach(row -> chunks.put(row.position(), row));
    in.list(RowCodec::worker).forEach(row -> workers.put(row.position(), row));
    in.list(RowCodec::swap).forEach(row -> swaps.put(row.id(), row));
    in.list(Replica::read).forEach(row -> replicas.put(Replica.key(row.chunk, row.worker), row));
  }

  /** The fleet's row; empty before the fleet begins. */
  Optional<FleetRow> fleet() {
    return Optional.ofNullable(fleet);
  }

  /** A fresh mirror of the rows of a fleet that has begun. */
  LifecycleState toState() {
    ReplicaRows.Builder columns = ReplicaRows.builder(replicas.size());
    for (Replica row : replicas.values()) {
      columns.add(row.chunk, row.worker).stamps(row.since, row.supersededAt, row.releasedAt);
      columns.window(row.readableUntil, row.missingSince, row.flags);
    }
    ChangeSet.Parts others =
        new ChangeSet.Parts()
            .chunks(List.copyOf(chunks.values()))
            .workers(List.copyOf(workers.values()))
            .swaps(List.copyOf(swaps.values()))
            .replicas(columns.build());
    return LifecycleState.load(fleet().orElseThrow(), others);
  }
}
