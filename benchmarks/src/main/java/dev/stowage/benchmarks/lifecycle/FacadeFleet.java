package dev.stowage.benchmarks.lifecycle;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;

/**
 * Drives a facade: chunks of one size in one dataset, and workers that carry out their orders at
 * once. Time is a counter of seconds.
 */
final class FacadeFleet {
  private static final long SECOND = 1_000_000_000L;
  private static final int BATCH = 10_000;

  private final Stowage stowage;
  private final List<WorkerId> workers = new ArrayList<>();
  private final List<Result.Registered> lives = new ArrayList<>();
  private final long[] reports;
  private volatile long now;
  private int chunks;

  FacadeFleet(Stowage stowage, int count, IntFunction<Worker> described) {
    this.stowage = stowage;
    reports = new long[count];
    stowage.claim(0);
    for (int i = 0; i < count; i++) {
      Worker worker = described.apply(i);
      stowage.describe(worker, 0);
      workers.add(worker.id());
      lives.add(stowage.register(worker.id(), "disk of " + i, 0));
    }
  }

  static WorkerId worker(int i) {
    return WorkerId.of("worker-" + i);
  }

  int workers() {
    return workers.size();
  }

  long now() {
    return now;
  }

  /** Advances the time by a second. One thread at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void tick() {
    now += SECOND;
  }

  void ingest(int count) {
    int end = chunks + count;
    while (chunks < end) {
      List<Chunk> batch = new ArrayList<>();
      for (int last = Math.min(end, chunks + BATCH); chunks < last; chunks++) {
        BlockRange range = BlockRange.of(10L * chunks, 10L * chunks + 9);
        batch.add(Chunk.of(ChunkKey.of("d", "c" + (100_000_000 + chunks)), range, 1 << 20));
      }
      stowage.ingest(batch, now);
    }
  }

  /** Runs scheduling cycles while there is more. */
  void schedule() {
    while (stowage.schedule(now).more()) {
      // It is carried out by the next one.
    }
  }

  /** Runs visibility cycles while there is more. */
  void publish() {
    while (stowage.publish(now).more()) {
      // It is carried out by the next one.
    }
  }

  void reportAll() {
    WorkerAssignmentId newest = newest();
    for (int i = 0; i < workers.size(); i++) {
      applied(i, newest);
    }
  }

  List<Route> routes() {
    return stowage.fleet().portalAssignment().routes();
  }

  WorkerAssignmentId newest() {
    return stowage.fleet().ids().worker();
  }

  void applied(int worker, WorkerAssignmentId id) {
    stowage.applied(next(worker), id, List.of(), now);
  }

  CompletionStage<Result.Answer> submitApplied(int worker, WorkerAssignmentId id) {
    return stowage.submit(new Command.Applied(next(worker), id, List.of()), now);
  }

  void heartbeat(int worker) {
    stowage.heartbeat(next(worker), now);
  }

  void lost(int worker, ChunkNumber chunk) {
    stowage.lost(next(worker), List.of(chunk), now);
  }

  List<ChunkNumber> held(int worker, int most) {
    WorkerSlice slice = stowage.fleet().slice(workers.get(worker)).orElseThrow();
    return slice.entries().stream().limit(most).map(SliceEntry::number).toList();
  }

  private ReportHeader next(int worker) {
    Result.Registered life = lives.get(worker);
    return new ReportHeader(
        workers.get(worker), life.incarnation(), life.lineage(), ++reports[worker]);
  }
}
