package dev.stowage.metrics;

import dev.stowage.FleetCensus;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.StowageStats;
import dev.stowage.StowageStats.ChunkRefusals;
import dev.stowage.StowageStats.StageTimes;
import dev.stowage.StowageStats.StageTimes.Stage;
import dev.stowage.Transfers;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.answer.Progress;
import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.content.PriorityClass;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Unit;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Binds a facade to a Micrometer registry, with the meters of {@code docs/observability.md}.
 * Figures of a leader are NaN in a follower and after close; those of the fleet cost a pass over
 * all replicas per {@code maxAge}. Reading waits for no command. Thread-safe.
 */
@SuppressWarnings("exports") // who binds meters requires Micrometer
public final class StowageMeters implements MeterBinder {
  private static final Duration USUAL_AGE = Duration.ofSeconds(10);
  static final String PREFIX = "stowage.";
  private static final double NANOS_PER_SECOND = 1e9;

  private static final List<Figure<Stowage>> PROCESS =
      List.of(
          Figure.of(
              "leading",
              Unit.NONE,
              "1 while the process leads, 0 while it follows",
              it -> it.isLeading() ? 1 : 0),
          Figure.of(
              "lease.age",
              Unit.SECONDS,
              "time since the last claim or renewal of the lease",
              it -> seconds(it, Stowage::leaseAgeNanos)),
          Figure.of(
              "lease.duration",
              Unit.SECONDS,
              "time for which a claim or renewal lasts",
              it -> it.leaseDuration().toNanos() / NANOS_PER_SECOND),
          Figure.of(
              "standby.age",
              Unit.SECONDS,
              "age of the state that a hot standby showed last",
              it -> seconds(it, of -> of.agedReader().standbyAgeNanos().orElse(-1))));

  private static final Figure<Stowage> STAGE =
      Figure.each(
          "stage",
          Unit.SECONDS,
          "count and time of the stages of work",
          "stage",
          Stage.class,
          (it, stage) -> Double.NaN);

  private static final List<Figure<StowageService>> SERVICE =
      List.of(
          Figure.each(
              "transfers.waiting",
              Unit.NONE,
              "waiting transfers of a service",
              "class",
              PriorityClass.class,
              (it, each) -> Transfers.waiting(it, each).items()),
          Figure.each(
              "transfers.waiting.bytes",
              Unit.BYTES,
              "their bytes",
              "class",
              PriorityClass.class,
              (it, each) -> Transfers.waiting(it, each).bytes()),
          Figure.of(
              "health",
              Unit.NONE,
              "health: 0 up, 1 degraded, 2 down",
              it -> it.health().level().ordinal()),
          Figure.total("turns", "turns of a service", it -> it.status().turns()),
          Figure.total(
              "turns.failed", "failed turns of a service", it -> it.status().failedTurns()));

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

  /** Returns the figures that are bound, in the order of {@code docs/observability.md}. */
  public static List<Figure<?>> figures() {
    List<Figure<?>> all = new ArrayList<>(PROCESS);
    all.addAll(Figure.of(FleetCensus.class));
    all.addAll(Figure.of(Progress.class));
    all.addAll(Figure.of(StowageStats.class));
    all.addAll(Figure.of(ChunkRefusals.class));
    all.addAll(Figure.of(BudgetInForce.class));
    all.add(STAGE);
    all.addAll(Figure.of(Told.class));
    all.addAll(SERVICE);
    return all;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry");
    Group<ChunkRefusals> refusals =
        new Group<>(
            registry,
            Figure.of(ChunkRefusals.class),
            () -> unlessClosed(Stowage::refusals),
            () -> {});
    refusals.read();
    new Group<>(registry, PROCESS, () -> Optional.of(stowage), () -> {});
    // Labels of refusals vary; a scrape that reads a figure of the fleet shows them anew.
    new Group<>(registry, Figure.of(FleetCensus.class), this::census, refusals::read);
    new Group<>(
        registry, Figure.of(Progress.class), () -> census().map(FleetCensus::progress), () -> {});
    new Group<>(
        registry,
        Figure.of(StowageStats.class),
        () -> unlessClosed(Stowage::recentStats).flatMap(it -> it),
        () -> {});
    new Group<>(
        registry,
        Figure.of(BudgetInForce.class),
        () -> unlessClosed(Stowage::lastCycle).flatMap(it -> it.map(Result.Scheduled::budget)),
        () -> {});
    for (Stage stage : Stage.values()) {
      FunctionTimer.builder(
              PREFIX + STAGE.name(),
              stowage,
              it -> times(stage).map(StageTimes::count).orElse(0L),
              it -> times(stage).map(StageTimes::totalNanos).orElse(0L),
              TimeUnit.NANOSECONDS)
          .description(STAGE.sentence())
          .tags(tags.and(STAGE.label(), stage.name().toLowerCase(Locale.ROOT)))
          .register(registry);
    }
    StowageService runs = service;
    if (runs != null) {
      new Group<>(registry, Figure.of(Told.class), () -> Optional.of(runs.told()), () -> {});
      new Group<>(registry, SERVICE, () -> Optional.of(runs), () -> {});
    }
  }

