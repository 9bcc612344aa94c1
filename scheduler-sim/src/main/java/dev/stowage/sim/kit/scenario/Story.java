package dev.stowage.sim.kit.scenario;

import dev.stowage.StowageListener;
import dev.stowage.command.Result;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.draw.Packing;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.SpreadOracle;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.world.StepFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scenario that is made up as it goes: line after line is told to a world that is audited after
 * every command. What a line was answered decides what its author tells next; written down, the
 * lines are a scenario file in which the same happens. Not thread-safe.
 */
public final class Story implements AutoCloseable {
  /** Stores in memory. */
  public static final ScenarioStore.Backend MEMORY = MemoryScenarioStore.backend();

  /** Settles a fleet; bytes that the store does not know may excuse it. */
  public static final String SETTLE = "settle max=300 beside=unknown-bytes";

  /** Expects of a fleet that has settled and has room that it has reached its goal. */
  public static final String CONVERGED = "expect converged";

  /** Expects evidence that is whole and replays. */
  public static final String EVIDENCE = "expect evidence";

  /** Expects that another scheduler finds the state that this one had. */
  public static final String RELOADED = "expect reloaded";

  /** Expects of a fleet that has settled that no floor is short for the sake of bonus replicas. */
  public static final String FLOORS_FIRST = "expect floors-first";

  /** Expects of a fleet that has settled that no move would spread a chunk better. */
  public static final String SPREAD = "expect spread";

  private static final String AGREE = "backends agree";
  private static final String MODEL = "the reference model agrees";

  /** Compares with a story, line by line. */
  public enum Beside {
    /** Nothing. */
    NOTHING,
    /**
     * The naive reference model, which hears every command of the world. The store of the world
     * does not fail: of a commit in doubt the model would not hear.
     */
    MODEL,
    /**
     * A second world in memory, in which the same must happen, with the reference model beside it.
     * The store fails in the first world alone. The second world plans from scratch, so each plan
     * of the first one, whose planner is fed what changes, is compared with a fresh one.
     */
    WORLD
  }

  /** The lines between two looks of readers in a walk: a look asks a server a dozen questions. */
  private static final int LINES_A_READING = 5;

  private final ScenarioWorld world;
  private final @Nullable ReferenceCheck shadow;
  private final int linesAReading;
  private long told;
  private boolean isClockRight = true;
  private StepOutcome outcome = StepOutcome.DONE;

  /** False from a wrong clock until it is right and the fleet was told the time. */
  private boolean isTimeRight = true;

  private Story(ScenarioWorld world, @Nullable ReferenceCheck shadow, int linesAReading) {
    this.world = world;
    this.shadow = shadow;
    this.linesAReading = linesAReading;
  }

  /**
   * Begins a story.
   *
   * @param config its first line: {@code config}, with settings behind it
   * @param backend what keeps the world
   * @param beside what it is compared with
   * @param listener hears every command of the first world and its result
   * @param recorder takes every command and every decision of the first world
   * @throws IllegalArgumentException if the line cannot be read
   */
  public static Story begun(
      String config,
      ScenarioStore.Backend backend,
      Beside beside,
      StowageListener listener,
      EvidenceSink recorder) {
    Settings settings = settings(config);
    settings.listener = listener;
    settings.recorder = recorder;
    return begun(settings, backend, beside, settings(config), LINES_A_READING);
  }

  /** Begins the story of a file, whose every line readers look at. */
  static Story begun(Scenario scenario, ScenarioStore.Backend backend, Beside beside) {
    return begun(scenario.recordedSettings(), backend, beside, scenario.settings(), 1);
  }

  private static Story begun(
      Settings settings,
      ScenarioStore.Backend backend,
      Beside beside,
      Settings twin,
      int linesAReading) {
    if (beside == Beside.MODEL) {
      ReferenceCheck own = new ReferenceCheck(settings, same -> audited(same, backend));
      return new Story(own.world(), own, linesAReading);
    }
    ScenarioWorld world = audited(settings, backend);
    ReferenceCheck shadow =
        beside == Beside.NOTHING ? null : new ReferenceCheck(twin, same -> audited(same, MEMORY));
    return new Story(world, shadow, linesAReading);
  }

  private static ScenarioWorld audited(Settings settings, ScenarioStore.Backend backend) {
    return ScenarioWorld.audited(settings, opened(settings, backend));
  }

