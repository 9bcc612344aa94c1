package dev.stowage.benchmarks.lifecycle;

import dev.stowage.Preview;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.ChunkStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures previews of losing a worker, each of another one, in a settled fleet with three copies,
 * through the facade with its default settings. Prints the first and then the median and the
 * longest of ten, the median of the calling thread's processor time, and the hash of the plan that
 * nothing precedes.
 *
 * <p>Arguments: chunks and workers (1,000,000 and 2,000 by default), and the address of a database
 * for a fleet in schema {@code fleet} there, which stays: {@code stowage export} and {@code stowage
 * plan} must print the same hash.
 */
public final class PreviewCost {
  private static final int PREVIEWS = 10;

  private PreviewCost() {}

  /** Fills a fleet and prints a line. */
  public static void main(String[] args) {
    int chunks = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    ChunkStore store =
        args.length > 2
            ? PostgresChunkStore.builder(args[2]).schema("fleet").open()
            : MemoryChunkStore.create();
    StowageConfig config =
        StowageConfig.defaults().withFleet(LifecycleConfig.builder().minReplication(3).build());
    try (store;
        Stowage stowage = Stowage.builder(store).config(config).build()) {
      FacadeFleet fleet =
          new FacadeFleet(stowage, workers, i -> Worker.of(FacadeFleet.worker(i), 1L << 44));
      fleet.ingest(chunks);
      boolean isMore = true;
      while (isMore) {
        isMore = stowage.schedule(fleet.now()).more();
        fleet.reportAll();
        isMore |= stowage.publish(fleet.now()).more();
      }
      measure(stowage, fleet);
    }
  }

  private static void measure(Stowage stowage, FacadeFleet fleet) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] millis = new double[PREVIEWS + 1];
    double[] busy = new double[PREVIEWS];
    for (int i = 0; i <= PREVIEWS; i++) {
      Command<?> loss =
          new Command.SetStatus(
              FacadeFleet.worker(i * fleet.workers() / (PREVIEWS + 1)), WorkerStatus.DEPARTED);
      long before = threads.getCurrentThreadCpuTime();
      long begin = System.nanoTime();
      Preview preview = stowage.preview(List.of(loss), fleet.now());
      millis[i] = (System.nanoTime() - begin) / 1e6;
      busy[Math.max(0, i - 1)] = (threads.getCurrentThreadCpuTime() - before) / 1e6;
      if (!preview.isAccepted()) {
        throw new IllegalStateException("refused: " + preview);
      }
    }
    double first = millis[0];
    double[] later = Arrays.copyOfRange(millis, 1, millis.length);
    Arrays.sort(later);
    Arrays.sort(busy);
    System.out.printf(
        Locale.ROOT,
        "%d workers: the first preview %.0f ms, later %.0f ms, at most %.0f ms (processor %.0f ms);"
            + " plan %s%n",
        fleet.workers(),
        first,
        later[later.length / 2],
        later[later.length - 1],
        busy[busy.length / 2],
        stowage.preview(List.of(), fleet.now()).planHash());
  }
}
