package dev.stowage.sim.kit.scenario;

import dev.stowage.Evidence;
import dev.stowage.Preview;
import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.StowageException;
import dev.stowage.Transfers.Transfer;
import dev.stowage.answer.Leaving;
import dev.stowage.audit.Audit;
import dev.stowage.client.ClientDoor;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.propagation.Recipient;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.sim.kit.scenario.WorldJudge.Oracle;
import dev.stowage.sim.kit.scenario.oracles.EvidenceOracle;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.ReviewOracle;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.world.Moment;
import dev.stowage.sim.kit.world.StepFailure;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease.LeaseAnswer;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A fleet with its workers and portals, without a network: every message arrives at once, and only
 * steps of the story change anything. Not thread-safe.
 */
final class ScenarioWorld implements FleetStage, AutoCloseable {
  private static final ChunkKey NO_CHUNK = ChunkKey.of("none", "none");

  final SchedulerMaker schedulers;
  private final AuditLevel level;
  private final ScenarioStore store;
  final FaultyStore.Faults faults = new FaultyStore.Faults();
  private final CommittedEvidence committed = new CommittedEvidence();
  private final TreeMap<WorkerId, ScriptedWorker> workers = new TreeMap<>();
  final StoryLinks links;
  private final StandingWishes wishes;
  private final WorldJudge judge;
  private final DocumentRelay grapevine;
  final StoryPortals portals;
  private int disks;
  private int takeovers;
  final WorldTime time;
  private Stowage fleet;
  private Optional<Stowage> superseded = Optional.empty();

  /** True if the state was loaded and no command has run since. */
  private boolean isFresh;

  private @Nullable CycleTrace cycle;
  private Result.@Nullable Scheduled scheduled;
  private Result.@Nullable Published published;
  private boolean isCalm;
  private boolean isSettled;
  final RetryUntilDurable patience;
  private long publishes;

  /** The cached state; null after a write. */
  private @Nullable LifecycleSnapshot books;

  /** True if the newest routes were made under per-worker confirmation. */
  private boolean isRoutedByProof = true;

  /** True if commands go to the log of the store, as from another process. */
  private boolean isElsewhere;

  private final OtherProcess elsewhere;
  private boolean hasCheckpoint;
  private boolean isNews;
  private boolean wasOvertaken;
  private boolean wasBeside;

  /** True while an offered chunk awaits an admission. */
  private boolean isOffered;

  /** True from a load of the state to the next admission. */
  private boolean isLoaded;

  /** True if the next scheduling cycle is to run as in a leader that loaded the state. */
  private boolean isLikeLoaded;

  private boolean isScheduling;

  /** The advice in the last scheduling command. */
  private PlanningAdvice advice = PlanningAdvice.NONE;

  private int newsTaken;

  private final List<ScenarioStep> arriving = new ArrayList<>();

  /** The steps that are to run while the next cycle plans. */
  private final List<ScenarioStep> beside = new ArrayList<>();

  /** True if steps ran beside the plan of the cycle under way. */
  private boolean isBesidePlan;

  private @Nullable Gathering gathering;
  private boolean isReviewing;
  private List<StepOutcome> answers = List.of();

  private ScenarioWorld(Settings settings, AuditLevel level, ScenarioStore store) {
    this.level = level;
    this.links = new StoryLinks(() -> fleet, workers, this::leaves);
    this.grapevine = new DocumentRelay(settings.fanOut);
    this.wishes = new StandingWishes(settings);
    this.portals =
        new StoryPortals((asked, way) -> CompletableFuture.completedFuture(answer(asked)));
    this.judge = new WorldJudge(level, workers, portals);
    this.store = store;
    this.patience = new RetryUntilDurable(faults::takeDurable);
    this.time = new WorldTime(settings.isClockTrusted, settings.isClockOwn);
    this.elsewhere = new OtherProcess(store.store());
    faults.onCommit(committed::committed);
    this.schedulers =
        new SchedulerMaker(
            settings, level, time::told, () -> List.copyOf(workers.keySet()), this::actBesidePlan);
    this.fleet = newScheduler();
  }