  static ScenarioStore opened(Settings settings, ScenarioStore.Backend backend) {
    return settings.isClockOwn ? backend.openWithClock() : backend.open();
  }

  private static Settings settings(String config) {
    try {
      return config.equals("config")
          ? Settings.defaults()
          : Scenario.parse("a story", config).settings();
    } catch (ScenarioProblems unreadable) {
      throw new IllegalArgumentException(config, unreadable);
    }
  }

  /**
   * Tells one step.
   *
   * @throws IllegalArgumentException if the line cannot be read
   */
  public LineResult tell(String line) {
    ScenarioStep step;
    try {
      step = StepReader.read(line);
    } catch (UnreadableWord unreadable) {
      throw new IllegalArgumentException(line, unreadable);
    }
    told++;
    if (shadow != null && world.wouldMeet(line)) {
      return new LineResult.Senseless(new Mismatch("a fault, or news", "both at once"));
    }
    if (isBesideModel() && line.startsWith("fault ")) {
      return new LineResult.Senseless(
          new Mismatch("a second world beside a fault", "the model alone"));
    }
    if (line.startsWith("clock ")) {
      isClockRight = line.equals("clock right");
      isTimeRight = false;
    } else if (line.equals("reset-time")) {
      isTimeRight = isClockRight;
    }
    try {
      world.patience.begin();
      boolean wasLoaded = world.isLoaded();
      beforeInModel(line);
      outcome = step.run(world);
      world.audit();
      boolean wasInterrupted = world.patience.drainInterruption();
      boolean isLikeLoaded = wasLoaded && !world.isLoaded() && !line.startsWith("review");
      Optional<Finding> apart = compare(line, step, wasInterrupted, isLikeLoaded);
      return apart.isPresent() ? new LineResult.Broken(apart.get()) : tellingOf(outcome);
    } catch (InvariantViolation broken) {
      return new LineResult.Broken(
          new Finding(broken.invariant(), String.valueOf(broken.getMessage())));
    } catch (StepFailure impossible) {
      return new LineResult.Senseless(Mismatch.of(impossible));
    } catch (UnsupportedOperationException unable) {
      // A server is not made to lose commits: the story goes on without that.
      return new LineResult.Senseless(
          new Mismatch("a store that can do it", String.valueOf(unable.getMessage())));
    } catch (RuntimeException ours) {
      world.rethrowIfLost(ours);
      return new LineResult.Broken(
          new Finding("a bug in Stowage, " + ours.getClass().getSimpleName(), ours.toString()));
    }
  }

  /**
   * Judges an expectation about what is there now.
   *
   * @param line one of those that this class names
   * @return what is seen instead; empty if all is as expected
   */
  public Optional<Finding> missed(String line) {
    beforeInModel("crash");
    return switch (line) {
      case CONVERGED -> unsettled().map(what -> new Finding("convergence", what));
      case EVIDENCE -> world.brokenEvidence();
      case RELOADED -> world.reloaded();
      case FLOORS_FIRST -> StateQueries.starved(world);
      case SPREAD -> StateQueries.badlySpread(world);
      default -> throw new IllegalArgumentException(line);
    };
  }

  /** Prepares the model for a line, if it hears the commands of this world. */
  private void beforeInModel(String line) {
    ReferenceCheck own = shadow;
    if (own != null && own.world() == world) {
      own.before(line);
    }
  }

  void rethrowIfLost(RuntimeException failure) {
    world.rethrowIfLost(failure);
  }

  StepOutcome outcome() {
    return outcome;
  }

  private boolean isBesideModel() {
    return shadow != null && shadow.world() == world;
  }

  CaseSeen witness(Supplier<ScenarioWorld> copy) {
    beforeInModel("crash"); // it may look at what another scheduler finds
    return new CaseSeen(world, outcome, copy);
  }

  private static LineResult tellingOf(StepOutcome outcome) {
    if (outcome.isFenced()) {
      return new LineResult.Fenced();
    }
    return outcome.refusal() == null
        ? new LineResult.Happened()
        : new LineResult.Refused(outcome.refusal());
  }

