package example;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Kills the leading control plane without warning, again and again, while chunks are ingested and
 * read. Prints how long takeovers took, and what was lost. Exits with 1 if anything was.
 */
public final class KillTrial {
  private final LocalFleet fleet;

  /** Acknowledged chunks: whether a reader has seen them. */
  private final Map<Integer, Boolean> acknowledged = new ConcurrentSkipListMap<>();

  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong failedReads = new AtomicLong();
  private final AtomicLong staleReads = new AtomicLong();
  private volatile boolean isOver;

  private KillTrial(LocalFleet fleet) {
    this.fleet = fleet;
  }

  /** Takes how often to kill, the address of a database, and the name of a schema to be created. */
  public static void main(String[] args) throws Exception {
    boolean isGood;
    try (LocalFleet fleet = new LocalFleet(args[1], args[2], 20_000)) {
      isGood = new KillTrial(fleet).run(Integer.parseInt(args[0]));
    }
    System.exit(isGood ? 0 : 1);
  }

  private boolean run(int kills) throws Exception {
    fleet.startPlane(0);
    fleet.startPlane(1);
    for (int i = 0; i < 3; i++) {
      fleet.startWorker(LocalFleet.port(), "zone-" + i, 1L << 30);
    }
    fleet.startPortal();
    fleet.awaitLeader(-1, Duration.ofMinutes(2));
    Thread load = LocalFleet.background(this::ingestForEver);
    Thread readers = LocalFleet.background(this::readForEver);

    List<Long> takeovers = new ArrayList<>();
    long doubles = 0;
    for (int i = 0; i < kills; i++) {
      LocalFleet.pause(300);
      int leader = fleet.awaitLeader(-1, Duration.ofMinutes(1));
      doubles += fleet.isLeading(1 - leader) && fleet.isLeading(leader) ? 1 : 0;
      fleet.plane(leader).destroyForcibly().waitFor();
      long killed = System.nanoTime();
      fleet.awaitLeader(leader, Duration.ofMinutes(1));
      takeovers.add((System.nanoTime() - killed) / 1_000_000);
      fleet.startPlane(leader);
      fleet.awaitAnswer(leader);
    }
    isOver = true;
    load.join();
    readers.join();
    return report(takeovers, doubles);
  }

  private boolean report(List<Long> takeovers, long doubles) {
    fleet.awaitLeader(-1, Duration.ofMinutes(1));
    long limit = Duration.ofMinutes(3).toNanos();
    long lastRead = System.nanoTime();
    Set<Integer> unread = new TreeSet<>(acknowledged.keySet());
    while (!unread.isEmpty() && System.nanoTime() - lastRead < limit) {
      if (unread.removeIf(it -> fleet.read(it) == 200)) {
        lastRead = System.nanoTime();
      }
    }
    long lost = acknowledged.keySet().stream().filter(fleet::isUnknown).count();
    List<Long> sorted = takeovers.stream().sorted().toList();
    int last = sorted.size() - 1;
    System.out.printf("kills                        %d%n", sorted.size());
    System.out.printf(
        "takeover, median and worst   %d ms, %d ms%n", sorted.get(last / 2), sorted.get(last));
    System.out.printf("chunks acknowledged          %d%n", acknowledged.size());
    System.out.printf("acknowledged and lost        %d%n", lost);
    System.out.printf("two leaders at a time        %d%n", doubles);
    System.out.printf(
        "reads of chunks seen before  %s, failed %s, portal without routes %s%n",
        reads, failedReads, staleReads);
    System.out.printf("chunks that cannot be read   %d%n", unread.size());
    return lost == 0 && doubles == 0 && unread.isEmpty() && failedReads.get() == 0;
  }

  // ---- load ----

  private void ingestForEver() {
    for (int next = 0; !isOver; next++) {
      boolean isTaken = false;
      for (int plane = next; !isOver && !isTaken; plane++) {
        isTaken = fleet.ingest(plane % 2, next);
      }
      if (isTaken) {
        acknowledged.put(next, false);
      }
      LocalFleet.pause(40);
    }
  }

  private void readForEver() {
    while (!isOver) {
      int next = ThreadLocalRandom.current().nextInt(acknowledged.size() + 1);
      Boolean isSeen = acknowledged.get(next);
      if (isSeen != null) {
        int code = fleet.read(next);
        if (isSeen) {
          reads.incrementAndGet();
          staleReads.addAndGet(code == 503 ? 1 : 0);
          failedReads.addAndGet(code == 200 || code == 503 ? 0 : 1);
        } else if (code == 200) {
          acknowledged.put(next, true);
        }
      }
      LocalFleet.pause(5);
    }
  }
}
