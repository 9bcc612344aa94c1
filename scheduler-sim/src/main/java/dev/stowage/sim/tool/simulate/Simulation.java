package dev.stowage.sim.tool.simulate;

import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.audit.Audit;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.baseline.StatelessPlanner;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import dev.stowage.sim.kit.scenario.words.SettingSink;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.kit.world.Round;
import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.catalogue.ChunkCatalogue;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.WorkerRecord;
import dev.stowage.sim.tool.run.FirstCome;
import dev.stowage.sim.tool.run.FleetRun;
import dev.stowage.store.spi.FleetStore;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of a profile: the first fill, then the steps. The same profile gives the same record, but
 * for its timing. Not thread-safe.
 */
public final class Simulation {
  /** The rounds after which a fleet that is still being filled is taken as it is. */
  private static final int MOST_FILL_ROUNDS = 5_000;

  /** Debian 12, or one of so many of its packages. */
  private static final Pattern SHIPPED = Pattern.compile("debian12(?:/([1-9][0-9]{0,3}))?");

  private final Profile profile;
  private final LongSupplier stopwatch;
  private final BooleanSupplier isOver;
  private final int threads;
  private final Optional<HeldPlanner> held;
  private boolean isPartial;

  /** Hears of the progress of a run. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Hears that a step ended.
     *
     * @param share of the whole run, 0 to 1
     * @param doing what goes on, in a few words
     */
    void at(double share, String doing);
  }

  /**
   * Creates a run that has not begun.
   *
   * @param profile what is run
   * @param stopwatch nanoseconds since an arbitrary time; it decides nothing
   * @param isOver asked after each step: whether the run ends before its last step
   * @param threads the threads that run portals and workers, 1 to 256; the result does not depend
   *     on them
   */
  public Simulation(Profile profile, LongSupplier stopwatch, BooleanSupplier isOver, int threads) {
    this.profile = profile;
    this.stopwatch = stopwatch;
    this.isOver = isOver;
    this.threads = threads;
    held = profile.from().map(folder -> new HeldPlanner(sticky(), folder));
  }

  /**
   * Runs the profile.
   *
   * @param name the name of the run among others
   * @param command the command line that runs it again
   * @param store the store, whose fleet has not begun; the caller closes it
   * @param recorder receives the evidence; the caller closes it
   * @throws BadInputException if the fleet refuses an event, or a catalogue cannot be read
   */
  public Simulated run(
      String name, String command, FleetStore store, EvidenceSink recorder, Listener listener)
      throws BadInputException {
    Chance chance = Chance.ofSeed(profile.seed());
    ChunkCatalogue listed = listed();
    ChunkSource source =
        profile.chunks().isPresent() && profile.from().isEmpty()
            ? ChunkSource.of(profile.chunks().get())
            : ChunkSource.of(listed.chunks());
    boolean isFirstCome = profile.transfers().equals("first-come");
    try (FleetRun run =
        new FleetRun(
            store,
            config(),
            planner(),
            recorder,
            settings(),
            chance.split(),
            stopwatch,
            isFirstCome ? FirstCome::of : UnaryOperator.identity())) {
      ProfileStage stage = new ProfileStage(run, source, listed.corrections(), chance.split());
      run.fleet().claim(run.world().nowNanos());
      long begun = stopwatch.getAsLong();
      fill(run, stage, listener);
      long filled = stopwatch.getAsLong();
      int filledAt = run.rounds();
      SortedMap<String, Long> before = used(run);
      long slowest = steps(run, stage, listener);
      int steps = run.rounds() - filledAt;
      run.ends();
      SortedMap<String, Long> gains = used(run);
      before.forEach((worker, bytes) -> gains.merge(worker, -bytes, Long::sum));
      RunRecord record =
          run.record(
              title(steps),
              command,
              profile.seed(),
              shown(),
              (int) stage.corrected(),
              profile.mayEndUnderWay());
      Simulated.Seconds seconds =
          new Simulated.Seconds(
              (filled - begun) / 1e9, slowest / 1e9, (stopwatch.getAsLong() - filled) / 1e9);
      return new Simulated(
              profile,
              name,
              record,
              filledAt,
              steps,
              isPartial,
              gains,
              List.of(),
              seconds,
              run.fleet().ask(Audit.STATE))
          .judged();
    }
  }

  /** Returns the chunks that a folder or a catalogue lists, and their corrections. */
  private ChunkCatalogue listed() throws BadInputException {
    if (profile.from().isPresent()) {
      return new ChunkCatalogue(profile.from().get().chunks(), List.of());
    }
    String catalogue = profile.catalogue().orElse("");
    Optional<Path> corrections = profile.corrections().map(Path::of);
    Matcher shipped = SHIPPED.matcher(catalogue);
    if (shipped.matches()) {
      String each = Objects.requireNonNullElse(shipped.group(1), "1");
      return CatalogueReader.debian12(corrections).thinned(Integer.parseInt(each));
    }
    return catalogue.isEmpty()
        ? new ChunkCatalogue(List.of(), List.of())
        : CatalogueReader.read(Path.of(catalogue), corrections);
  }

  private StowageConfig config() {
    return StowageConfig.defaults()
        .withHolder("simulate")
        .withFleet(profile.config())
        .withAudit(AuditLevel.OFF);
  }

  private PlacementPlanner planner() {
    return held.<PlacementPlanner>map(each -> each).orElseGet(this::sticky);
  }

  private PlacementPlanner sticky() {
    return profile.planner().equals("stateless")
        ? StatelessPlanner.create()
        : PlacementPlanner.sticky();
  }

  private WorldSettings settings() {
    return new WorldSettings(
        profile.stepTicks(),
        profile.portals(),
        profile.faults(),
        profile.parts(),
        ProfileStage.least(profile.config()),
        threads);
  }

  private void fill(FleetRun run, ProfileStage stage, Listener listener) throws BadInputException {
    boolean atOnce = profile.isFilled() || profile.from().isPresent();
    run.begins(
        "fill",
        atOnce
            ? "The fleet is filled at once, without links"
            : "The chunks come to an empty fleet");
    Optional<FleetFolder> from = profile.from();
    happens(
        0,
        "workers",
        () -> from.ifPresentOrElse(stage::joinAsIn, () -> profile.workers().forEach(stage::join)));
    happens(0, "chunks", stage::fill);
    run.world().bringAtOnce(atOnce);
    run.calm(true);
    int quiet = 0;
    for (int round = 0; quiet < 2 && round < MOST_FILL_ROUNDS && !isOver.getAsBoolean(); round++) {
      run.round();
      quiet = run.isQuiet() ? quiet + 1 : 0;
      listener.at(0, "first fill, round " + (round + 1));
    }
    held.ifPresent(HeldPlanner::ends);
    happens(0, "workers", () -> from.ifPresent(stage::beginAsIn));
    run.world().bringAtOnce(false);
    run.calm(false);
    run.ends();
  }

  /** Runs the steps; returns the nanoseconds of the slowest. */
  private long steps(FleetRun run, ProfileStage stage, Listener listener) throws BadInputException {
    List<Event> known = new ArrayList<>();
    Deque<Event> next = new ArrayDeque<>();
    profile.events().forEach(each -> (each.window().isThen() ? next : known).add(each));
    boolean endsAtRest = !next.isEmpty();
    int all = next.size() + 1;
    long slowest = 0;
    Rest rest = new Rest(run, stage);
    if (!endsAtRest) {
      run.begins("before", "Before the first event");
    }
    for (int step = 1; step <= profile.steps(); step++) {
      isPartial = isOver.getAsBoolean();
      if (isPartial) {
        break;
      }
      if (endsAtRest && rest.judgeReached(step)) {
        if (next.isEmpty()) {
          break;
        }
        Event event = next.remove().from(step);
        known.add(event);
        rest.begins(event.title(), event.window().last());
      }
      long begun = stopwatch.getAsLong();
      events(known, step, run, stage);
      Round done = run.round();
      rest.follow();
      slowest = Math.max(slowest, stopwatch.getAsLong() - begun);
      String of = endsAtRest ? "" : " of " + profile.steps();
      double share = endsAtRest ? 1 - (next.size() + 0.5) / all : (double) step / profile.steps();
      listener.at(
          share, "step " + step + of + ", " + Unit.BYTES.print(done.movedBytes()) + " moved");
    }
    return slowest;
  }

  private void events(List<Event> known, int now, FleetRun run, ProfileStage stage)
      throws BadInputException {
    List<Event> due = known.stream().filter(each -> each.window().has(now)).toList();
    List<Event> begin = due.stream().filter(each -> each.window().first() == now).toList();
    if (!begin.isEmpty()) {
      boolean isThen = begin.get(0).text().startsWith("then");
      run.begins(
          isThen ? begin.get(0).word() : "step-" + now,
          String.join("; ", begin.stream().map(Event::title).toList()));
    }
    happens(0, "events", () -> stage.begins(now));
    for (Event event : due) {
      happens(event.line(), "events", () -> event.action().happen(stage, event.window(), now));
    }
  }

  /**
   * Finds the step in which a fleet is at rest: nobody is missed, and nothing has changed for two
   * steps, beyond the drain window while a replica may wait for its end, and beyond the pause of
   * growth after a departure.
   */
  private final class Rest {
    /** The steps after which a fleet that is not at rest is left as it is. */
    private static final int MOST = 100;

    private final FleetRun run;
    private final ProfileStage stage;
    private int quiet = 2;
    private int since;
    private int last;
    private long departed;
    private String title = "the first fill";

    Rest(FleetRun run, ProfileStage stage) {
      this.run = run;
      this.stage = stage;
      departed = departed();
    }

    private long departed() {
      return run.workers().stream().filter(each -> each.status().equals("departed")).count();
    }

    /** Begins an event that lasts until a step at least. */
    void begins(String event, int until) {
      title = event;
      last = until;
      since = 0;
      quiet = 0;
      departed = departed();
    }

    /** Follows a round. */
    void follow() {
      since++;
      quiet = run.isQuiet() ? quiet + 1 : 0;
    }

    boolean judgeReached(int step) {
      if (step <= last) {
        return false;
      }
      CycleRecord end = Objects.requireNonNull(run.lastCycle());
      if (quiet >= 2 && quiet >= enough(end) && stage.isSettled()) {
        return true;
      }
      if (since < MOST) {
        return false;
      }
      if (end.deferred() + end.shortfalls() == 0) {
        run.violated("liveness", "the fleet is not at rest " + since + " steps after: " + title);
      }
      return true;
    }

    private int enough(CycleRecord end) {
      boolean isConfirmed = end.replicas().total() == end.replicas().confirmed();
      long drain = isConfirmed ? 0 : profile.config().drainWindowTicks();
      long pause = departed() == departed ? 0 : profile.config().regrowAfterTicks();
      return 2 + (int) (Math.max(drain, pause) / profile.stepTicks());
    }
  }

  private void happens(long line, String field, Runnable happening) throws BadInputException {
    try {
      happening.run();
    } catch (StepRefused refused) {
      ProblemList problems = new ProblemList();
      problems.add(
          new InputProblem(
              profile.name(),
              line,
              field,
              "an event that the fleet accepts",
              String.valueOf(refused.getMessage())));
      throw new BadInputException(problems);
    }
  }

  private static SortedMap<String, Long> used(FleetRun run) {
    SortedMap<String, Long> used = new TreeMap<>();
    for (WorkerRecord worker : run.workers()) {
      used.put(worker.name(), worker.usedBytes());
    }
    return used;
  }

  private String title(int steps) {
    String about = profile.about().isEmpty() ? "" : ": " + profile.about();
    String end =
        isPartial ? " (interrupted after step " + steps + " of " + profile.steps() + ")" : "";
    return "Simulation " + profile.name() + about + end;
  }

  /** Returns what the report shows of the profile: what is not the default of the library. */
  private Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("steps", profile.steps() + " of " + profile.stepTicks() + " s");
    shown.put("planner", profile.planner());
    shown.put("transfers", profile.transfers());
    shown.put("portals", Integer.toString(profile.portals()));
    shown.put("lost messages", profile.faults().loss() + " of 100");
    shown.putAll(profile.parts().shown());
    Map<Field<?, ?>, String> usual =
        SettingSink.of(Shape.of(LifecycleConfig.class), LifecycleConfig.defaults(), ",");
    LifecycleConfig plain = profile.config().toBuilder().weights(WeightPolicy.DEFAULTS).unchecked();
    SettingSink.of(Shape.of(LifecycleConfig.class), plain, ",")
        .forEach((field, text) -> {
          if (!text.equals(usual.get(field))) {
            shown.put(SettingText.word(field), text);
          }
        });
    return shown;
  }
}
