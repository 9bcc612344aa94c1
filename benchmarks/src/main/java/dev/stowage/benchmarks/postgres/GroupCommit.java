package dev.stowage.benchmarks.postgres;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.Commit;
import dev.stowage.store.ForwardingStore;
import dev.stowage.store.StoreTransaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures commands of several threads on PostgreSQL with {@code fsync} on, through the facade with
 * its default settings: commands a second, the time of a command, commits a command. Half of the
 * commands are heartbeats, half are ingests of 5 chunks, over 40 workers.
 *
 * <p>Arguments: seconds of a pass (8 by default), and {@code calls} to leave out the passes that
 * submit.
 */
public final class GroupCommit {
  private static final int WORKERS = 40;
  private static final int CHUNKS = 2_000;
  private static final int OPEN = 16;
  private static final int THREADS = 8;
  private static final int OWN = WORKERS / THREADS;

  private final Stowage stowage;
  private final int seconds;
  private final AtomicLong commits;
  private final AtomicLong chunks = new AtomicLong();
  private final List<Result.Registered> lives = new ArrayList<>();
  private final AtomicLong[] reports = new AtomicLong[WORKERS];

  private GroupCommit(Stowage stowage, int seconds, AtomicLong commits) {
    this.stowage = stowage;
    this.seconds = seconds;
    this.commits = commits;
  }

  /** Prints a line for each pass. */
  public static void main(String[] args) throws InterruptedException {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 8;
    boolean isCalls = args.length > 1 && args[1].equals("calls");
    AtomicLong commits = new AtomicLong();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (ScaleServer server = ScaleServer.start()) {
      ForwardingStore store =
          new ForwardingStore(PostgresChunkStore.builder(server.source()).schema("fleet").open()) {
            @Override
            protected StoreTransaction transaction(StoreTransaction begun) {
              return new ForwardingTransaction(begun) {
                @Override
                public void commit(Commit commit) {
                  commits.incrementAndGet();
                  super.commit(commit);
                }
              };
            }
          };
      try (Stowage stowage = Stowage.builder(store).executor(executor).build()) {
        GroupCommit measure = new GroupCommit(stowage, seconds, commits);
        measure.begin();
        for (int threads : new int[] {1, THREADS}) {
          measure.pass("calls, threads " + threads, threads, 0);
        }
        if (!isCalls) {
          measure.pass("submits, threads " + THREADS + ", open " + OPEN + " each", THREADS, OPEN);
        }
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private void begin() {
    stowage.claim(now());
    for (int i = 0; i < WORKERS; i++) {
      WorkerId worker = WorkerId.of("worker-" + i);
      stowage.describe(Worker.of(worker, 1L << 44), now());
      lives.add(stowage.register(worker, "disk of " + i, now()));
      reports[i] = new AtomicLong();
    }
    while (chunks.get() < CHUNKS) {
      stowage.execute(ingest(500), now());
    }
    stowage.schedule(now());
  }

  private static long now() {
    return System.nanoTime();
  }

  private Command.Ingest ingest(int count) {
    List<Chunk> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long number = chunks.getAndIncrement();
      BlockRange range = BlockRange.of(10 * number, 10 * number + 9);
      batch.add(Chunk.of(ChunkKey.of("d", "c" + number), range, 1 << 20));
    }
    return new Command.Ingest(ProposedChunk.listOf(batch));
  }

  /** Returns the next command of a thread, which reports for workers of its own. */
  private Command<?> next(int thread, long number) {
    if (number % 2 == 0) {
      return ingest(5);
    }
    int worker = thread * OWN + (int) (number / 2 % OWN);
    Result.Registered life = lives.get(worker);
    return new Command.Heartbeat(
        new ReportHeader(
            WorkerId.of("worker-" + worker),
            life.incarnation(),
            life.lineage(),
            reports[worker].incrementAndGet()));
  }

  private void pass(String name, int threads, int open) throws InterruptedException {
    List<Thread> all = new ArrayList<>();
    List<long[]> times = new ArrayList<>();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long before = commits.get();
    for (int i = 0; i < threads; i++) {
      int own = i;
      Thread thread =
          new Thread(() -> {
            long[] taken = open == 0 ? calls(own, end) : submits(own, end, open);
            synchronized (times) {
              times.add(taken);
            }
          });
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
    long[] taken = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%-36s %,8.0f commands/s  p50 %6.2f ms  p99 %7.2f ms  %.3f commits a command%n",
        name,
        taken.length / (double) seconds,
        taken[taken.length / 2] / 1e6,
        taken[taken.length * 99 / 100] / 1e6,
        (commits.get() - before) / (double) taken.length);
  }

  private long[] calls(int thread, long end) {
    long[] taken = new long[1 << 20];
    int count = 0;
    for (long begun = now(); begun < end && count < taken.length; begun = now()) {
      stowage.execute(next(thread, count), begun);
      taken[count++] = now() - begun;
    }
    return Arrays.copyOf(taken, count);
  }

  private long[] submits(int thread, long end, int open) {
    Semaphore room = new Semaphore(open);
    long[] taken = new long[1 << 20];
    AtomicLong answered = new AtomicLong();
    for (long number = 0; now() < end; number++) {
      room.acquireUninterruptibly();
      long begun = now();
      CompletionStage<?> stage = stowage.submit(next(thread, number), begun);
      var unused =
          stage.whenComplete((answer, failure) -> {
            if (failure == null) {
              taken[(int) answered.getAndIncrement()] = now() - begun;
            }
            room.release();
          });
    }
    room.acquireUninterruptibly(open);
    return Arrays.copyOf(taken, (int) answered.get());
  }
}
