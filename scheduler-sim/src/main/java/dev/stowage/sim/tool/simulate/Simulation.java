package dev.stowage.sim.tool.simulate;

import dev.stowage.AuditLevel;
import dev.stowage.StowageConfig;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.StatelessPlanner;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.shape.Field;
import dev.stowage.sim.kit.scenario.words.SettingSink;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.kit.world.Round;
import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.WorkerRecord;
import dev.stowage.sim.tool.report.ZoneLossRecord;
import dev.stowage.sim.tool.run.FirstCome;
import dev.stowage.sim.tool.run.FleetRun;
import dev.stowage.store.ChunkStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * One run of a profile: the first fill, then the steps. The same profile gives the same record, but
 * for its timing. Not thread-safe.
 */
public final class Simulation {
  /** The rounds after which a fleet that is still being filled is taken as it is. */
  private static final int MOST_FILL_ROUNDS = 5_000;

  private final Profile profile;
  private final LongSupplier stopwatch;
  private final BooleanSupplier isOver;
  private final int threads;
  private final Optional<HeldPlanner> held;

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
      String name, String command, ChunkStore store, EvidenceSink recorder, Listener listener)
      throws BadInputException {
    Chance chance = Chance.ofSeed(profile.seed());
    ChunkSource source = source();
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
            isFirstCome
                ? Optional.of(
                    (fleet, workers) -> new FirstCome(profile.stepTicks(), workers, any -> false))
                : Optional.empty())) {
      ProfileStage stage = new ProfileStage(run, source, chance.split());
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
              ZoneLossRecord.NONE);
      Simulated.Seconds seconds =
          new Simulated.Seconds(
              (filled - begun) / 1e9, slowest / 1e9, (stopwatch.getAsLong() - filled) / 1e9);
      return new Simulated(
              profile,
              name,
              record,
              filledAt,
              steps,
              gains,
              List.of(),
              seconds,
              run.fleet().snapshot())
          .judged();
    }
  }

  private ChunkSource source() throws BadInputException {
    Optional<String> catalogue = profile.catalogue();
    if (profile.from().isPresent()) {
      return ChunkSource.of(profile.from().get().chunks());
    }
    if (catalogue.isEmpty()) {
      return ChunkSource.of(profile.chunks().orElseThrow());
    }
    return ChunkSource.of(
        catalogue.get().equals("debian12")
            ? CatalogueReader.debian12(Optional.empty()).chunks()
            : CatalogueReader.read(Path.of(catalogue.get()), Optional.empty()).chunks());
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
    run.begins("fill", "The chunks come to an empty fleet");
    Optional<FleetFolder> from = profile.from();
    happens(
        0,
        "workers",
        () -> from.ifPresentOrElse(stage::joinAsIn, () -> profile.workers().forEach(stage::join)));
    happens(0, "chunks", stage::fill);
    run.world().bringAtOnce(profile.isFilled() || profile.from().isPresent());
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
    long slowest = 0;
    run.begins("before", "Before the first event");
    for (int step = 1; step <= profile.steps() && !isOver.getAsBoolean(); step++) {
      long begun = stopwatch.getAsLong();
      int now = step;
      List<Event> due = profile.events().stream().filter(each -> each.window().has(now)).toList();
      List<String> begin =
          due.stream().filter(each -> each.window().first() == now).map(Event::happens).toList();
      if (!begin.isEmpty()) {
        run.begins("step-" + step, String.join("; ", begin));
      }
      happens(0, "events", () -> stage.begins(now));
      for (Event event : due) {
        happens(event.line(), "events", () -> event.action().happen(stage, event.window(), now));
      }
      Round done = run.round();
      slowest = Math.max(slowest, stopwatch.getAsLong() - begun);
      listener.at(
          (double) step / profile.steps(),
          "step " + step + " of " + profile.steps() + ", " + done.movedBytes() + " bytes moved");
    }
    return slowest;
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
        steps < profile.steps()
            ? " (interrupted after step " + steps + " of " + profile.steps() + ")"
            : "";
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
        SettingSink.of(LifecycleConfig.SHAPE, LifecycleConfig.defaults(), ",");
    LifecycleConfig plain =
        LifecycleConfig.SHAPE.with(
            profile.config(), LifecycleConfig.WEIGHTS, WeightPolicy.DEFAULTS);
    SettingSink.of(LifecycleConfig.SHAPE, plain, ",")
        .forEach((field, text) -> {
          if (!text.equals(usual.get(field))) {
            shown.put(SettingText.word(field), text);
          }
        });
    return shown;
  }
}