  private Optional<Finding> compare(
      String line, ScenarioStep step, boolean wasInterrupted, boolean isLikeLoaded) {
    ReferenceCheck other = shadow;
    if (other == null || line.startsWith("fault ")) {
      return Optional.empty();
    }
    if (isBesideModel()) {
      return modelDiffers(other, line).or(() -> other.documents(world));
    }
    other.before(line);
    other.world().patience.begin(world.patience.repeated());
    if (isLikeLoaded) {
      other.world().scheduleLikeLoaded();
    }
    StepOutcome theirs = step.run(other.world());
    other.world().audit();
    boolean isSame =
        wasInterrupted
            || (theirs.refusal() == outcome.refusal()
                && theirs.isFenced() == outcome.isFenced()
                && other.world().answers().equals(world.answers()));
    if (!isSame) {
      return Optional.of(
          new Finding(AGREE, outcome.inWords() + " on one, " + theirs.inWords() + " on another"));
    }
    return modelDiffers(other, line)
        .or(() -> worldsDiffer(other.world()).map(found -> new Finding(AGREE, found)))
        .or(() -> other.documents(world));
  }

  private static Optional<Finding> modelDiffers(ReferenceCheck shadow, String line) {
    shadow.compare(line);
    return shadow.differences().stream().findFirst().map(found -> new Finding(MODEL, found));
  }

  private Optional<String> worldsDiffer(ScenarioWorld other) {
    return unlike(other).or(() -> unlikeToReaders(other));
  }

  /** Returns how many lines were told. */
  public long told() {
    return told;
  }

  /**
   * Reports whether no fleet could settle: a scorer is heard, the time is not right, or transfers
   * are held back.
   */
  public boolean isRestless() {
    return !whatPutsRight().isEmpty();
  }

  /**
   * Returns the lines that put right what no fleet settles beside: a scorer that never rests, a
   * wrong time, transfers that are held back, workers under pressure, and a first placement that
   * waits.
   */
  public List<String> whatPutsRight() {
    List<String> lines = new ArrayList<>();
    if (world.schedulers.isScorerHeard()) {
      lines.add("scorer off");
    }
    if (!isTimeRight) {
      lines.addAll(List.of("clock right", "reset-time"));
    }
    if (world.links.isUnderPressure()) {
      lines.add("observe 0");
    }
    if (world.isTransferHindered()) {
      lines.add("transfers resume all");
    }
    LifecycleView books = books();
    if (books.held().isPresent()) {
      lines.add("set hold_until=none");
    }
    if (books.pressureAt(books.largestTick().value()) == PressureBand.CRITICAL) {
      books.forEachWorker(worker -> {
        if (books.isCounted(worker)
            && books.workerRow(worker).pressure().band() == PressureBand.CRITICAL) {
          lines.add("pressure " + books.workerId(worker) + " 0");
        }
      });
    }
    return lines;
  }

  boolean isStalled() {
    return world.links.isStalled();
  }

  /**
   * Reports whether the store must not fail: a pass of a rebalancer that a fault repeats is not the
   * same as one, and two worlds would go apart.
   */
  public boolean isFaultless() {
    return shadow != null && world.schedulers.isScored();
  }

  /** Reports whether the floors of all chunks fit, on the disks as they are. */
  public boolean isRoomy() {
    return Packing.fits(books(), List.of()) && !isCrowded();
  }

  /** Reports whether news came between the last plan and the cycle that carried it out. */
  public boolean wasOvertaken() {
    return world.wasOvertaken();
  }

  /** Reports whether commands of this scheduler came beside its last plan. */
  public boolean wasBeside() {
    return world.wasBeside();
  }

  /** Returns how many commands of other processes the leader has not heard of. */
  public int newsWaiting() {
    return world.newsWaiting();
  }

  /** Returns the number of published documents read by consumers that apply deltas. */
  public long documentsRead() {
    return shadow == null ? 0 : shadow.documentsRead();
  }

  /** Returns the difference from another world with equal history; empty if there is none. */
  private Optional<String> unlike(ScenarioWorld other) {
    long digest = world.books().digest();
    long second = other.books().digest();
    if (digest != second) {
      return Optional.of(
          "state digest "
              + Long.toHexString(digest)
              + " on one, "
              + Long.toHexString(second)
              + " on another: "
              + firstDifference(world.books(), other.books()));
    }
    PortalAssignment routes = world.routes();
    PortalAssignment others = other.routes();
    if (!routes.id().equals(others.id()) || !routes.routes().equals(others.routes())) {
      return Optional.of("routes " + routes.id() + " on one, other routes on another");
    }
    for (WorkerId id : workers()) {
      if (!facts(world.slice(id)).equals(facts(other.slice(id)))) {
        return Optional.of("the slice of " + id + " on one differs from its slice on another");
      }
    }
    return Optional.empty();
  }

