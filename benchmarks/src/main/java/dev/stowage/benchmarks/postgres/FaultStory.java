package dev.stowage.benchmarks.postgres;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.store.ChunkStore;
import java.util.ArrayList;
import java.util.List;

/**
 * A life of a small fleet, one command a step, identical on every store: chunks come, are placed,
 * reported, shown, corrected, removed.
 */
final class FaultStory {
  static final int WORKERS = 4;
  private static final int ROUND = 12;
  private static final long TICK_NANOS = 1_000_000_000L;

  private FaultStory() {}

  static Stowage facade(ChunkStore store, String holder, PlacementPlanner planner) {
    LifecycleConfig fleet =
        LifecycleConfig.builder()
            .minReplication(2)
            .maxReplication(WeightPolicy.UNCAPPED)
            .drainWindowTicks(3)
            .lineagePauseTicks(3)
            .suspectAfterTicks(LifecycleConfig.NEVER)
            .departAfterTicks(LifecycleConfig.NEVER)
            .build();
    return Stowage.builder(store)
        .config(
            StowageConfig.defaults()
                .withFleet(fleet)
                .withHolder(holder)
                .withAudit(AuditLevel.CYCLES))
        .planner(planner)
        .build();
  }

  static void begin(Stowage on) {
    for (int i = 0; i < WORKERS; i++) {
      on.describe(Worker.of(worker(i), 1 << 30), now(0));
      on.register(worker(i), "disk" + i, now(0));
    }
  }

  /** Returns the time of a step, in nanoseconds. */
  static long now(int step) {
    return (1 + step / 3) * TICK_NANOS;
  }

  static Command<?> command(int step, Stowage on) {
    int round = step / ROUND;
    return switch (step % ROUND) {
      case 0, 6 -> ingest(step);
      case 1, 7, 10 -> new Command.Schedule();
      case 2, 3, 4, 5 -> applied(step, step % ROUND - 2, on);
      case 8 -> swap(round);
      case 9 -> new Command.Remove(key(round * ROUND, 1));
      default -> Command.Publish.now();
    };
  }

  static ChunkKey key(int step, int number) {
    return ChunkKey.of("d", "c" + step + "-" + number);
  }

  private static Command<?> ingest(int step) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      chunks.add(Chunk.of(key(step, i), range(step, i), 1_000));
    }
    return new Command.Ingest(ProposedChunk.listOf(chunks));
  }

  private static BlockRange range(int step, int number) {
    long first = 100L * step + 10L * number;
    return BlockRange.of(first, first + 9);
  }

  private static Command<?> swap(int round) {
    int step = round * ROUND;
    Chunk other = Chunk.of(ChunkKey.of("d", "s" + step), range(step, 0), 1_000);
    return new Command.RegisterSwap(
        key(step, 0).dataset(),
        List.of(key(step, 0)),
        ProposedChunk.listOf(List.of(other)),
        dev.stowage.lifecycle.Coverage.SAME);
  }

  private static Command<?> applied(int step, int worker, Stowage on) {
    ReportHeader header =
        new ReportHeader(worker(worker), Incarnation.of(1), on.fleet().lineage(), 1 + step);
    return new Command.Applied(header, on.fleet().ids().worker(), List.of());
  }

  static WorkerId worker(int i) {
    return WorkerId.of("w" + i);
  }
}
