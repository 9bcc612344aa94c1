package dev.stowage.benchmarks.lifecycle;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The cost of saving a memory store to a file and of loading it: bytes, and CPU seconds of the
 * caller's thread, the least of some runs. Arguments: chunks, workers, replicas of each chunk, runs
 * (333,334, 2,000, 3 and 3 by default).
 */
public final class SaveScale {
  private static final int BATCH = 10_000;

  private SaveScale() {}

  /** Prints one line. */
  public static void main(String[] args) throws IOException {
    int chunks = args.length > 0 ? Integer.parseInt(args[0]) : 333_334;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    int floor = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    int runs = args.length > 3 ? Integer.parseInt(args[3]) : 3;
    MemoryChunkStore store = MemoryChunkStore.create();
    long replicas = fill(store, chunks, workers, floor);
    Path file = Files.createTempFile("saved", ".stowage");
    try {
      long save = Long.MAX_VALUE;
      long load = Long.MAX_VALUE;
      for (int run = 0; run < runs; run++) {
        long begin = cpuNanos();
        try (OutputStream to = Files.newOutputStream(file)) {
          store.save(to);
        }
        long saved = cpuNanos();
        try (InputStream from = new BufferedInputStream(Files.newInputStream(file))) {
          MemoryChunkStore.builder().load(from);
        }
        save = Math.min(save, saved - begin);
        load = Math.min(load, cpuNanos() - saved);
      }
      System.out.printf(
          Locale.ROOT,
          "%d replicas of %d chunks on %d workers: %.1f MB, saved in %.2f s, loaded in %.2f s of"
              + " CPU%n",
          replicas,
          chunks,
          workers,
          Files.size(file) / 1e6,
          save / 1e9,
          load / 1e9);
    } finally {
      Files.delete(file);
    }
  }

  private static long fill(MemoryChunkStore store, int chunks, int workers, int floor) {
    LifecycleConfig fleet = LifecycleConfig.builder().minReplication(floor).build();
    StowageConfig config = StowageConfig.defaults().withFleet(fleet).withAudit(AuditLevel.OFF);
    try (Stowage stowage = Stowage.builder(store).config(config).build()) {
      stowage.claim(0);
      for (int i = 0; i < workers; i++) {
        WorkerId worker = WorkerId.of("worker-" + i);
        stowage.describe(Worker.of(worker, 1L << 44), 0);
        stowage.register(worker, "disk of " + worker, 0);
      }
      for (int from = 0; from < chunks; from += BATCH) {
        List<Chunk> batch = new ArrayList<>();
        for (int i = from; i < Math.min(chunks, from + BATCH); i++) {
          ChunkKey key = ChunkKey.of("dataset", "chunk-" + i);
          batch.add(Chunk.of(key, BlockRange.of(10L * i, 10L * i + 9), 1 << 20));
        }
        stowage.ingest(batch, 0);
      }
      stowage.schedule(1_000_000_000L);
      long replicas = 0;
      for (int i = 0; i < workers; i++) {
        replicas += stowage.fleet().slice(WorkerId.of("worker-" + i)).orElseThrow().size();
      }
      return replicas;
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