  private Optional<String> unlikeToReaders(ScenarioWorld other) {
    return told % linesAReading == 0
        ? Readers.unlike(world.connection(), other.connection(), books())
        : Optional.empty();
  }

  private static String firstDifference(LifecycleView one, LifecycleView other) {
    String fleet = Shape.of(FleetRow.class).difference(one.fleetRow(), other.fleetRow());
    List<String> found = new ArrayList<>(fleet.isEmpty() ? List.of() : List.of(fleet));
    one.forEachWorker(worker -> {
      WorkerId id = one.workerId(worker);
      int there = other.workerPosition(id);
      String row =
          there < 0
              ? "is unknown"
              : Shape.of(WorkerRow.class).difference(one.workerRow(worker), other.workerRow(there));
      if (!row.isEmpty()) {
        found.add(id + " " + row);
      }
    });
    return found.isEmpty() ? "chunks or replicas" : found.get(0);
  }

  private static List<Object> facts(Optional<WorkerSlice> told) {
    return told.map(slice ->
            List.<Object>of(
                slice.id(),
                slice.entries(),
                slice.keep(),
                slice.isInventoryWanted(),
                slice.deleteFromTick(),
                slice.inventoryReport()))
        .orElse(List.of());
  }

  /** Returns the moves that the scheduler remembers; empty without a scorer. */
  public List<MoveRecord> moves() {
    return world.moves();
  }

  /** Returns the number of commands and steps compared with the reference model. */
  public long comparisonsWithTheModel() {
    return shadow == null ? 0 : shadow.comparisons();
  }

  /** Returns a copy of the whole present state. */
  public LifecycleSnapshot books() {
    return world.books();
  }

  /** Returns the present tick. */
  public long tick() {
    return world.time.tick();
  }

  /** Returns the obstacle between the fleet and its goal, in words; empty if there is none. */
  public Optional<String> unsettled() {
    return StateQueries.unsettled(world);
  }

  /** Returns the first chunk, in canonical order, with a superseded or draining replica. */
  public Optional<ChunkKey> undrained() {
    return StateQueries.undrained(world);
  }

  /**
   * Reports whether bytes unknown to the store fill some disk so far that its worker cannot take
   * its assigned chunks. Their sizes are unknown too; they are deleted after {@code orphan_after},
   * and until then no fleet owes its goal.
   */
  public boolean isCrowded() {
    return StateQueries.isCrowded(world);
  }

  /** Reports whether the last settling reached its end without being excused. */
  public boolean isSettled() {
    return world.isSettled();
  }

  /** Reports whether the spread of copies over domains can be judged. */
  public boolean isSpreadJudged() {
    return SpreadOracle.canJudge(books());
  }

  /** Returns the judgements and measurements of the oracles of this world, by title. */
  public SortedMap<String, Long> judged() {
    return Collections.unmodifiableSortedMap(world.judged());
  }

  /** Returns the answer of the last scheduling cycle. */
  public Optional<Result.Scheduled> scheduled() {
    return world.scheduled();
  }

  /** Returns the answer of the last visibility cycle. */
  public Optional<Result.Published> published() {
    return world.published();
  }

  /** Returns every worker that ever joined, sorted by id. */
  public List<WorkerId> workers() {
    return world.workers().stream().map(ScriptedWorker::id).toList();
  }

  /** Returns the assigned chunks that a worker has not got. */
  public List<SliceEntry> wanted(WorkerId worker) {
    return world.worker(worker).map(ScriptedWorker::wanted).orElse(List.of());
  }

  /** Returns the number of reports of a worker that the network holds back. */
  public int reportsOnTheWay(WorkerId worker) {
    return world.worker(worker).map(ScriptedWorker::reportsOnTheWay).orElse(0);
  }

  @Override
  public void close() {
    if (shadow != null && shadow.world() != world) {
      shadow.world().close();
    }
    world.close();
  }
}
