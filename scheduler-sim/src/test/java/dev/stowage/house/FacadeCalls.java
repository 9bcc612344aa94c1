package dev.stowage.house;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that {@link CallTrace} looks at: a small fleet behind the facade, with the settings
 * that a host gets who sets nothing. The same round is run a few times so that every class is
 * ready, then once more with the calls that are looked at between two marks.
 */
public final class FacadeCalls {
  /** Enough for floors and bonus copies to go to different workers. */
  private static final int WORKERS = 5;

  private static final int CHUNKS = 20;
  private static final int WARM_UP_ROUNDS = 5;
  private static final long ROUND_NANOS = 60_000_000_000L;

  private final Stowage stowage;
  private final List<WorkerId> workers = new ArrayList<>();
  private final List<Result.Registered> lives = new ArrayList<>();
  private long now;
  private int round;

  private FacadeCalls(Stowage stowage) {
    this.stowage = stowage;
  }

  /** Runs the rounds. */
  public static void main(String[] none) {
    try (Stowage stowage =
        Stowage.builder(MemoryChunkStore.builder().fixedLineages().build()).build()) {
      FacadeCalls calls = new FacadeCalls(stowage);
      calls.enrol();
      for (int i = 0; i < WARM_UP_ROUNDS; i++) {
        calls.warmUp();
      }
      calls.lookedAt();
    }
  }

  private void enrol() {
    stowage.claim(now);
    for (int i = 0; i < WORKERS; i++) {
      WorkerId worker = WorkerId.of("worker-" + i);
      workers.add(worker);
      stowage.describe(Worker.of(worker, 1L << 40), now);
      lives.add(stowage.register(worker, "disk-" + i, now));
    }
  }

  private void warmUp() {
    begin();
    stowage.schedule(now);
    for (int worker = 0; worker < WORKERS; worker++) {
      apply(worker);
    }
    stowage.publish(now);
  }

  private void lookedAt() {
    begin();
    markSchedule();
    stowage.schedule(now);
    markEnd();
    ReportHeader report = report(0);
    var id = stowage.fleet().slice(report.worker()).orElseThrow().id();
    markApplied();
    stowage.applied(report, id, List.of(), now);
    markEnd();
  }

  private void begin() {
    round++;
    now += ROUND_NANOS;
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      long first = 100L * (CHUNKS * round + i);
      ChunkKey key = ChunkKey.of("set", round + "-" + i);
      chunks.add(Chunk.of(key, BlockRange.of(first, first + 99), 1 << 20));
    }
    stowage.ingest(chunks, now);
  }

  private void apply(int worker) {
    ReportHeader report = report(worker);
    var slice = stowage.fleet().slice(report.worker()).orElseThrow();
    stowage.applied(report, slice.id(), List.of(), now);
  }

  private ReportHeader report(int worker) {
    Result.Registered life = lives.get(worker);
    return new ReportHeader(workers.get(worker), life.incarnation(), life.lineage(), round);
  }

  /** From here on the calls belong to {@code schedule}. */
  static void markSchedule() {}

  /** From here on the calls belong to {@code applied}. */
  static void markApplied() {}

  /** From here on nobody looks. */
  static void markEnd() {}
}
