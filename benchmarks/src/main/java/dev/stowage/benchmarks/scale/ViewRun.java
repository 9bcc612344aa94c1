package dev.stowage.benchmarks.scale;

import dev.stowage.Preview;
import dev.stowage.benchmarks.scale.Scale.Figures;
import dev.stowage.command.Command;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.metrics.StowageMeters;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.memory.MemoryChunkStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Phases that read a fleet: previews, loads, documents, routes, meters. Stateless. */
final class ViewRun {
  private static final int TIMES = 11;
  private static final int READERS = 100;
  private static final int MOST_READ = 10_000;
  private static final int READINGS = 3;

  private ViewRun() {}

  /** Previews the loss of one worker after the other. */
  static Figures preview(Run run) {
    double[] millis = new double[TIMES];
    double[] busy = new double[TIMES];
    for (int at = 0; at < TIMES; at++) {
      int time = at;
      WorkerId worker = run.crew().worker(at * run.crew().workers() / TIMES);
      Command<?> loss = new Command.SetStatus(worker, WorkerStatus.DEPARTED);
      millis[at] =
          1e3
              * Meter.seconds(() ->
                  busy[time] =
                      Meter.millis(() -> {
                        Preview seen = run.stowage().preview(List.of(loss), run.crew().now());
                        if (!seen.isAccepted()) {
                          throw new IllegalStateException("refused: " + seen);
                        }
                      }));
    }
    double[] later = Arrays.copyOfRange(millis, 1, TIMES);
    return new Figures()
        .add(
            "the first %.0f ms, later %.0f ms, at most %.0f ms; processor %.0f ms",
            millis[0], Meter.median(later), Meter.percentile(later, 100), Meter.median(busy));
  }

  /** Resigns and claims the lead anew, which loads the fleet. */
  static Figures takeover(Run run) throws InterruptedException {
    run.stowage().resign();
    double claim =
        Meter.seconds(() -> {
          if (!run.stowage().claim(run.crew().now()).granted()) {
            throw new IllegalStateException("the lead was not granted");
          }
        });
    Figures figures =
        new Figures().add("claim %.2f s, of it the load %.2f s", claim, run.store().loadSeconds());
    Cycles.beside(run, figures, "first scheduling", run.crew()::schedule);
    Cycles.beside(run, figures, "first visibility", run.crew()::publish);
    return figures;
  }

  /** Saves the memory store and loads it into another one. */
  static Figures save(Run run) throws IOException {
    MemoryChunkStore store =
        run.memory()
            .orElseThrow(() -> new IllegalArgumentException("save is a phase of memory only"));
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    long begin = Meter.threadNanos();
    store.save(saved);
    long end = Meter.threadNanos();
    MemoryChunkStore.builder().load(new ByteArrayInputStream(saved.toByteArray())).close();
    return new Figures()
        .add(
            "%.1f MB, processor %.2f s; load %.2f s",
            saved.size() / 1e6, (end - begin) / 1e9, (Meter.threadNanos() - end) / 1e9);
  }

