package dev.stowage.benchmarks.lifecycle;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.PartEvidence;
import dev.stowage.StowageStats;
import dev.stowage.Transfers;
import dev.stowage.benchmarks.LiveHeap;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.evidence.EvidenceLog.EvidenceStats;
import dev.stowage.evidence.Retention;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures what transfers cost at scale, through the facade.
 *
 * <p>{@code follow}: processor time of {@code follow} while a million copies for 5,000 workers
 * wait, after cycles that added 0, 100 and 10,000 copies; the median of 9 each. Further arguments:
 * workers, copies.
 *
 * <p>{@code flat}: ten million transfers are queued, go out, arrive, are reported and lost again,
 * while one chunk of a hundred comes and another is removed; prints the live heap after each
 * million, and ends with code 1 if it grew by more than a tenth after the fourth. A further
 * argument: another number of transfers.
 *
 * <p>{@code evidence}: a million transfers without and with evidence of transfers, five times in
 * turns; transfers a second, records and bytes of evidence of a transfer, and the median ratio. A
 * further argument: another number of transfers.
 */
public final class TransferScale {
  private static final int REPLICAS = 3;
  private static final int RATIOS = 5;
  private static final long SECOND = 1_000_000_000;
  private static final int ROUNDS = 9;
  private static final int LOOKS = 10;
  private static final int WARM_LOOKS = 4;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Stowage fleet;
  private final ContentScheduler queue;
  private final Transfers transfers;
  private final List<ReportHeader> headers = new ArrayList<>();
  private long nextChunk;
  private long oldestChunk;
  private long now;

  private TransferScale(int workers, int chunks) {
    this(workers, chunks, PartEvidence.OFF);
  }

  private TransferScale(int workers, int chunks, PartEvidence parts) {
    StowageConfig config =
        StowageConfig.defaults()
            .withFleet(TransferScale::forgettingSoon)
            .withAudit(AuditLevel.OFF)
            .withEvidence(new StowageConfig.EvidenceConfig(0, Retention.records(1_000), parts));
    fleet = Stowage.builder(MemoryChunkStore.create()).config(config).build();
    queue = ContentScheduler.of(ContentConfig.DEFAULT);
    transfers = fleet.transfers(queue, (worker, bytes) -> bytes / 100e6).copiesOnly();
    fleet.claim(now);
    for (int i = 0; i < workers; i++) {
      WorkerId worker = WorkerId.of("worker-" + i);
      fleet.describe(Worker.of(worker, 1L << 40), now);
      Result.Registered life = fleet.register(worker, "disk of " + i, now);
      headers.add(new ReportHeader(worker, life.incarnation(), life.lineage(), 1));
    }
    ingest(chunks);
    cycle();
  }

