package dev.stowage.metrics;

import dev.stowage.FleetCensus;
import dev.stowage.FleetCensus.Cause;
import dev.stowage.StageTimes;
import dev.stowage.StageTimes.Stage;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.StowageStats;
import dev.stowage.content.PriorityClass;
import dev.stowage.lifecycle.Result;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Binds a facade to a Micrometer registry, with the meters of {@code docs/observability.md}.
 * Figures of a leader are NaN in a follower and after close; those of the fleet cost a pass over
 * all replicas per {@code maxAge}. Reading may wait for a command. Thread-safe.
 */
@SuppressWarnings("exports") // who binds meters requires Micrometer
public final class StowageMeters implements MeterBinder {
  private static final Duration USUAL_AGE = Duration.ofSeconds(10);

  private final Stowage stowage;
  private final @Nullable StowageService service;
  private final Tags tags;
  private final Duration maxAge;

  /** Creates a binder of a facade that no service runs. */
  public StowageMeters(Stowage stowage) {
    this(stowage, null, Tags.empty(), USUAL_AGE);
  }

  /** Creates a binder of a facade and the service that runs it. */
  public StowageMeters(Stowage stowage, StowageService service) {
    this(stowage, Objects.requireNonNull(service, "service"), Tags.empty(), USUAL_AGE);
  }

  private StowageMeters(
      Stowage stowage, @Nullable StowageService service, Tags tags, Duration maxAge) {
    this.stowage = Objects.requireNonNull(stowage, "stowage");
    this.service = service;
    this.tags = tags;
    this.maxAge = maxAge;
  }

  /** Returns a binder with further tags, such as the name of the fleet. */
  public StowageMeters withTags(Iterable<Tag> more) {
    return new StowageMeters(stowage, service, tags.and(more), maxAge);
  }

  /** Returns a binder whose figures of the fleet may have this age instead of ten seconds. */
  public StowageMeters withMaxAge(Duration age) {
    return new StowageMeters(stowage, service, tags, Objects.requireNonNull(age, "age"));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry");
    bindFleet(registry);
    bindCycles(registry);
    bindCommands(registry);
    StowageService runs = service;
    if (runs != null) {
      bindService(registry, runs);
    }
  }

  private void bindFleet(MeterRegistry registry) {
    Fills fills = new Fills(registry);
    gauge(
        registry,
        "stowage.chunks",
        "Live chunks",
        Tags.empty(),
        null,
        it -> {
          fills.refusals();
          return figure(fills.census(), FleetCensus::chunks);
        });
    census(
        registry,
        fills,
        "stowage.chunks.under.floor",
        "Live chunks with fewer copies than their floor",
        FleetCensus::underFloor);
    census(
        registry,
        fills,
        "stowage.chunks.at.risk",
        "Chunks that readers could lose",
        FleetCensus::atRisk);
    census(
        registry,
        fills,
        "stowage.chunks.dark",
        "Visible chunks that portals can reach nowhere",
        FleetCensus::dark);
    census(
        registry,
        fills,
        "stowage.replicas.draining",
        "Replicas that are superseded or draining",
        FleetCensus::draining);
    census(
        registry,
        fills,
        "stowage.workers.suspect",
        "Workers that are suspect",
        FleetCensus::suspect);
    census(
        registry,
        fills,
        "stowage.workers.leaving",
        "Workers that are to leave",
        FleetCensus::leaving);
    census(
        registry,
        fills,
        "stowage.domains",
        "Domains of the first level with workers",
        found -> found.domains().size());
    for (Cause cause : Cause.values()) {
      gauge(
          registry,
          "stowage.bytes.to.go",
          "Bytes that are assigned and not possessed",
          Tags.of("cause", lower(cause)),
          "bytes",
          it ->
              figure(fills.census(), found -> (double) found.bytesToGo().getOrDefault(cause, 0L)));
    }
  }

  /**
   * A gauge for each value of a label. A gauge stays registered while its label has a value, for a
   * family that is emptied and filled again during a scrape would be scraped twice.
   */
  private static final class Labelled {
    private final MultiGauge gauges;
    private final String label;
    private volatile Map<String, Double> values = Map.of();

    Labelled(MultiGauge gauges, String label) {
      this.gauges = gauges;
      this.label = label;
    }

    void show(Map<String, Double> now) {
      values = new LinkedHashMap<>(now);
      gauges.register(
          now.keySet().stream()
              .<MultiGauge.Row<?>>map(
                  name -> MultiGauge.Row.of(Tags.of(label, name), name, this::of))
              .toList(),
          false);
    }

    private double of(String name) {
      return values.getOrDefault(name, Double.NaN);
    }
  }