  /**
   * A gauge for each value of a label. A gauge stays registered while its label has a value, for a
   * family that is emptied and filled again during a scrape would be scraped twice.
   */
  private static final class Labelled<T> {
    private final Figure<T> figure;
    private final MultiGauge gauges;
    private volatile Map<String, Double> values = Map.of();

    Labelled(Figure<T> figure, MultiGauge gauges) {
      this.figure = figure;
      this.gauges = gauges;
    }

    void show(@Nullable T now) {
      values = now == null ? Map.of() : figure.of(now);
      gauges.register(
          values.keySet().stream()
              .<MultiGauge.Row<?>>map(
                  name -> MultiGauge.Row.of(Tags.of(figure.label(), name), name, this::of))
              .toList(),
          false);
    }

    private double of(String name) {
      return values.getOrDefault(name, Double.NaN);
    }
  }

  /** The meters of figures that are read from one value. */
  private final class Group<T> {
    private final Supplier<Optional<T>> source;
    private final List<Labelled<T>> labelled = new ArrayList<>();
    private volatile @Nullable T shown;

    Group(
        MeterRegistry registry,
        List<Figure<T>> figures,
        Supplier<Optional<T>> source,
        Runnable besideFirst) {
      this.source = source;
      Runnable beside = besideFirst;
      for (Figure<T> figure : figures) {
        if (figure.fixed().isEmpty()) {
          labelled.add(
              new Labelled<>(
                  figure,
                  MultiGauge.builder(PREFIX + figure.name())
                      .description(figure.sentence())
                      .tags(tags)
                      .register(registry)));
        }
        for (String by : figure.fixed()) {
          bind(registry, figure, by, beside);
          beside = () -> {};
        }
      }
    }

    private void bind(MeterRegistry registry, Figure<T> figure, String by, Runnable beside) {
      String name = PREFIX + figure.name();
      Tags all = figure.label().isEmpty() ? tags : tags.and(figure.label(), by);
      ToDoubleFunction<Stowage> value =
          it -> {
            beside.run();
            return read().map(figure::of).map(values -> values.get(by)).orElse(Double.NaN);
          };
      String unit = figure.unit().suffix();
      if (figure.isTotal()) {
        FunctionCounter.builder(
                name,
                stowage,
                it -> {
                  double known = value.applyAsDouble(it);
                  return Double.isNaN(known) ? 0 : known;
                })
            .description(figure.sentence())
            .tags(all)
            .register(registry);
      } else if (figure.unit() == Unit.SECONDS) {
        TimeGauge.builder(name, stowage, TimeUnit.SECONDS, value)
            .description(figure.sentence())
            .tags(all)
            .register(registry);
      } else {
        Gauge.builder(name, stowage, value)
            .description(figure.sentence())
            .tags(all)
            .baseUnit(unit.isEmpty() ? null : unit.substring(1))
            .register(registry);
      }
    }

    @SuppressWarnings("ReferenceEquality")
    Optional<T> read() {
      Optional<T> found = source.get();
      T now = found.orElse(null);
      if (now != shown) {
        shown = now;
        labelled.forEach(each -> each.show(now));
      }
      return found;
    }
  }

  private Optional<FleetCensus> census() {
    return unlessClosed(it -> it.census(maxAge)).flatMap(it -> it);
  }

  private Optional<StageTimes> times(Stage stage) {
    return unlessClosed(Stowage::times)
        .flatMap(times -> times.stream().filter(it -> it.stage() == stage).findFirst());
  }

  private <T> Optional<T> unlessClosed(Function<Stowage, T> asked) {
    return unlessClosed(stowage, asked);
  }

  private static <T> Optional<T> unlessClosed(Stowage stowage, Function<Stowage, T> asked) {
    try {
      return Optional.of(asked.apply(stowage));
    } catch (StowageException closed) {
      return Optional.empty();
    }
  }

  // NaN if the time is negative, as of a lease that is not held, or the facade closed.
  private static double seconds(Stowage stowage, ToLongFunction<Stowage> nanos) {
    return unlessClosed(stowage, nanos::applyAsLong)
        .filter(it -> it >= 0)
        .map(it -> it / NANOS_PER_SECOND)
        .orElse(Double.NaN);
  }
}
