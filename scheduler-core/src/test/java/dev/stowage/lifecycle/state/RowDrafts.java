package dev.stowage.lifecycle.state;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.IntSet;
import dev.stowage.command.Command.Coverage;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows for tests of the tables, as short as they go. */
public final class RowDrafts {
  public static final Lineage LINEAGE = Lineage.of(7);

  private RowDrafts() {}

  public static ChunkRow chunk(int position, String dataset, long first, long sizeBytes) {
    return chunk(position, dataset, first, sizeBytes, ChunkState.ADMITTED, null);
  }

  static ChunkRow asking(int position, String dataset, long first, Eligibility constraint) {
    return Shape.of(ChunkRow.class)
        .with(chunk(position, dataset, first, 1), "eligibility", constraint);
  }

  /** Returns a live chunk of a range and a name of its own. */
  static ChunkRow over(int position, String dataset, String id, long first, long last) {
    ChunkRow plain = chunk(position, dataset, first, 1);
    return Shape.of(ChunkRow.class)
        .draft(plain)
        .with("key", ChunkKey.of(dataset, id))
        .with("last_block", last)
        .row();
  }

  static ChunkRow chunk(
      int position,
      String dataset,
      long first,
      long sizeBytes,
      ChunkState state,
      @Nullable ChunkNumber number) {
    return new ChunkRow(
        position,
        ChunkKey.of(dataset, "c" + first),
        BlockRange.of(first, first + 9),
        sizeBytes,
        0,
        Eligibility.ANY,
        state,
        false,
        number,
        false,
        false,
        0,
        0,
        0,
        null,
        List.of(),
        List.of());
  }

  public static WorkerRow worker(int position, String name) {
    return worker(position, name, 0L);
  }

  /** One whose writer kept no checksum of its slice. */
  public static WorkerRow unsummed(int position, String name) {
    return worker(position, name, null);
  }

  private static WorkerRow worker(int position, String name, @Nullable Long sliceSum) {
    return new WorkerRow(
        position,
        Worker.of(WorkerId.of(name), 1_000),
        null,
        0,
        Incarnation.of(1),
        "disk-" + name,
        0,
        false,
        false,
        0,
        0,
        List.of(),
        sliceSum,
        0,
        0,
        false,
        List.of(),
        WorkerRow.Departure.NONE,
        ObservedPressure.NONE,
        null,
        0,
        0);
  }

  static SwapRow swap(long id, SwapState state, List<ChunkKey> old, List<ChunkKey> fresh) {
    return new SwapRow(id, old, fresh, Coverage.SAME, state, 0, state == SwapState.PENDING ? 0 : 4);
  }

  public static Tables tables() {
    return new Tables(FleetRow.first(RandomStory.quiet().build(), LINEAGE));
  }

  public static List<Integer> sorted(IntSet set) {
    return Arrays.stream(set.toArray()).sorted().boxed().toList();
  }

  /** Everything that is stored and counted, in one order. */
  public static List<String> describe(Tables tables) {
    List<String> text = new ArrayList<>();
    ChangeSet rows = RowLoader.rows(tables).build();
    text.add(tables.fleet.toString());
    text.add("waiting " + tables.waitingChunks() + " " + tables.waitingBytes());
    rows.chunks().forEach(row -> text.add(row.toString()));
    for (WorkerRow row : rows.workers()) {
      WorkerTable workers = tables.workers;
      int at = row.position();
      text.add(row + " " + workers.replicas(at) + " " + workers.footprintBytes(at));
    }
    for (SwapRow row : rows.swaps()) {
      text.add(row.toString());
    }
    for (ChunkRow row : rows.chunks()) {
      SwapTable swaps = tables.swaps;
      int chunk = row.position();
      text.add(
          row.key()
              + " "
              + swaps.replacing(chunk)
              + " "
              + swaps.producing(chunk)
              + " "
              + swaps.pendingProducing(chunk));
    }
    text.addAll(describe(rows.replicas()));
    return text;
  }

  public static List<String> describe(ReplicaRows rows) {
    List<String> text = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      text.add(
          rows.chunk(i)
              + "@"
              + rows.worker(i)
              + " "
              + rows.since(i)
              + " "
              + rows.supersededAt(i)
              + " "
              + rows.releasedAt(i)
              + " "
              + rows.readableUntil(i)
              + " "
              + rows.missingSince(i)
              + " "
              + rows.flags(i));
    }
    return text;
  }
}
