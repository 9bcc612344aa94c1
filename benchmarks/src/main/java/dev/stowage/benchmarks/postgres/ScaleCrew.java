package dev.stowage.benchmarks.postgres;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.ChunkStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A leader over a store, chunks of one size in one dataset, workers in four zones that carry out
 * their orders at once. A tick passes with every cycle.
 */
final class ScaleCrew {
  private static final long MIB = 1 << 20;
  private static final long TICK_NANOS = 1_000_000_000L;
  private static final int BATCH = 20_000;

  private final ChunkStore store;
  private final Stowage stowage;
  private final int workers;
  private final int floor;
  private final long[] reports;
  private Lineage lineage = Lineage.of(0);
  private long tick = 1;
  private int chunks;
  private int removed;

  /** Creates a crew without audits, since the store is measured, not passes over the fleet. */
  ScaleCrew(ChunkStore store, String holder, int workers, int floor) {
    this(store, workers, floor, settings(holder, fleet(floor)).withAudit(AuditLevel.OFF));
  }

  private ScaleCrew(ChunkStore store, int workers, int floor, StowageConfig config) {
    this.store = store;
    this.workers = workers;
    this.floor = floor;
    reports = new long[workers];
    stowage = Stowage.builder(store).config(config).build();
  }

  /** Creates a crew with default audits that shows {@code maxChunksPerCycle} chunks a cycle. */
  static ScaleCrew bounded(ChunkStore store, int workers, int floor, long maxChunksPerCycle) {
    LifecycleConfig fleet = fleet(floor).toBuilder().maxChunksPerCycle(maxChunksPerCycle).build();
    return new ScaleCrew(store, workers, floor, settings("leader", fleet));
  }

  private static StowageConfig settings(String holder, LifecycleConfig fleet) {
    return StowageConfig.defaults().withFleet(fleet).withHolder(holder);
  }

  private static LifecycleConfig fleet(int floor) {
    return LifecycleConfig.builder()
        .minReplication(floor)
        .maxReplication(WeightPolicy.UNCAPPED)
        .drainWindowTicks(5)
        .suspectAfterTicks(LifecycleConfig.NEVER)
        .departAfterTicks(LifecycleConfig.NEVER)
        .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
        // Less than the floor takes, so that no chunk has more replicas than the floor.
        .placement(PlacementConfig.builder().saturation(0.25).build())
        .build();
  }

  Stowage stowage() {
    return stowage;
  }

  int chunks() {
    return chunks;
  }

  void lead() {
    if (!stowage.claim(now()).granted()) {
      throw new IllegalStateException("the lease is held by " + store.lease());
    }
  }

  void join(int expectedChunks) {
    long capacity = Math.max(10, (long) floor * expectedChunks / workers * 3) * MIB;
    for (int i = 0; i < workers; i++) {
      stowage.describe(Worker.of(worker(i), capacity).withZone("z" + i % 4), now());
      Result.Registered answer = stowage.register(worker(i), "disk" + i, now());
      lineage = answer.lineage();
    }
  }

  void ingest(int count) {
    int end = chunks + count;
    while (chunks < end) {
      List<Chunk> batch = new ArrayList<>();
      for (int last = Math.min(end, chunks + BATCH); chunks < last; chunks++) {
        batch.add(chunk("dataset", chunks));
      }
      if (!stowage.ingest(batch, now()).isAccepted()) {
        throw new IllegalStateException("chunks were refused");
      }
    }
  }

  static Chunk chunk(String dataset, int number) {
    BlockRange range = BlockRange.of(10L * number, 10L * number + 9);
    return Chunk.of(ChunkKey.of(dataset, "chunk-" + number), range, MIB);
  }

  void reportAll() {
    for (int i = 0; i < workers; i++) {
      report(i);
    }
  }

  void report(int worker) {
    stowage.applied(
        new ReportHeader(
            worker(worker), dev.stowage.model.Incarnation.of(1), lineage, ++reports[worker]),
        stowage.fleet().ids().worker(),
        List.of(),
        now());
  }

  void removeOldest(int count) {
    for (int end = removed + count; removed < end; removed++) {
      stowage.remove(ChunkKey.of("dataset", "chunk-" + removed), now());
    }
  }

  /** Returns the size of one worker's delta since an assignment, as another process reads it. */
  int delta(PostgresChunkStore reader, WorkerAssignmentId known) {
    return reader.sliceSince(worker(workers / 2), lineage, known).orElseThrow().put().size();
  }

  Result.Scheduled schedule() {
    return stowage.schedule(now());
  }

  Result.Published publish() {
    return stowage.publish(now());
  }

  void purge() {
    stowage.purge(now());
  }

  void tick() {
    tick++;
  }

  long now() {
    return tick * TICK_NANOS;
  }

  static WorkerId worker(int i) {
    return WorkerId.of(String.format(Locale.ROOT, "w%05d", i));
  }
}