  /**
   * Creates a world without workers at tick 0 that audits every command.
   *
   * @param store the store, which the world closes
   */
  static ScenarioWorld audited(Settings settings, ScenarioStore store) {
    return new ScenarioWorld(settings, AuditLevel.ALL, store);
  }

  /** Creates an unaudited world in memory, for steps that were audited before. */
  static ScenarioWorld unaudited(Settings settings) {
    return new ScenarioWorld(settings, AuditLevel.OFF, Story.opened(settings, Story.MEMORY));
  }

  // ---- schedulers ----

  private Stowage newScheduler() {
    links.forget();
    books = null;
    isFresh = true;
    faults.onLoad(() -> isLoaded = true);
    FleetStore connection =
        new FaultyStore(store.store(), faults, store::kill, this::arrive, time::shown);
    Stowage begun = schedulers.make(connection, "scheduler " + takeovers, this::changed);
    LeaseAnswer answer = patience.ask(() -> begun.claim(time.told()));
    if (!answer.granted()) {
      throw new IllegalStateException("the lease is refused: " + answer);
    }
    return begun;
  }

  private void changed(Command<?> command, Result result) {
    books = null;
    advice = command instanceof LeaderCommand.Schedule it ? it.advice() : advice;
    isBesidePlan &= !(command instanceof LeaderCommand.Schedule);
    isFresh = false;
    isNews = elsewhere.noteExecuted(command, result);
    isOffered |= command instanceof Command.Offer;
    // A reviewed plan is carried out without an admission before it.
    boolean isAdmitted =
        command instanceof LeaderCommand.Admit || command instanceof LeaderCommand.Schedule;
    isOffered &= !isAdmitted;
    isLoaded &= !isAdmitted;
    boolean isOfLog = isNews || command instanceof LeaderCommand.SetAside;
    newsTaken += isOfLog ? 1 : 0;
    boolean isUnseen =
        result.code() == ResultCode.TOO_LARGE || result.code() == ResultCode.TIME_JUMP;
    if (!isOfLog && !isUnseen) {
      elsewhere.noteTurn();
    }
  }

  boolean isNews() {
    return isNews;
  }

  /**
   * Reports whether a fault and news would meet in one step. A leader that repeats the step reads
   * the news at another tick than one that does not, or plans again behind what came beside its
   * plan, so two correct worlds would differ.
   */
  boolean wouldMeet(String line) {
    boolean isNewsToCome =
        line.startsWith("elsewhere ")
            || line.startsWith("meanwhile ")
            || line.startsWith("beside ");
    return (isNewsToCome && faults.isPending())
        || (line.startsWith("fault ") && newsWaiting() + arriving.size() + beside.size() > 0);
  }

  /** Reports whether no admission has run since the state was loaded. */
  boolean isLoaded() {
    return isLoaded;
  }

  void scheduleLikeLoaded() {
    isLikeLoaded = true;
  }

  int newsWaiting() {
    return elsewhere.waiting();
  }

  /** Judges a departing copy, unless the leader has yet to hear what became of disks. */
  private void leaves(Transfer copy) {
    if (elsewhere.waiting() == 0 && (gathering == null || !gathering.isWaiting())) {
      judge.leaves(copy, books(), links);
    }
  }

  StepOutcome silence(boolean silent) {
    return schedulers.silence(silent, fleet);
  }

  List<MoveRecord> moves() {
    return schedulers.moves(fleet);
  }

  int setAside() {
    return fleet.quarantine(-1, Integer.MAX_VALUE).size();
  }

  StepOutcome crash() {
    store.crash();
    elsewhere.reconnect(store.store());
    HostCode.end(fleet);
    fleet = newScheduler();
    return StepOutcome.DONE;
  }

  StepOutcome takeover() {
    store.expireLease();
    takeovers++;
    supersede();
    return StepOutcome.DONE;
  }

  private void supersede() {
    // The next one goes on behind the last record of this one, in the same recording.
    HostCode.flush(Evidence.of(fleet));
    superseded.ifPresent(HostCode::end);
    superseded = Optional.of(fleet);
    store.switchProcess();
    fleet = newScheduler();
  }

