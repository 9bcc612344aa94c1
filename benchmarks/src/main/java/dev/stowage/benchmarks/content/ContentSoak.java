package dev.stowage.benchmarks.content;

import dev.stowage.benchmarks.LiveHeap;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.Flow;
import dev.stowage.content.Pacing;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.Tenant;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.pressure.PressureSnapshot;
import java.util.Locale;

/**
 * A hundred million operations of every kind on one recorded scheduler, with flows, tenants,
 * destinations, objects and ids that come once and never again; prints what the heap holds after a
 * collection, ten times, and ends with code 1 if it grew by more than a tenth after the second
 * time. The first argument is another number of operations.
 */
public final class ContentSoak {
  private static final long OPERATIONS = 100_000_000;
  private static final int LOOKS = 10;
  private static final int WARM_LOOKS = 2;
  private static final int BACKLOG = 2_000;

  private static final ContentConfig CONFIG =
      ContentConfig.DEFAULT
          .withInFlightLimit(500)
          .withPacing(
              Pacing.UNLIMITED
                  .withGlobal(new Pacing.Rate(1L << 40, 1L << 34))
                  .withPerDestination(new Pacing.Rate(1L << 36, 1L << 30)));

  private final ContentScheduler scheduler =
      ContentScheduler.recording(CONFIG, EvidenceLog.of(ContentScheduler.header(CONFIG, "soak")));
  private long drawn;
  private long nextId = 1;
  private long now;
  private long operations;
  private long selected;

  private ContentSoak() {}

  /** Soaks. */
  public static void main(String[] arguments) {
    long all = arguments.length == 0 ? OPERATIONS : Long.parseLong(arguments[0]);
    ContentSoak soak = new ContentSoak();
    long warm = 0;
    boolean grew = false;
    for (int look = 1; look <= LOOKS; look++) {
      while (soak.operations < all * look / LOOKS) {
        soak.round();
      }
      long used = LiveHeap.bytes();
      warm = look <= WARM_LOOKS ? Math.max(warm, used) : warm;
      grew |= look > WARM_LOOKS && used > warm + warm / 10;
      System.out.printf(
          Locale.ROOT,
          "%,13d operations %,12d selected %6d waiting %8.2f MB after collection%n",
          soak.operations,
          soak.selected,
          soak.scheduler.pendingCount(),
          used / 1e6);
    }
    System.out.println(grew ? "the heap grew" : "flat");
    System.exit(grew ? 1 : 0);
  }

  /** Performs some of every operation; time advances by up to a millisecond each. */
  private void round() {
    now += below(1_000_000);
    while (scheduler.pendingCount() < BACKLOG) {
      scheduler.schedule(item(), now);
      operations++;
    }
    for (int i = 0; i < 40; i++) {
      if (scheduler.decide(now) instanceof Decision.Selected sent) {
        selected++;
        answer(sent.item().id());
      }
      operations++;
    }
    scheduler.cancel(nextId - 1 - below(BACKLOG));
    operations++;
    if (below(50) == 0) {
      scheduler.cancelObject(nextId / 100);
      scheduler.cancelFlow(Flow.ofStream(nextId / 50));
      scheduler.updatePressure(
          new PressureSnapshot(below(100) / 100.0, 0, 0, below(90) / 100.0, now), now);
      operations += 3;
    }
  }

  private void answer(long id) {
    int die = below(10);
    if (die < 6) {
      scheduler.complete(id);
      operations++;
    } else if (die < 8) {
      scheduler.fail(id, "lost", now);
      operations++;
    }
  }

  private ContentItem item() {
    long id = nextId++;
    PriorityClass[] classes = PriorityClass.values();
    Flow flow = below(3) == 0 ? Flow.NONE : Flow.ofStream(id / 50);
    ContentItem item =
        ContentItem.of(
                id, classes[below(classes.length)], 1 + below(1 << 20), 1 + below(9), below(99))
            .in(below(4) == 0 ? flow.withTenant(Tenant.of("t" + id / 1000)) : flow);
    item = below(4) == 0 ? item.to("d" + id / 200) : item;
    item = below(4) == 0 ? item.asPiece(id / 100, id % 100) : item;
    return below(8) == 0 ? item.withDeadline(now + below(50_000_000)) : item;
  }

  private int below(int bound) {
    drawn += 0x9E3779B97F4A7C15L;
    long z = (drawn ^ (drawn >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (int) ((((z ^ (z >>> 31)) >>> 32) * bound) >>> 32);
  }
}