  private final class Fills {
    private final Labelled domains;
    private final Labelled newest;
    private final Labelled rejected;
    private final Labelled heldBack;
    private volatile @Nullable FleetCensus shown;

    Fills(MeterRegistry registry) {
      domains =
          labelled(
              registry,
              "stowage.domain.fill",
              "The share of the capacity of a domain of the first level that is used",
              "domain");
      newest =
          labelled(
              registry,
              "stowage.newest.times.fair",
              "The greatest part of a dataset's newest copies on one worker, over fair",
              "dataset");
      rejected =
          labelled(registry, "stowage.dataset.rejected", "Chunks that were rejected", "dataset");
      heldBack =
          labelled(
              registry,
              "stowage.dataset.held.back",
              "Chunks that were held back because too many wait",
              "dataset");
      refusals();
    }

    private Labelled labelled(MeterRegistry registry, String name, String what, String label) {
      return new Labelled(
          MultiGauge.builder(name).description(what).tags(tags).register(registry), label);
    }

    private void refusals() {
      Map<String, Double> ofRejected = new LinkedHashMap<>();
      Map<String, Double> ofHeldBack = new LinkedHashMap<>();
      unlessClosed(Stowage::refusals)
          .ifPresent(all ->
              all.shown()
                  .forEach((dataset, counts) -> {
                    ofRejected.put(dataset, (double) counts.rejected());
                    ofHeldBack.put(dataset, (double) counts.heldBack());
                  }));
      rejected.show(ofRejected);
      heldBack.show(ofHeldBack);
    }

    @SuppressWarnings("ReferenceEquality")
    Optional<FleetCensus> census() {
      Optional<FleetCensus> found = unlessClosed(it -> it.census(maxAge)).flatMap(it -> it);
      FleetCensus now = found.orElse(null);
      if (now != shown) {
        shown = now;
        Map<String, Double> fills = new LinkedHashMap<>();
        Map<String, Double> shares = new LinkedHashMap<>();
        if (now != null) {
          now.newest().forEach(share -> shares.put(share.dataset().value(), share.timesFair()));
          now.domains().forEach((domain, fill) -> fills.put(domain, fill.share()));
        }
        domains.show(fills);
        newest.show(shares);
      }
      return found;
    }
  }

  private void bindCycles(MeterRegistry registry) {
    gauge(
        registry,
        "stowage.budget.bytes",
        "Bytes that the last cycle left for growth and moves; infinite without a bound",
        Tags.empty(),
        "bytes",
        it -> figure(lastCycle(), cycle -> budget(cycle.budget().bytes())));
    held(registry, "pressure", cycle -> cycle.budget().heldByPressure());
    held(registry, "in_flight", cycle -> cycle.budget().heldInFlight());
    held(registry, "failures", cycle -> cycle.budget().heldByFailures());
    held(registry, "new_chunks", cycle -> cycle.budget().heldForNewChunks());
    gauge(
        registry,
        "stowage.pressure.band",
        "The band of pressure of the last cycle: 0 normal to 3 critical",
        Tags.empty(),
        null,
        it -> figure(lastCycle(), cycle -> (double) cycle.pressure().ordinal()));
    for (Stage stage : Stage.values()) {
      FunctionTimer.builder(
              "stowage.stage",
              stowage,
              it -> times(stage).map(StageTimes::count).orElse(0L),
              it -> times(stage).map(StageTimes::totalNanos).orElse(0L),
              TimeUnit.NANOSECONDS)
          .description("How long stages of the work take")
          .tags(tags.and("stage", lower(stage)))
          .register(registry);
    }
    TimeGauge.builder(
            "stowage.lease.age",
            stowage,
            TimeUnit.NANOSECONDS,
            it ->
                unlessClosed(Stowage::leaseAgeNanos)
                    .filter(age -> age >= 0)
                    .map(Long::doubleValue)
                    .orElse(Double.NaN))
        .description("The time since the lease was claimed or renewed last")
        .tags(tags)
        .register(registry);
    TimeGauge.builder(
            "stowage.lease.duration",
            stowage,
            TimeUnit.NANOSECONDS,
            it -> it.leaseDuration().toNanos())
        .description("How long a claim or a renewal of the lease lasts")
        .tags(tags)
        .register(registry);
  }

  private void held(MeterRegistry registry, String cause, ToLongFunction<Result.Scheduled> bytes) {
    gauge(
        registry,
        "stowage.budget.held.bytes",
        "Bytes of the movement budget that were held back in the last cycle",
        Tags.of("cause", cause),
        "bytes",
        it -> figure(lastCycle(), cycle -> budget(bytes.applyAsLong(cycle))));
  }