  StepOutcome old(Function<Stowage, Result> run) {
    Stowage former =
        superseded.orElseThrow(() -> new StepFailure("a takeover or a restore before", "none"));
    try {
      return StepOutcome.of(run.apply(former));
    } catch (StorageException.Fenced | StowageException knows) {
      return StepOutcome.fenced(String.valueOf(knows.getMessage()));
    }
  }

  StepOutcome rememberStore() {
    store.remember();
    time.remember();
    committed.remember();
    elsewhere.remember();
    hasCheckpoint = true;
    return StepOutcome.DONE;
  }

  StepOutcome restoreStore() {
    if (!hasCheckpoint) {
      throw new StepFailure("a checkpoint before", "none");
    }
    store.restore();
    elsewhere.restore(this::heard);
    time.restore();
    committed.restore();
    portals.forgottenByTheStore();
    workers.values().forEach(it -> it.excuses().forgottenByTheStore(it.disk()));
    supersede();
    return StepOutcome.DONE;
  }

  // ---- other processes ----

  /** Runs a step through another process, whose commands the leader's next turn decides. */
  StepOutcome elsewhere(ScenarioStep step) {
    isElsewhere = true;
    try {
      return step.run(this);
    } finally {
      isElsewhere = false;
    }
  }

  /** Runs a step through another process, between the next plan and its transaction. */
  StepOutcome meanwhile(ScenarioStep step) {
    arriving.add(step);
    return StepOutcome.DONE;
  }

  boolean wasOvertaken() {
    return wasOvertaken;
  }

  /** Reports whether the last cycle was overtaken by commands of its own scheduler. */
  boolean wasBeside() {
    return wasBeside;
  }

  /** Runs a step on this scheduler, between the making of the next plan and its application. */
  StepOutcome beside(ScenarioStep step) {
    beside.add(step);
    return StepOutcome.DONE;
  }

  boolean isBesidePlan() {
    return isBesidePlan;
  }

  // A plan that news made necessary is made within the transaction: nothing can come beside it.
  private void actBesidePlan() {
    isBesidePlan = isScheduling && !faults.isInTransaction && !beside.isEmpty();
    if (isBesidePlan) {
      wasBeside = true;
      List<ScenarioStep> now = List.copyOf(beside);
      beside.clear();
      now.forEach(this::runIfPossible);
    }
  }

  private void runIfPossible(ScenarioStep step) {
    try {
      step.run(this);
    } catch (StepFailure impossible) {
      // What makes no sense any more when the plan is made is not sent.
    }
  }

  // ---- groups ----

  /** Runs steps whose commands are decided as one group. */
  StepOutcome together(List<ScenarioStep> steps) {
    Gathering begun = new Gathering(this, steps);
    gathering = begun;
    try {
      answers = begun.run();
    } finally {
      gathering = null;
    }
    return StepOutcome.ofAll(answers);
  }

  /** Reports whether commands are decided that are heard of after the commit that has them all. */
  boolean isGathering() {
    return gathering != null || isReviewing;
  }

  /** Returns the ends of the steps of the last group, in order. */
  List<StepOutcome> answers() {
    return answers;
  }

  CompletableFuture<Result> submitted(Command<?> command, long tick) {
    return fleet.submit(command, tick).<Result>thenApply(answer -> answer).toCompletableFuture();
  }

  /** Lets the scheduler decide the submitted commands. */
  void driveGroup() {
    faults.isGroup = true;
    try {
      schedulers.executor.run();
    } finally {
      faults.isGroup = false;
    }
  }

  private boolean isAdmissionDue() {
    return isLoaded || isOffered;
  }

  private void arrive() {
    if (!isScheduling || isAdmissionDue() || arriving.isEmpty()) {
      return;
    }
    wasOvertaken = true;
    List<ScenarioStep> now = List.copyOf(arriving);
    arriving.clear();
    now.forEach(step -> runIfPossible(world -> world.elsewhere(step)));
  }

  // ---- time and cycles ----

  StepOutcome schedule() {
    return cycled(runSchedule(fleet));
  }

