package dev.stowage.benchmarks.scale;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.benchmarks.scale.Scale.Figures;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.PortalClient;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.propagation.PropagationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The phase of portals whose questions a leader's door holds: from the commit that shows a chunk to
 * the moment when each of them routes to it, without a network. They follow a dataset of few
 * chunks.
 */
final class Held {
  private static final int PORTALS = 1_000;
  private static final int TIMES = 20;
  private static final int WARM = 10;
  private static final int THREADS = 2;
  private static final String DATASET = "shown";
  private static final ClientConfig CONFIG =
      ClientConfig.DEFAULT
          .withPoll(1)
          .withHold(TimeUnit.HOURS.toNanos(1))
          .withTimeout(TimeUnit.HOURS.toNanos(2));

  private final Run run;
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
  private final List<PortalClient> portals = new ArrayList<>();
  private final double[] millis = new double[TIMES * PORTALS];
  private final AtomicInteger measured = new AtomicInteger();
  private volatile long committed;
  private final AtomicInteger shown = new AtomicInteger();
  private volatile CountDownLatch left = new CountDownLatch(0);

  private Held(Run run) {
    this.run = run;
  }

  static Figures measure(Run run) throws Exception {
    Held held = new Held(run);
    Stowage stowage = run.stowage();
    StowageService service =
        new StowageService(stowage, held.threads, run.crew()::now, Pace.DEFAULT);
    AutoCloseable hint = stowage.onAssignment(() -> held.committed = System.nanoTime());
    try {
      return held.measure(service);
    } finally {
      hint.close();
      service.close();
      held.threads.shutdownNow();
    }
  }

  private Figures measure(StowageService service) throws InterruptedException {
    ClientDoor door =
        ClientDoor.of(run.stowage(), "scale")
            .holding(
                service,
                Propagation.of(run.stowage(), PropagationConfig.DEFAULT),
                PORTALS,
                threads);
    show(service);
    long empty = Meter.liveBytes();
    for (int at = 0; at < PORTALS; at++) {
      PortalClient portal =
          new PortalClient(
              "scale",
              PortalId.of("portal-" + at),
              (request, route) -> door.ask(request, run.crew().now()),
              CONFIG);
      portal.follow(Set.of(DatasetId.of(DATASET)));
      portals.add(portal);
      portal.turn(run.crew().now());
      portal.turn(run.crew().now());
      portal.waking(() -> threads.execute(() -> look(portal)));
    }
    service.deliver();
    double kilobytes = (Meter.liveBytes() - empty) / 1e3 / PORTALS;
    for (int time = 0; time < WARM + TIMES; time++) {
      left = new CountDownLatch(PORTALS);
      measured.set(Math.max(0, time - WARM) * PORTALS);
      show(service);
      if (!left.await(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException(left.getCount() + " portals were not told");
      }
    }
    return new Figures()
        .add(
            "%,d portals hear of a chunk within %.1f ms (p50), %.1f ms (p99) of its commit;"
                + " %.1f kB each, client included",
            PORTALS, Meter.percentile(millis, 50), Meter.percentile(millis, 99), kilobytes);
  }

  /** Shows another chunk, in a turn that tells of it. */
  private void show(StowageService service) {
    Crew crew = run.crew();
    run.stowage().ingest(List.of(Crew.chunk(DATASET, shown.getAndIncrement())), crew.now());
    crew.schedule();
    crew.reportAll();
    crew.tick();
    service.turn();
  }

  private void look(PortalClient portal) {
    portal.turn(run.crew().now());
    if (portal.routes().size() == shown.get()) {
      millis[measured.getAndIncrement()] = (System.nanoTime() - committed) / 1e6;
      left.countDown();
    }
  }
}