  private static double budget(long bytes) {
    return bytes == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : bytes;
  }

  private void bindCommands(MeterRegistry registry) {
    gauge(
        registry,
        "stowage.leading",
        "1 while the process leads, 0 while it follows",
        Tags.empty(),
        null,
        it -> it.isLeading() ? 1 : 0);
    stats(registry, "stowage.replicas", "Replicas, in all states", StowageStats::replicas);
    stats(registry, "stowage.replicas.stuck", "Replicas that cannot leave", StowageStats::stuck);
    stats(registry, "stowage.workers", "Workers, departed ones included", StowageStats::workers);
    stats(
        registry,
        "stowage.workers.guarded",
        "Silent workers that did not depart, because too many would have",
        StowageStats::guarded);
    stats(
        registry,
        "stowage.chunks.waiting",
        "Chunks that wait for their first placement",
        StowageStats::waitingChunks);
    counter(registry, "stowage.commands", "Commands that were executed", StowageStats::commands);
    counter(
        registry,
        "stowage.commands.rejected",
        "Commands that were rejected",
        StowageStats::rejected);
    counter(registry, "stowage.fenced", "Leases lost to another process", StowageStats::fenced);
    counter(
        registry,
        "stowage.host.failures",
        "Failures of the host's own code",
        StowageStats::hostFailures);
    counter(registry, "stowage.news.set.aside", "News set aside", StowageStats::setAside);
    counter(
        registry,
        "stowage.evidence.parts",
        "Records of transfers and propagation that became durable",
        StowageStats::partRecords);
    counter(
        registry,
        "stowage.evidence.parts.dropped",
        "Records of transfers and propagation that were dropped",
        StowageStats::partRecordsDropped);
  }

  private void bindService(MeterRegistry registry, StowageService runs) {
    for (PriorityClass each : PriorityClass.values()) {
      Tags of = tags.and("class", lower(each));
      Gauge.builder("stowage.transfers.waiting", runs, it -> it.waiting(each).items())
          .description("Transfers that wait")
          .tags(of)
          .register(registry);
      Gauge.builder("stowage.transfers.waiting.bytes", runs, it -> it.waiting(each).bytes())
          .description("Bytes of transfers that wait")
          .tags(of)
          .baseUnit("bytes")
          .register(registry);
    }
    Gauge.builder("stowage.health", runs, it -> it.health().level().ordinal())
        .description("0 up, 1 degraded, 2 down")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("stowage.turns", runs, StowageService::turns)
        .description("Turns of the service")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("stowage.turns.failed", runs, StowageService::failedTurns)
        .description("Turns of the service that failed")
        .tags(tags)
        .register(registry);
  }

  private static <T> double figure(Optional<T> found, ToDoubleFunction<T> figure) {
    return found.map(figure::applyAsDouble).orElse(Double.NaN);
  }

  private Optional<Result.Scheduled> lastCycle() {
    return unlessClosed(Stowage::lastCycle).flatMap(it -> it);
  }

  private Optional<StowageStats> stats() {
    return unlessClosed(Stowage::recentStats).flatMap(it -> it);
  }

  private Optional<StageTimes> times(Stage stage) {
    return unlessClosed(Stowage::times)
        .flatMap(times -> times.stream().filter(it -> it.stage() == stage).findFirst());
  }

  private <T> Optional<T> unlessClosed(Function<Stowage, T> asked) {
    try {
      return Optional.of(asked.apply(stowage));
    } catch (StowageException closed) {
      return Optional.empty();
    }
  }

  private void census(
      MeterRegistry registry,
      Fills fills,
      String name,
      String what,
      ToDoubleFunction<FleetCensus> figure) {
    gauge(registry, name, what, Tags.empty(), null, it -> figure(fills.census(), figure));
  }

  private void stats(
      MeterRegistry registry, String name, String what, ToLongFunction<StowageStats> figure) {
    gauge(
        registry,
        name,
        what,
        Tags.empty(),
        null,
        it -> {
          long found = stats().map(figure::applyAsLong).orElse((long) StowageStats.NOT_KNOWN);
          return found == StowageStats.NOT_KNOWN ? Double.NaN : found;
        });
  }

  private void counter(
      MeterRegistry registry, String name, String what, ToLongFunction<StowageStats> figure) {
    FunctionCounter.builder(name, stowage, it -> stats().map(figure::applyAsLong).orElse(0L))
        .description(what)
        .tags(tags)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String what,
      Tags more,
      @Nullable String unit,
      ToDoubleFunction<Stowage> figure) {
    Gauge.builder(name, stowage, figure)
        .description(what)
        .tags(tags.and(more))
        .baseUnit(unit)
        .register(registry);
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