  StepOutcome publish() {
    return cycled(runPublish(fleet));
  }

  private StepOutcome cycled(Result result) {
    cycle = CycleTrace.of(result);
    return StepOutcome.of(result);
  }

  /** Shows what commands and a plan would do, and carries that out by its hash. */
  StepOutcome review(List<Command<?>> commands) {
    long digest = books().digest();
    Preview shown = patience.ask(() -> fleet.preview(commands, time.told()));
    judge.judge(
        Oracle.PREVIEWS,
        books().digest() == digest
            ? Optional.empty()
            : Optional.of(new Finding("a preview changes nothing", "the digest differs")));
    if (!shown.isAccepted()) {
      return StepOutcome.refused(shown.code());
    }
    newsTaken = 0;
    boolean isSame = elsewhere.waiting() == 0;
    LifecycleSnapshot before = books();
    isReviewing = true;
    RetryUntilDurable.Attempt<Result.CarriedOut> attempt;
    try {
      attempt = patience.attempt(() -> fleet.schedule(commands, time.told(), shown.planHash()));
    } finally {
      isReviewing = false;
    }
    hearAnswers();
    Result.CarriedOut done = attempt.value();
    judge.judge(
        Oracle.REVIEWED_PLANS,
        ReviewOracle.differs(shown, done, isSame && newsTaken == 0 && !attempt.isDoubtful()));
    if (attempt.isDoubtful() && done.code() == ResultCode.PLAN_CHANGED) {
      return review(commands); // what is durable may be no more than news that changed the plan
    }
    if (done.cycle().isEmpty()) {
      return StepOutcome.DONE;
    }
    scheduled = done.cycle().get();
    judge.scheduled(
        before,
        books(),
        new RetryUntilDurable.Attempt<>(scheduled, attempt.isDoubtful()),
        advice,
        publishes,
        true);
    return cycled(scheduled);
  }

  StepOutcome oldSchedule() {
    return old(this::runSchedule);
  }

  StepOutcome oldPublish() {
    return old(this::runPublish);
  }

  private Result.Scheduled runSchedule(Stowage scheduler) {
    LifecycleSnapshot before = books();
    wasOvertaken = false;
    wasBeside = false;
    newsTaken = 0;
    if (isLikeLoaded) {
      isLikeLoaded = false;
      if (!isAdmissionDue()) {
        scheduler.execute(new LeaderCommand.Admit(), time.told());
      }
      // Behind an explanation, of whatever it is, a fleet that rests is planned for as well.
      scheduler.explainPlacement(NO_CHUNK, time.told());
    }
    if (!beside.isEmpty()) {
      // Else a planner whose last plan still holds is not asked, and another one may be.
      patience.ask(() -> scheduler.explainPlacement(NO_CHUNK, time.told()));
    }
    isScheduling = true;
    var attempt = patience.attempt(() -> scheduler.schedule(time.told()));
    isScheduling = false;
    hearAnswers();
    if (!attempt.value().isAccepted()) {
      return attempt.value();
    }
    scheduled = attempt.value();
    judge.scheduled(before, books(), attempt, advice, publishes, newsTaken > 0 || wasBeside);
    schedulers.moveBudget().ifPresent(budget -> judge.moves(budget, schedulers.moves(scheduler)));
    return attempt.value();
  }

  /**
   * Runs a visibility cycle. The backstop carries on, but anything it held back is a violation
   * (lifecycle design, section 4).
   */
  private Result.Published runPublish(Stowage scheduler) {
    LifecycleSnapshot before = books();
    newsTaken = 0;
    Result.Published result = patience.ask(() -> scheduler.publish(time.told()));
    hearAnswers();
    if (!result.isAccepted()) {
      return result;
    }
    published = result;
    publishes++;
    isRoutedByProof = books().config().confirmation().isPerWorker();
    if (level != AuditLevel.OFF && !result.heldBack().isEmpty()) {
      throw new InvariantViolation("no overlap", "held back " + result.heldBack());
    }
    LifecycleSnapshot now = books();
    judge.published(before, now, publishes, newsTaken > 0);
    workers.forEach((id, worker) -> {
      int position = now.workerPosition(id);
      if (position >= 0 && !StateQueries.owesInventory(now.workerRow(position))) {
        worker.excuses().areKnown(publishes);
      }
    });
    return result;
  }

