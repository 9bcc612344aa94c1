package dev.stowage.benchmarks.lifecycle;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The cost of one report of a worker, through the facade with its default settings, in fleets of
 * different sizes: bytes that the caller's thread allocates and its CPU, the median of batches.
 * Arguments: the numbers of workers (1,000 and 10,000 by default).
 */
public final class ReportCost {
  private static final int BATCHES = 15;
  private static final int CALLS = 200;

  /** The reports of each kind before the measured ones; until then much is not compiled. */
  private static final int WARM_UP = 20_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Stowage stowage;
  private final int workers;
  private final List<ReportHeader> headers = new ArrayList<>();
  private WorkerAssignmentId newest = WorkerAssignmentId.of(0);

  private ReportCost(Stowage stowage, int workers) {
    this.stowage = stowage;
    this.workers = workers;
  }

  /** Prints a line for each kind of report and each size. */
  public static void main(String[] args) {
    int[] sizes =
        args.length == 0
            ? new int[] {1_000, 10_000}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    for (int workers : sizes) {
      try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).build()) {
        new ReportCost(stowage, workers).run();
      }
    }
  }

  private void run() {
    stowage.claim(0);
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      WorkerId worker = WorkerId.of("worker-" + i);
      stowage.describe(Worker.of(worker, 1L << 40), 0);
      Result.Registered life = stowage.register(worker, "disk of " + i, 0);
      headers.add(new ReportHeader(worker, life.incarnation(), life.lineage(), 1));
      chunks.add(Chunk.of(ChunkKey.of("d", "c" + i), BlockRange.of(10L * i, 10L * i + 9), 1 << 20));
    }
    stowage.ingest(chunks, 0);
    stowage.schedule(0);
    newest = stowage.fleet().ids().worker();
    measure("heartbeat", header -> stowage.heartbeat(header, 0));
    measure("applied", header -> stowage.applied(header, newest, List.of(), 0));
    measure(
        "register", header -> stowage.register(header.worker(), "disk of " + suffix(header), 0));
  }

  private static String suffix(ReportHeader header) {
    return header.worker().value().substring("worker-".length());
  }

  private interface Report {
    void send(ReportHeader header);
  }

  private void measure(String what, Report report) {
    for (int call = 0; call < WARM_UP; call++) {
      report.send(next(call % workers));
    }
    long[] bytes = new long[BATCHES];
    long[] nanos = new long[BATCHES];
    for (int batch = 0; batch < BATCHES; batch++) {
      long cpu = threads.getCurrentThreadCpuTime();
      long allocated = allocated();
      for (int call = 0; call < CALLS; call++) {
        report.send(next((batch * CALLS + call) % workers));
      }
      bytes[batch] = (allocated() - allocated) / CALLS;
      nanos[batch] = (threads.getCurrentThreadCpuTime() - cpu) / CALLS;
    }
    Arrays.sort(bytes);
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%,7d workers  %-10s %,9d bytes  %6.1f us%n",
        workers,
        what,
        bytes[BATCHES / 2],
        nanos[BATCHES / 2] / 1e3);
  }

  private ReportHeader next(int worker) {
    ReportHeader last = headers.get(worker);
    ReportHeader header =
        new ReportHeader(last.worker(), last.incarnation(), last.lineage(), last.number() + 1);
    headers.set(worker, header);
    return header;
  }

  /** Returns the bytes that this thread has allocated; by name, because no portable type has it. */
  static long allocated() {
    try {
      return (Long)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  ObjectName.getInstance(ManagementFactory.THREAD_MXBEAN_NAME),
                  "getThreadAllocatedBytes",
                  new Object[] {Thread.currentThread().getId()},
                  new String[] {long.class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("this JVM does not count allocated bytes", e);
    }
  }
}
