package dev.stowage.benchmarks.postgres;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.ChunkStore;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The cost of ingests of unusual shape for a host, through the facade and with its defaults: one
 * command of many new datasets, and many offers for one range. Each at two sizes, so that a
 * quadratic cost shows. Prints a table; seconds of the wall clock.
 */
public final class OddIngests {
  private static final int SMALL = 12_500;
  private static final int LARGE = 50_000;
  private static final long MIB = 1 << 20;

  private final MarkdownTable table;
  private long tick = 1;

  private OddIngests(PrintStream out) {
    table = new MarkdownTable(out);
  }

  /** Measures both stores, PostgreSQL with {@code fsync} on. */
  public static void main(String[] args) {
    new OddIngests(System.out).run();
  }

  private void run() {
    measure("memory", MemoryChunkStore::create);
    try (ScaleServer server = ScaleServer.start()) {
      int[] schema = {0};
      measure(
          "PostgreSQL",
          () ->
              PostgresChunkStore.builder(server.source())
                  .withoutTrustedClock()
                  .schema("fleet" + schema[0]++)
                  .open());
    }
  }

  private void measure(String name, Supplier<ChunkStore> stores) {
    warmUp(stores);
    for (int count : new int[] {SMALL, LARGE}) {
      ChunkStore store = stores.get();
      Stowage leader = leader(store);
      table.plain(
          name + ": ingest of " + count + " chunks in as many new datasets, leader",
          seconds(() -> leader.ingest(inManyDatasets("l", count), now())),
          " s");
      Stowage follower = Stowage.builder(store).build();
      table.plain(
          name + ": ingest of " + count + " chunks in as many new datasets, another process",
          seconds(() -> follower.ingest(inManyDatasets("f", count), now())),
          " s");
      table.plain(
          name + ": " + count + " offers for one range",
          seconds(() -> leader.offer(forOneRange(count), now())),
          " s");
      table.plain(
          name + ": the cycle after these calls", seconds(() -> leader.schedule(now())), " s");
      leader.close();
      follower.close();
      store.close();
    }
  }

  private void warmUp(Supplier<ChunkStore> stores) {
    ChunkStore store = stores.get();
    Stowage leader = leader(store);
    for (int round = 0; round < 10; round++) {
      leader.ingest(inManyDatasets("warm" + round + "-", 500), now());
      leader.schedule(now());
    }
    leader.close();
    store.close();
  }

  private Stowage leader(ChunkStore store) {
    Stowage leader = Stowage.builder(store).build();
    if (!leader.claim(now()).granted()) {
      throw new IllegalStateException("the lease is held by " + store.lease());
    }
    for (int i = 0; i < 10; i++) {
      WorkerId worker = WorkerId.of("w" + i);
      leader.describe(Worker.of(worker, 1L << 50), now());
      leader.register(worker, "disk" + i, now());
    }
    return leader;
  }

  private static List<Chunk> inManyDatasets(String prefix, int count) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(Chunk.of(ChunkKey.of(prefix + i, "c"), BlockRange.of(0, 9), MIB));
    }
    return chunks;
  }

  private static List<Chunk> forOneRange(int count) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(Chunk.of(ChunkKey.of("contested", "c" + i), BlockRange.of(0, 9), MIB));
    }
    return chunks;
  }

  private static double seconds(Supplier<? extends Result> call) {
    long begin = System.nanoTime();
    if (!call.get().isAccepted()) {
      throw new IllegalStateException("a command was refused");
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private long now() {
    return ++tick * 1_000_000_000L;
  }
}