  /** Sends the scheduler a pressure from 0 to 1, where 1 is full strain. */
  StepOutcome observe(double pressure) {
    long now = time.told();
    PressureSnapshot sample = new PressureSnapshot(pressure, 0, 0, 0, now);
    links.observe(sample);
    return StepOutcome.of(patience.ask(() -> fleet.observe(sample, now)));
  }

  StepOutcome purge() {
    return cycled(patience.ask(() -> fleet.purge(time.told())));
  }

  /** Runs tick, schedule, fetch, publish and portals; a refused report ends the round. */
  private StepOutcome round() {
    StepOutcome passed = time.advance(1);
    Result.Scheduled begun = runSchedule(fleet);
    if (!begun.isAccepted()) {
      return cycled(begun);
    }
    CycleTrace first = CycleTrace.of(begun);
    List<List<SliceEntry>> before = holdings();
    long moved = links.movedBytes();
    StepOutcome fetched = fetchAll(List.of());
    boolean isStill =
        before.equals(holdings()) && moved == links.movedBytes() && !links.isWaiting(time.told());
    CycleTrace both = first.and(CycleTrace.of(runPublish(fleet)));
    portals.names().forEach(this::portal);
    cycle = both;
    isCalm = isStill && !both.changed();
    return passed.isDone() ? fetched : passed;
  }

  private List<List<SliceEntry>> holdings() {
    return workers.values().stream().map(worker -> worker.disk().entries()).toList();
  }

  StepOutcome rounds(long count) {
    CycleTrace all = CycleTrace.NOTHING;
    StepOutcome outcome = StepOutcome.DONE;
    for (long i = 0; i < count && outcome.isDone(); i++) {
      outcome = round();
      all = all.and(cycle);
    }
    cycle = all;
    return outcome;
  }

  void settled(boolean isSettled, CycleTrace all) {
    this.isSettled = isSettled;
    cycle = all;
    if (isSettled) {
      judge.caughtUp(routes(), time.tick());
    }
  }

  boolean isSettled() {
    return isSettled;
  }

  boolean isCalm() {
    return isCalm;
  }

  Optional<CycleTrace> cycle() {
    return Optional.ofNullable(cycle);
  }

  Optional<Result.Scheduled> scheduled() {
    return Optional.ofNullable(scheduled);
  }

  Optional<Result.Published> published() {
    return Optional.ofNullable(published);
  }

  // ---- commands ----

  @Override
  public StepOutcome command(Command<?> command) {
    StepOutcome outcome = commandAt(command, time.told());
    boolean isWhole = wishes.isEmpty() || isElsewhere || !outcome.isDone();
    return isWhole ? outcome : all(wishes.due(books()));
  }

  private StepOutcome all(List<Command<?>> commands) {
    StepOutcome outcome = StepOutcome.DONE;
    for (Command<?> each : commands) {
      outcome = outcome.isDone() ? commandAt(each, time.told()) : outcome;
    }
    return outcome;
  }

  StepOutcome commandAt(Command<?> command, long otherTick) {
    if (isElsewhere) {
      return StepOutcome.of(elsewhere.append(command));
    }
    RetryUntilDurable.Attempt<Result> attempt = answered(command, otherTick);
    judge.executed(attempt.value());
    // What the first attempt did, the second finds done: "duplicate" then means "yours".
    return attempt.isDoubtful() ? StepOutcome.DONE : StepOutcome.of(attempt.value());
  }

  private RetryUntilDurable.Attempt<Result> answered(Command<?> command, long tick) {
    Gathering open = gathering;
    return open != null && open.isOpen()
        ? open.join(command, tick)
        : patience.attempt(() -> passed(command, tick));
  }

