package dev.stowage.benchmarks.scale;

import dev.stowage.Propagation;
import dev.stowage.Transfers;
import dev.stowage.benchmarks.scale.Scale.Figures;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.model.PortalId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.PropagationConfig;

/** Phases of what goes out: news of assignments, transfers, queued items. Stateless. */
final class DeliveryRun {
  private static final int PORTALS = 1_000;
  private static final int TIMES = 9;
  private static final int NEW_CHUNKS = 100;
  private static final long SECOND = 1_000_000_000L;

  private DeliveryRun() {}

  /** Follows the assignments for all workers and 1,000 portals. */
  static Figures follow(Run run) {
    Crew crew = run.crew();
    AssignmentPropagation news =
        Propagation.of(run.stowage(), PropagationConfig.DEFAULT.withBudget(100_000_000));
    for (int worker = 0; worker < crew.workers(); worker++) {
      news.register(crew.worker(worker), crew.now());
    }
    for (int portal = 0; portal < PORTALS; portal++) {
      news.register(PortalId.of("portal-" + portal), crew.now());
    }
    Figures figures = new Figures();
    figures.add(
        "%,d recipients in full: processor %.1f ms",
        news.recipients().size(), Meter.millis(() -> news.follow(crew.now())));
    double[] cycles = new double[TIMES];
    double[] idle = new double[TIMES];
    long sent = 0;
    for (int time = 0; time < TIMES; time++) {
      sent += news.outgoing(crew.now() + SECOND / 2).size();
      crew.ingest(NEW_CHUNKS);
      crew.schedule();
      crew.show();
      cycles[time] = Meter.millis(() -> news.follow(crew.now()));
      idle[time] = Meter.millis(() -> news.follow(crew.now()));
    }
    return figures.add(
        "after a cycle with %d new chunks %.1f ms; nothing new %.2f ms; %,d messages",
        NEW_CHUNKS, Meter.median(cycles), Meter.median(idle), sent);
  }

  /** Lets copies of as many new chunks wait for their workers, then carries them out. */
  static Figures transfers(Run run) {
    Crew crew = run.crew();
    ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
    Transfers transfers =
        Transfers.of(run.stowage(), queue, (worker, bytes) -> bytes / 100e6).copiesOnly();
    transfers.follow(crew.now());
    Figures figures = new Figures();
    for (int count : new int[] {run.options().chunks(), run.options().thousand(), 0}) {
      double[] millis = new double[count == run.options().chunks() ? 1 : TIMES];
      for (int time = 0; time < millis.length; time++) {
        crew.ingest(count);
        crew.schedule();
        crew.tick();
        millis[time] = Meter.millis(() -> transfers.follow(crew.now()));
      }
      figures.add(
          "follow with %,d new chunks: processor %.2f ms, %,d wait",
          count, Meter.median(millis), queue.pendingCount());
    }
    long begun = System.nanoTime();
    long sent = 0;
    Transfers.Next next = transfers.next(crew.now());
    for (; next instanceof Transfers.Transfer transfer; next = transfers.next(crew.now())) {
      transfers.arrived(transfer.id());
      sent++;
    }
    if (sent == 0) {
      throw new IllegalStateException("nothing was transferred: " + next);
    }
    figures.add("%,.0f transfers/s", sent / ((System.nanoTime() - begun) / 1e9));
    crew.show();
    crew.schedule();
    transfers.follow(crew.now());
    return figures;
  }

  /** Fills a content queue with as many items as there are chunks, and empties it. */
  static Figures queue(Run run) {
    int count = run.options().chunks();
    PriorityClass[] classes = PriorityClass.values();
    long empty = Meter.liveBytes();
    ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT.withInFlightLimit(0));
    double in =
        Meter.millis(() -> {
          for (int i = 0; i < count; i++) {
            PriorityClass of = classes[i % classes.length];
            queue.schedule(ContentItem.of(i, of, 1_024 + i % 9_999, 1 + i % 100, 1 + i % 997), 0);
          }
        });
    double bytes = (double) (Meter.liveBytes() - empty) / count;
    double out =
        Meter.millis(() -> {
          while (queue.decide(0).selected().isPresent()) {
            // The next one goes out.
          }
        });
    return new Figures()
        .add(
            "%.0f bytes an item, schedule %.0f ns, next %.0f ns of processor time",
            bytes, 1e6 * in / count, 1e6 * out / count);
  }
}