  /** Runs one of them. */
  public static void main(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals("flat")) {
      flat(arguments.length > 1 ? Long.parseLong(arguments[1]) : 10_000_000);
    } else if (arguments.length > 0 && arguments[0].equals("evidence")) {
      evidence(arguments.length > 1 ? Long.parseLong(arguments[1]) : 1_000_000);
    } else {
      int workers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5_000;
      int copies = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000_000;
      new TransferScale(workers, copies / REPLICAS).follow();
    }
  }

  /** Returns limits under which the fleet forgets a round by the fourth million. */
  private static LifecycleConfig.Builder forgettingSoon(LifecycleConfig.Builder limits) {
    return limits
        .minReplication(REPLICAS)
        .retention(Duration.ofSeconds(100))
        .giveUpAfter(Duration.ofSeconds(310));
  }

  private void follow() {
    double first = followMillis();
    System.out.printf(Locale.ROOT, "%,d wait; the first follow took %.0f ms%n", waiting(), first);
    for (int added : new int[] {0, 100, 10_000, 0, 100, 10_000}) {
      double[] millis = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        ingest(added / REPLICAS);
        cycle();
        millis[round] = followMillis();
      }
      Arrays.sort(millis);
      System.out.printf(
          Locale.ROOT,
          "%,6d copies added: %7.3f ms, %.3f to %.3f; %,d wait%n",
          added,
          millis[ROUNDS / 2],
          millis[0],
          millis[ROUNDS - 1],
          waiting());
    }
  }

  private int waiting() {
    return queue.pendingCount();
  }

  private double followMillis() {
    long before = threads.getCurrentThreadCpuTime();
    transfers.follow(now);
    return (threads.getCurrentThreadCpuTime() - before) / 1e6;
  }

  private static void flat(long all) {
    TransferScale scale = new TransferScale(100, 3_333);
    long sent = 0;
    long warm = 0;
    boolean grew = false;
    for (int look = 1; look <= LOOKS; look++) {
      long begun = System.nanoTime();
      while (sent < all * look / LOOKS) {
        sent += scale.round();
      }
      long used = LiveHeap.bytes();
      warm = look == WARM_LOOKS ? used : warm;
      grew |= look > WARM_LOOKS && used > warm + warm / 10;
      System.out.printf(
          Locale.ROOT,
          "%,12d transfers, %,6d wait, %6.1f MB live, %.0f s%n",
          sent,
          scale.waiting(),
          used / 1e6,
          (System.nanoTime() - begun) / 1e9);
    }
    System.out.println(grew ? "the heap grew" : "flat");
    System.exit(grew ? 1 : 0);
  }

  private static void evidence(long all) {
    double[] ratios = new double[RATIOS];
    for (int at = 0; at < RATIOS; at++) {
      double off = transfersPerSecond(all, PartEvidence.OFF);
      ratios[at] = transfersPerSecond(all, PartEvidence.DEFAULT) / off;
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "recorded to off: median %.2f of %d, from %.2f to %.2f%n",
        ratios[RATIOS / 2],
        RATIOS,
        ratios[0],
        ratios[RATIOS - 1]);
  }

  private static double transfersPerSecond(long all, PartEvidence parts) {
    TransferScale scale = new TransferScale(100, 3_333, parts);
    long begun = System.nanoTime();
    long sent = 0;
    while (sent < all) {
      sent += scale.round();
    }
    double perSecond = sent / ((System.nanoTime() - begun) / 1e9);
    StowageStats counts = scale.fleet.stats();
    EvidenceStats stats = scale.fleet.evidence().stats();
    double each = (double) counts.partRecords() / sent;
    System.out.printf(
        Locale.ROOT,
        "%s: %,.0f transfers a second; %.2f records and %.0f bytes of evidence a transfer;"
            + " %d dropped%n",
        parts.equals(PartEvidence.OFF) ? "off     " : "recorded",
        perSecond,
        each,
        each * stats.keptBytes() / stats.keptRecords(),
        counts.partRecordsDropped());
    scale.fleet.close();
    return perSecond;
  }

  private int round() {
    int another = (int) (nextChunk - oldestChunk) / 100;
    ingest(another);
    for (int i = 0; i < another; i++) {
      fleet.remove(key(oldestChunk++), now);
    }
    cycle();
    transfers.follow(now);
    int sent = 0;
    Transfers.Next next = transfers.next(now);
    for (; next instanceof Transfers.Transfer transfer; next = transfers.next(now)) {
      transfers.arrived(transfer.id());
      sent++;
    }
    WorkerAssignmentId newest = fleet.fleet().ids().worker();
    for (int worker = 0; worker < headers.size(); worker++) {
      fleet.applied(next(worker), newest, List.of(), now);
    }
    cycle();
    transfers.follow(now);
    for (int worker = 0; worker < headers.size(); worker++) {
      List<ChunkNumber> held =
          fleet.fleet().slice(headers.get(worker).worker()).orElseThrow().entries().stream()
              .map(SliceEntry::number)
              .toList();
      fleet.lost(next(worker), held, now);
    }
    fleet.purge(now);
    return sent;
  }

  private void cycle() {
    now += SECOND;
    fleet.schedule(now);
    fleet.publish(now);
  }

  private void ingest(int count) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long first = 10 * nextChunk;
      chunks.add(Chunk.of(key(nextChunk++), BlockRange.of(first, first + 9), 1 << 20));
    }
    if (count > 0) {
      fleet.ingest(chunks, now);
    }
  }

  private static ChunkKey key(long chunk) {
    return ChunkKey.of("d", "c" + chunk);
  }

  private ReportHeader next(int worker) {
    ReportHeader last = headers.get(worker);
    ReportHeader header =
        new ReportHeader(last.worker(), last.incarnation(), last.lineage(), last.number() + 1);
    headers.set(worker, header);
    return header;
  }
}