  /** Lets chunks through the door that the governor of the host guards, if it has one. */
  private Result passed(Command<?> command, long tick) {
    Optional<DrawnLoad> load = schedulers.load();
    Optional<List<Chunk>> chunks = load.flatMap(any -> DrawnLoad.chunks(command));
    if (chunks.isEmpty()) {
      return fleet.execute(command, tick);
    }
    long before = books().digest();
    Result.Batch answer =
        command instanceof Command.Offer
            ? fleet.offer(chunks.get(), tick)
            : fleet.ingest(chunks.get(), tick);
    judge.passed(load.get(), answer, tick, books().digest() != before);
    return answer;
  }

  private Result execute(Command<?> command) {
    if (faults.trySpoil(command) || isElsewhere) {
      return elsewhere.append(command);
    }
    RetryUntilDurable.Attempt<Result> attempt = answered(command, time.told());
    boolean isRepeated = attempt.isDoubtful() && attempt.value().code() == ResultCode.STALE;
    return isRepeated ? Result.Answer.of(ResultCode.ACCEPTED) : attempt.value();
  }

  private void hearAnswers() {
    newsTaken += elsewhere.hear(this::heard);
  }

  private void heard(Command<?> said, Result answer) {
    judge.losses().answered(said, answer);
    ScriptedWorker worker = CommandKind.kindOf(said).worker(said).map(workers::get).orElse(null);
    if (worker != null) {
      worker.heard(said, answer, publishes);
    }
  }

  private Result hear(Command<?> said) {
    return judge.losses().heard(said, execute(said), this::books, publishes);
  }

  @Override
  public long now() {
    return Math.max(time.told(), books().largestTick().value());
  }

  @Override
  public Duration tickLength() {
    return SchedulerMaker.TICK;
  }

  @Override
  public StepOutcome configure(Map<String, String> values) {
    LifecycleSnapshot now = books();
    Settings changed = Settings.from(now.config());
    changed.tickLength = tickLength();
    try {
      SettingKeys.apply(changed, values);
    } catch (UnreadableWord outOfBounds) {
      throw new StepFailure(
          "settings within their bounds", String.valueOf(outOfBounds.getMessage()));
    }
    StepOutcome configured =
        commandAt(new Command.Configure(now.configVersion(), changed.unchecked()), time.told());
    StepOutcome outcome = configured.isDone() ? all(wishes.replace(changed, now)) : configured;
    return outcome.isDone() ? all(wishes.due(now)) : outcome;
  }

  StepOutcome cancel(ChunkKey newChunk) {
    return command(new Command.CancelSwap(books().swapOf(newChunk).orElse(0)));
  }

  // ---- workers ----

  @Override
  public StepOutcome join(Worker worker) {
    ScriptedWorker known = workers.get(worker.id());
    if (known != null && books().workerPosition(worker.id()) >= 0) {
      throw new StepFailure("a worker that has not joined", worker.id() + ", which has");
    }
    StepOutcome described = command(Command.Describe.of(worker));
    if (!described.isDone()) {
      return described;
    }
    ScriptedWorker joined = new ScriptedWorker(worker, newDisk(worker.id()), this::hear);
    workers.put(worker.id(), joined);
    if (known != null) {
      // Routes may still name the one that is gone for good.
      joined.excuses().follow(known);
    }
    return StepOutcome.of(joined.register(publishes, false));
  }

  private String newDisk(WorkerId worker) {
    return "disk " + ++disks + " of " + worker;
  }

  @Override
  public StepOutcome describe(WorkerId id, UnaryOperator<Worker> change) {
    return withWorker(id, worker -> worker.describe(change.apply(worker.description())));
  }

  @Override
  public StepOutcome comeBack(WorkerId id) {
    hearAnswers();
    ScriptedWorker worker = workers.get(id);
    if (worker == null) {
      return StepOutcome.refused(ResultCode.UNKNOWN_WORKER);
    }
    return StepOutcome.of(
        books().workerPosition(id) < 0
            ? worker.introduce(publishes, true)
            : worker.register(publishes, false));
  }

  @Override
  public StepOutcome comeBackEmpty(WorkerId id) {
    ScriptedWorker worker = workers.get(id);
    if (worker != null) {
      worker.loseDisk(newDisk(id));
    }
    return comeBack(id);
  }

