package dev.stowage.benchmarks.scale;

import dev.stowage.Stowage;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Leads a fleet through a facade: chunks of one MiB in one dataset, workers that carry out their
 * orders at once. Time is a counter of seconds, unless a host leads. Reports of one worker are made
 * by one thread at a time.
 */
final class Crew {
  private static final long SECOND = 1_000_000_000L;
  private static final int BATCH = 10_000;
  private static final String DATASET = "d";

  private final Stowage stowage;
  private final List<WorkerId> workers = new ArrayList<>();
  private final List<Result.Registered> lives = new ArrayList<>();
  private final long[] reports;
  private final LongSupplier clock;
  private volatile long ticked;
  private int ingested;
  private int removed;

  private Crew(Stowage stowage, int count, int zones, LongSupplier clock) {
    this.stowage = stowage;
    this.clock = clock;
    reports = new long[count];
    for (int i = 0; i < count; i++) {
      Worker worker = Worker.of(WorkerId.of("worker-" + i), 1L << 44);
      stowage.describe(zones == 0 ? worker : worker.withZone("zone-" + i % zones), now());
      workers.add(worker.id());
      lives.add(stowage.register(worker.id(), "disk of " + i, now()));
    }
  }

  /**
   * Claims the lead and registers workers.
   *
   * @param zones over which the workers are dealt out; 0 for none
   */
  static Crew claiming(Stowage stowage, int workers, int zones) {
    if (!stowage.claim(0).granted()) {
      throw new IllegalStateException("another process leads the fleet");
    }
    return new Crew(stowage, workers, zones, () -> 0);
  }

  /** Registers workers of a fleet that is led here, in the time of its host. */
  static Crew of(Stowage led, int workers) {
    return new Crew(led, workers, 0, led::now);
  }

  static Chunk chunk(String dataset, int number) {
    BlockRange range = BlockRange.of(10L * number, 10L * number + 9);
    return Chunk.of(ChunkKey.of(dataset, "c" + (100_000_000 + number)), range, 1 << 20);
  }

  int workers() {
    return workers.size();
  }

  WorkerId worker(int number) {
    return workers.get(number);
  }

  /** Returns the number of chunks that were ingested and not removed. */
  int chunks() {
    return ingested - removed;
  }

  long now() {
    return clock.getAsLong() + ticked;
  }

  /** Advances the time by a second. One thread at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void tick() {
    ticked += SECOND;
  }

  /** Ingests new chunks in batches. */
  void ingest(int count) {
    int end = ingested + count;
    while (ingested < end) {
      List<Chunk> batch = new ArrayList<>();
      for (int last = Math.min(end, ingested + BATCH); ingested < last; ingested++) {
        batch.add(chunk(DATASET, ingested));
      }
      if (!stowage.ingest(batch, now()).isAccepted()) {
        throw new IllegalStateException("chunks were refused");
      }
    }
  }

  void removeOldest(int count) {
    for (int end = removed + count; removed < end; removed++) {
      stowage.remove(chunk(DATASET, removed).key(), now());
    }
  }

  /** Runs scheduling cycles while there is more; returns their number. */
  int schedule() {
    int cycles = 1;
    while (stowage.schedule(now()).more()) {
      cycles++;
    }
    return cycles;
  }

  /** Runs visibility cycles while there is more; returns their number. */
  int publish() {
    int cycles = 1;
    while (stowage.publish(now()).more()) {
      cycles++;
    }
    return cycles;
  }

  /** Has all workers report, runs visibility cycles, and advances the time. */
  void show() {
    reportAll();
    publish();
    tick();
  }

  void reportAll() {
    for (int i = 0; i < workers.size(); i++) {
      applied(i);
    }
  }

  WorkerAssignmentId newest() {
    return stowage.fleet().ids().worker();
  }

  void applied(int worker) {
    stowage.execute(appliedBy(worker), now());
  }

  Command.Applied appliedBy(int worker) {
    return new Command.Applied(header(worker), newest(), List.of());
  }

  Command.Heartbeat heartbeatOf(int worker) {
    return new Command.Heartbeat(header(worker));
  }

  private ReportHeader header(int worker) {
    Result.Registered life = lives.get(worker);
    return new ReportHeader(
        workers.get(worker), life.incarnation(), life.lineage(), ++reports[worker]);
  }
}