  /** Makes the documents of workers and portals after new chunks. */
  static Figures documents(Run run) throws IOException {
    Crew crew = run.crew();
    WorkerAssignmentId known = crew.newest();
    PortalAssignment before = run.stowage().fleet().portalAssignment();
    crew.ingest(run.options().thousand());
    crew.schedule();
    crew.show();
    Figures figures = new Figures();
    double[] slices = new double[crew.workers()];
    double[] deltas = new double[crew.workers()];
    long[] sums = new long[4];
    for (int worker = 0; worker < crew.workers(); worker++) {
      WorkerId id = crew.worker(worker);
      long begin = Meter.threadNanos();
      WorkerSlice slice = run.stowage().fleet().slice(id).orElseThrow();
      SliceDocument document = SliceDocument.of(slice);
      sums[0] += DocumentFormat.BINARY.toBytes(document).length;
      slices[worker] = (Meter.threadNanos() - begin) / 1e6;
      sums[1] += DocumentFormat.JSON.toBytes(document).length;
      sums[2] += slice.size();
      begin = Meter.threadNanos();
      SliceDocument delta =
          run.stowage().fleet().sliceSince(id, slice.lineage(), known).orElseThrow();
      sums[3] += delta.documentBytes();
      deltas[worker] = (Meter.threadNanos() - begin) / 1e6;
    }
    figures.add(
        "slice %.1f bytes a chunk, %.1f in JSON, processor %.2f ms; its delta %d bytes, %.3f ms",
        (double) sums[0] / sums[2],
        (double) sums[1] / sums[2],
        Meter.median(slices),
        sums[3] / crew.workers(),
        Meter.median(deltas));
    PortalAssignment now = run.stowage().fleet().portalAssignment();
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    long begin = Meter.threadNanos();
    DocumentFormat.BINARY.write(now, full);
    double fullMillis = (Meter.threadNanos() - begin) / 1e6;
    RoutesDocument delta = now.deltaSince(before);
    begin = Meter.threadNanos();
    int deltaBytes = DocumentFormat.BINARY.toBytes(delta).length;
    double deltaMillis = (Meter.threadNanos() - begin) / 1e6;
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    DocumentFormat.JSON.write(now, json);
    int routes = now.routes().size();
    return figures.add(
        "portals %.1f bytes a chunk, %.1f in JSON, %.0f ms; their delta %,d bytes, %.1f ms",
        (double) full.size() / routes,
        (double) json.size() / routes,
        fullMillis,
        deltaBytes,
        deltaMillis);
  }

  /**
   * Has 100 readers, dealt out to zones as the workers are, read chunks once: the reads of the
   * busiest worker over the mean, if each asks the first worker by name, or the first of {@link
   * Route#workersFor(String, String)}.
   */
  static Figures readers(Run run) {
    List<Route> all = run.stowage().fleet().portalAssignment().routes();
    List<Route> routes = all.subList(0, Math.min(MOST_READ, all.size()));
    int zones = run.options().zones();
    double byName = busiest(run, routes, (route, reader) -> route.workers().get(0));
    double[] spread = new double[1];
    double[] millis = new double[READINGS];
    for (int time = 0; time < READINGS; time++) {
      millis[time] =
          Meter.millis(() ->
              spread[0] =
                  busiest(
                      run,
                      routes,
                      (route, reader) ->
                          route
                              .workersFor(
                                  "reader-" + reader, zones == 0 ? "" : "zone-" + reader % zones)
                              .get(0)));
    }
    double calls = (double) READERS * routes.size();
    return new Figures()
        .add(
            "busiest over mean %.2f by name, %.2f by workersFor, %.2f us a call",
            byName, spread[0], 1e3 * Meter.median(millis) / calls);
  }

  private static double busiest(
      Run run, List<Route> routes, BiFunction<Route, Integer, WorkerId> asks) {
    Map<WorkerId, Integer> reads = new HashMap<>();
    for (Route route : routes) {
      for (int reader = 0; reader < READERS; reader++) {
        reads.merge(asks.apply(route, reader), 1, Integer::sum);
      }
    }
    int most = reads.values().stream().mapToInt(it -> it).max().orElse(0);
    return (double) most * run.crew().workers() / READERS / routes.size();
  }

  /** Takes a census and scrapes all meters. */
  static Figures census(Run run) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new StowageMeters(run.stowage()).withMaxAge(Duration.ofDays(1)).bindTo(registry);
    double[] censuses = new double[TIMES];
    double[] scrapes = new double[TIMES];
    for (int time = 0; time < TIMES; time++) {
      censuses[time] = Meter.millis(() -> run.stowage().census(Duration.ZERO));
      scrapes[time] = Meter.millis(registry::scrape);
    }
    registry.close();
    return new Figures()
        .add("processor %.1f ms, a scrape %.1f ms", Meter.median(censuses), Meter.median(scrapes));
  }
}