  StepOutcome fetchAll(List<ChunkKey> unreachable) {
    return fetch(List.copyOf(workers.keySet()), unreachable);
  }

  StepOutcome fetch(List<WorkerId> ids, List<ChunkKey> unreachable) {
    for (WorkerId id : ids) {
      if (!workers.containsKey(id)) {
        return StepOutcome.refused(ResultCode.UNKNOWN_WORKER);
      }
    }
    hearAnswers();
    StepOutcome refused = StepOutcome.DONE;
    for (WorkerId id : ids) {
      StepOutcome outcome = StepOutcome.of(fetch(known(id), unreachable));
      refused = refused.isDone() ? outcome : refused;
    }
    return refused;
  }

  private Result fetch(ScriptedWorker worker, List<ChunkKey> unreachable) {
    Optional<WorkerSlice> newest = slice(worker.id());
    if (isToBeIntroduced(worker, newest)) {
      return worker.introduce(publishes, newest.isEmpty());
    }
    return newest.isEmpty()
        ? Result.Answer.of(ResultCode.ACCEPTED)
        : worker.fetch(
            newest.get(),
            links,
            entry -> !unreachable.contains(entry.key()),
            time.told(),
            entry -> deleting(worker, entry));
  }

  private boolean isToBeIntroduced(ScriptedWorker worker, Optional<WorkerSlice> newest) {
    boolean isUnknown =
        newest.isEmpty()
            ? StateQueries.isUnknown(books(), worker.id())
            : !worker.knows(fleet.fleet().lineage());
    return isUnknown && !worker.isRegistering();
  }

  StepOutcome lose(WorkerId id, ChunkKey chunk) {
    return withWorker(
        id,
        worker -> {
          int position = books().chunkPosition(chunk);
          ChunkNumber number = position < 0 ? null : books().chunkNumber(position);
          if (number == null) {
            return Result.Answer.of(ResultCode.UNKNOWN_CHUNK);
          }
          Result answer = worker.lose(number);
          if (StepOutcome.of(answer).isDone()) {
            judge.losses().reported(id, chunk, number, publishes);
          }
          return answer;
        });
  }

  // ---- the same in small steps, as a network lets them happen ----

  StepOutcome take(WorkerId id) {
    return withWorker(
        id,
        worker -> {
          Optional<WorkerSlice> newest = slice(id);
          if (isToBeIntroduced(worker, newest)) {
            return worker.introduce(publishes, newest.isEmpty());
          }
          return worker.take(newest, time.told(), entry -> deleting(worker, entry));
        });
  }

  StepOutcome send(WorkerId id) {
    return withWorker(id, worker -> worker.send(slice(id)));
  }

  boolean isTransferHindered() {
    return links.isStalled() || !schedulers.avoided(fleet, time.told()).isEmpty();
  }

  StepOutcome resumeTransfers() {
    links.resumeAll();
    schedulers
        .avoided(fleet, time.told())
        .forEach(worker -> Rebalancing.of(fleet).avoided().readmit(worker));
    return StepOutcome.DONE;
  }

  StepOutcome load(WorkerId id, List<ChunkKey> chunks) {
    return withWorker(id, worker -> worker.load(links, chunks, time.told()));
  }

  StepOutcome withWorker(WorkerId id, Function<ScriptedWorker, Result> happens) {
    ScriptedWorker worker = workers.get(id);
    if (worker == null) {
      return StepOutcome.refused(ResultCode.UNKNOWN_WORKER);
    }
    hearAnswers();
    if (StateQueries.hasDeparted(books(), id)) {
      worker.excuses().promiseNothingBefore(publishes);
    }
    return StepOutcome.of(happens.apply(worker));
  }

  /** Returns every worker that ever joined, sorted by id. */
  Collection<ScriptedWorker> workers() {
    return workers.values();
  }

  private ScriptedWorker known(WorkerId id) {
    return Objects.requireNonNull(workers.get(id));
  }

  Optional<ScriptedWorker> worker(WorkerId id) {
    return Optional.ofNullable(workers.get(id));
  }

  Optional<Leaving> leaving(WorkerId id) {
    return patience.ask(() -> fleet.leaving(id));
  }

