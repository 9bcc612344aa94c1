package dev.stowage.benchmarks.lifecycle;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.Worker;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the first fill of a fleet in memory, through the facade with its default settings and
 * three copies: how long it takes, in how many cycles, and how long a report waits beside it.
 *
 * <p>One thread runs turns while there is more: a scheduling cycle, the reports of all workers, and
 * a visibility cycle. Another sends a heartbeat every two milliseconds and notes how long each
 * took, with and without the pauses of the collector that fell into it: the latter is the longest
 * time for which a cycle holds the facade. The store is claimed anew at the end, and both cycles
 * run again, on a settled fleet. Arguments: chunks and workers (1,000,000 and 2,000 by default),
 * and the bound on the chunks of a cycle (the default of the library, if absent).
 */
public final class FirstFill {
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(collector -> !collector.getName().contains("Concurrent"))
          .toList();

  private final Stowage stowage;
  private final FacadeFleet fleet;

  private FirstFill(Stowage stowage, int workers) {
    this.stowage = stowage;
    fleet = new FacadeFleet(stowage, workers, i -> Worker.of(FacadeFleet.worker(i), 1L << 44));
  }

  /** Prints a line for each step. */
  public static void main(String[] args) throws InterruptedException {
    int chunks = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    LifecycleConfig.Builder config = LifecycleConfig.builder().minReplication(3);
    if (args.length > 2) {
      config.maxChunksPerCycle(Integer.parseInt(args[2]));
    }
    StowageConfig all = StowageConfig.defaults().withFleet(config.build());
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).config(all).build()) {
      new FirstFill(stowage, workers).run(chunks);
    }
  }

  private void run(int chunks) throws InterruptedException {
    step(
        "ingest",
        () -> {
          fleet.ingest(chunks);
          return false;
        });
    step("fill", this::turn);
    step("schedule, settled", () -> stowage.schedule(fleet.now()).more());
    stowage.resign();
    step(
        "claim",
        () -> {
          stowage.claim(fleet.now());
          return false;
        });
    step("schedule after the claim", () -> stowage.schedule(fleet.now()).more());
    step("publish after the claim", () -> stowage.publish(fleet.now()).more());
  }

  /** Runs a turn of a service, with workers that carry out their orders at once. */
  private boolean turn() {
    boolean isMore = stowage.schedule(fleet.now()).more();
    fleet.reportAll();
    isMore |= stowage.publish(fleet.now()).more();
    return isMore;
  }

  /** A part of a step; tells whether there is more. */
  @FunctionalInterface
  private interface Part {
    boolean run();
  }

  private void step(String name, Part part) throws InterruptedException {
    Beats beats = new Beats();
    Thread thread = new Thread(beats, "heartbeats");
    thread.start();
    long begin = System.nanoTime();
    int parts = 0;
    boolean isMore = true;
    long longest = 0;
    while (isMore) {
      long one = System.nanoTime();
      isMore = part.run();
      longest = Math.max(longest, System.nanoTime() - one);
      parts++;
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    beats.isOver = true;
    thread.join();
    System.out.printf(
        Locale.ROOT,
        "%-26s %7.2f s in %4d cycles, the longest %6.0f ms; the longest report %6.0f ms,"
            + " %4.0f without pauses of the collector%n",
        name,
        seconds,
        parts,
        longest / 1e6,
        beats.longest / 1e6,
        beats.longestHold / 1e6);
  }

  /** Returns the milliseconds that the collectors have paused this machine so far. */
  private long pausedMillis() {
    return collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
  }

  private final class Beats implements Runnable {
    private volatile boolean isOver;
    private long longest;
    private long longestHold;

    @Override
    public void run() {
      for (int beat = 0; !isOver; beat++) {
        long paused = pausedMillis();
        long begin = System.nanoTime();
        if (stowage.isLeading()) {
          fleet.heartbeat(beat % fleet.workers());
        }
        long nanos = System.nanoTime() - begin;
        longest = Math.max(longest, nanos);
        longestHold = Math.max(longestHold, nanos - (pausedMillis() - paused) * 1_000_000);
        LockSupport.parkNanos(2_000_000);
      }
    }
  }
}