  // ---- portals ----

  StepOutcome portal(String name) {
    judge.take(name, routes(), moment(), isRoutedByProof, books());
    return StepOutcome.DONE;
  }

  /** Returns the leader's answer to a request of a client. */
  byte[] answer(byte[] asked) {
    return ClientDoor.of(fleet, StoryPortals.FLEET).answer(asked, time.told());
  }

  FleetView view() {
    return fleet.fleet();
  }

  /** Throws a failure again if the store's server is lost, of which nothing can be found out. */
  void rethrowIfLost(RuntimeException failure) {
    if (failure instanceof StorageException storage && store.isLost(storage)) {
      throw storage;
    }
  }

  /** Returns the store as another process reads it. */
  FleetStore connection() {
    return store.store();
  }

  Optional<Finding> reloaded() {
    long before = books().digest();
    crash();
    return books().digest() == before
        ? Optional.empty()
        : Optional.of(new Finding("backends agree", "the state is another one after a reload"));
  }

  PortalAssignment routes() {
    return fleet.fleet().portalAssignment();
  }

  Optional<WorkerSlice> slice(WorkerId worker) {
    return fleet.fleet().slice(worker);
  }

  StepOutcome propagate(List<WorkerId> deaf) {
    List<WorkerId> all = List.copyOf(workers.keySet());
    TreeMap<String, Set<DatasetId>> readers = new TreeMap<>();
    portals.names().forEach(name -> readers.put(name, portals.interests(name)));
    Collection<Recipient> told = grapevine.propagate(fleet, all, readers, deaf);
    if (schedulers.fanOut() > 0) {
      readers.keySet().forEach(name -> portals.behind(name, grapevine.relay(name)));
    }
    for (Recipient heard : told) {
      if (heard instanceof Recipient.OfPortal) {
        portal(heard.name());
      } else {
        StepOutcome taken = take(WorkerId.of(heard.name()));
        if (!taken.isDone()) {
          return taken;
        }
      }
    }
    return StepOutcome.DONE;
  }

  // ---- looking ----

  LifecycleSnapshot books() {
    LifecycleSnapshot known = books;
    if (known == null) {
      known = fleet.ask(Audit.STATE);
      books = known;
    }
    return known;
  }

  void audit() {
    hearAnswers();
    // The scheduler has audited what a command of its own left, before that was durable.
    boolean isAudited = level == AuditLevel.ALL && !isFresh && !patience.isInterrupted();
    if (!isAudited) {
      judge.auditState(books());
    }
    judge.audit(books(), routes(), isRoutedByProof, moment());
    judge.leaving(
        books(),
        routes(),
        moment().tick(),
        this::leaving,
        ids -> patience.ask(() -> fleet.leaving(ids)));
    judge.judge(Oracle.CLOCKS, time.ahead(books()));
    judge.judge(Oracle.HOST_CODE, schedulers.host().broken());
    judge.judge(
        Oracle.EVIDENCE_IS_KEPT,
        committed.broken(
            evidenceHeader(),
            index -> patience.ask(() -> store.store().evidence(index, Integer.MAX_VALUE))));
  }

  EvidenceHeader evidenceHeader() {
    return Evidence.of(fleet).header();
  }

  List<EvidenceRecord> evidence() {
    HostCode.flush(Evidence.of(fleet));
    return store.store().evidence(0, Integer.MAX_VALUE);
  }

  /**
   * Returns the problem with the evidence of the whole story: its chain, or the replay of its
   * inputs. Only for stories that lost no commits.
   */
  Optional<Finding> brokenEvidence() {
    return EvidenceOracle.judge(evidenceHeader(), evidence());
  }

  SortedMap<String, Long> judged() {
    return judge.counts();
  }

  private Moment moment() {
    return new Moment(time.tick(), publishes);
  }

  private void deleting(ScriptedWorker worker, SliceEntry entry) {
    judge.deleting(worker, entry, books(), routes(), moment());
  }

  @Override
  public void close() {
    elsewhere.close();
    HostCode.end(fleet);
    superseded.ifPresent(HostCode::end);
    store.close();
  }
}
