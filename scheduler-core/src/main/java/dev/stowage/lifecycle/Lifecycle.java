package dev.stowage.lifecycle;

import dev.stowage.lifecycle.planning.Planning;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.state.FleetFields;
import dev.stowage.lifecycle.state.FleetTime;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.steps.Admission;
import dev.stowage.lifecycle.steps.CommandLimits;
import dev.stowage.lifecycle.steps.FleetCommands;
import dev.stowage.lifecycle.steps.Purge;
import dev.stowage.lifecycle.steps.Removal;
import dev.stowage.lifecycle.steps.Reports;
import dev.stowage.lifecycle.steps.SchedulingCycle;
import dev.stowage.lifecycle.steps.SettingAside;
import dev.stowage.lifecycle.steps.SwapRegistration;
import dev.stowage.lifecycle.steps.TimeLimits;
import dev.stowage.lifecycle.steps.TimeReset;
import dev.stowage.lifecycle.steps.VisibilityCycle;
import dev.stowage.lifecycle.steps.WorkerCommands;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The lifecycle protocol: executes commands on a state. A pure function of (state, command, tick),
 * given a planner that is one. It remembers the last plan that changed nothing, so that an idle
 * cycle need not plan; use one instance for each state. Not thread-safe.
 */
public final class Lifecycle {
  private static final CommandTable<Rule<?, ?>> RULES =
      new CommandTable<>(
          List.of(
              rule(
                  CommandKind.CONFIGURE,
                  (at, it) -> at.fleet().configure(it.expectedVersion(), it.config())),
              rule(CommandKind.INGEST, (at, it) -> at.admission().ingest(it.chunks())),
              rule(CommandKind.OFFER, (at, it) -> at.admission().offer(it.chunks(), at.tick())),
              rule(
                  CommandKind.REGISTER_SWAP,
                  (at, it) -> new SwapRegistration(at.journal(), it).register()),
              rule(CommandKind.CANCEL_SWAP, (at, it) -> at.removal().cancel(it.swapId())),
              rule(CommandKind.REMOVE, (at, it) -> at.removal().remove(it.chunk())),
              rule(
                  CommandKind.REGISTER,
                  (at, it) -> at.workers().register(it.worker(), it.diskId())),
              rule(
                  CommandKind.HEARTBEAT,
                  (at, it) -> at.reports().heartbeat(it.header(), it.pressure())),
              rule(
                  CommandKind.APPLIED,
                  (at, it) -> at.reports().applied(it.header(), it.id().value(), it.missing())),
              rule(CommandKind.LOST, (at, it) -> at.reports().lost(it.header(), it.chunks())),
              rule(
                  CommandKind.INVENTORY,
                  (at, it) -> at.reports().inventory(it.header(), it.chunks())),
              rule(CommandKind.DESCRIBE, (at, it) -> at.workers().describe(it)),
              rule(
                  CommandKind.SET_STATUS,
                  (at, it) -> at.workers().setStatus(it.worker(), it.status())),
              rule(CommandKind.WISH, (at, it) -> at.fleet().wish(it.wish(), it.expectedVersion())),
              rule(
                  CommandKind.UNWISH,
                  (at, it) -> at.fleet().unwish(it.wish(), it.expectedVersion())),
              rule(CommandKind.FREEZE, (at, it) -> at.fleet().freeze(it.expectedVersion())),
              rule(CommandKind.UNFREEZE, (at, it) -> at.fleet().unfreeze(it.expectedVersion())),
              rule(CommandKind.BEGIN_LINEAGE, (at, it) -> at.fleet().beginLineage(it.lineage())),
              rule(CommandKind.ADMIT, (at, it) -> at.admission().admit(at.now())),
              rule(
                  CommandKind.SCHEDULE,
                  (at, it) ->
                      new SchedulingCycle(at.journal(), at.now(), at.planning()).run(it.advice())),
              rule(
                  CommandKind.PUBLISH,
                  (at, it) -> new VisibilityCycle(at.journal(), at.now(), it.commitTick()).run()),
              rule(
                  CommandKind.PURGE,
                  (at, it) -> new Purge(at.journal(), at.now()).run(at.state().publisher())),
              rule(CommandKind.KEEP, (at, it) -> at.fleet().keep(it.annex())),
              rule(CommandKind.INVENTORY_PART, (at, it) -> at.reports().part(it)),
              rule(
                  CommandKind.RESET_TIME,
                  (at, it) -> new TimeReset(at.journal()).reset(it.now().value())),
              rule(
                  CommandKind.CONFIRM_DEPARTURES,
                  (at, it) -> new TimeReset(at.journal()).confirm(it.workers())),
              rule(
                  CommandKind.SET_ASIDE,
                  (at, it) -> new SettingAside(at.journal(), at.tick()).setAside(it))));

  private final Planning planning;

  /** Decides one kind of command. */
  private interface Decision<C, R> {
    R decide(Turn at, C command);
  }

  /** How one kind of command is decided. */
  private record Rule<C extends Command<R>, R extends Result>(
      CommandKind<C, R> kind, Decision<C, R> decision) implements CommandTable.Row {
    R decide(Turn at, Command<?> command) {
      return decision.decide(at, kind.of(command));
    }
  }

  /**
   * The execution of one command.
   *
   * @param state what it is decided on
   * @param journal what it changes
   * @param planning what a cycle plans with
   * @param now the tick that it was called with; cycles advance the clock of the fleet to it
   */
  private record Turn(LifecycleState state, Journal journal, Planning planning, long now) {
    /** The tick of what is no cycle: none that is smaller than a cycle's before it. */
    long tick() {
      return Math.max(now, state.largestTick().value());
    }

    Admission admission() {
      return new Admission(journal);
    }

    Removal removal() {
      return new Removal(journal);
    }

    Reports reports() {
      return new Reports(journal);
    }

    WorkerCommands workers() {
      return new WorkerCommands(journal, tick());
    }

    FleetCommands fleet() {
      return new FleetCommands(journal, tick());
    }
  }

  private static <C extends Command<R>, R extends Result> Rule<C, R> rule(
      CommandKind<C, R> kind, Decision<C, R> decision) {
    return new Rule<>(kind, decision);
  }

  /** A lifecycle that plans with this planner. */
  public Lifecycle(PlacementPlanner planner) {
    planning = new Planning(Objects.requireNonNull(planner, "planner"));
  }

  /**
   * What a command did.
   *
   * @param <R> what answers the command
   * @param changes what changed, to be made durable, or rolled back on the state
   * @param result the typed answer
   */
  public record Outcome<R extends Result>(ChangeSet changes, R result) {
    /** Refuses nulls. */
    public Outcome {
      Objects.requireNonNull(changes, "changes");
      Objects.requireNonNull(result, "result");
    }

    /**
     * This outcome, its result as commands of a kind are answered.
     *
     * @throws ClassCastException if they are answered in another way
     */
    public <A extends Result> Outcome<A> as(CommandKind<?, A> kind) {
      return new Outcome<>(changes, kind.answer(result));
    }
  }

  /**
   * Executes a command, unless {@link #refusal} has an answer to it, at the tick that {@link
   * #counted} says. The state is changed when this returns; if the change set cannot be made
   * durable, {@link LifecycleState#rollback} undoes it. An exception leaves the state as it was.
   *
   * @param state the state, written by this thread alone
   * @param command what to do
   * @param now the tick it happens at; a cycle called with a smaller one than the largest that any
   *     cycle has seen works with the largest
   */
  public <R extends Result> Outcome<R> execute(LifecycleState state, Command<R> command, Tick now) {
    Optional<R> refused = refusal(state, command, now);
    return refused.isPresent()
        ? nothing(state, refused.get())
        : decide(state, counted(state, command), counted(state, now));
  }

  /** What changes nothing, with its answer. */
  public static <R extends Result> Outcome<R> nothing(LifecycleState state, R answer) {
    return new Outcome<>(state.commit(state.begin()), answer);
  }

  /**
   * The answer to a command that is too large, as {@link #refusal(LifecycleState, Command)} has it,
   * or to a cycle that is called further ahead than time can be: {@code TIME_JUMP}.
   *
   * @param state whose last reading of the store's clock counts ({@link LifecycleState#reads})
   * @param now what the caller says that the time is
   */
  public static <R extends Result> Optional<R> refusal(
      LifecycleState state, Command<R> command, Tick now) {
    return refusal(state, command).or(() -> untimely(state, command, now));
  }

  /** The second part of that: the answer to a cycle that is called too far ahead. */
  public static <R extends Result> Optional<R> untimely(
      LifecycleState state, Command<R> command, Tick now) {
    return TimeLimits.refusal(state.tables().fleet, command, now.value())
        .map(command.kind()::answer);
  }

  /**
   * The tick that a caller's time counts as: what lies ahead of what the store's clock shows, or
   * where there is none of what a step may reach, counts as that.
   *
   * @param state whose last reading of the store's clock counts ({@link LifecycleState#reads})
   */
  public static Tick counted(LifecycleState state, Tick now) {
    return Tick.of(FleetTime.counted(state.tables().fleet, now.value()));
  }

  /** Whether the last reading of the store's clock shows a time at or behind this one. */
  public static boolean isShown(LifecycleState state, Tick now) {
    FleetFields fleet = state.tables().fleet;
    return FleetTime.isShown(fleet) && now.value() <= FleetTime.limit(fleet);
  }

  /** The command as it counts: with no time in it that lies ahead of what the clock shows. */
  public static <R extends Result> Command<R> counted(LifecycleState state, Command<R> command) {
    return TimeLimits.counted(state.tables().fleet, command);
  }

  /**
   * The answer to a command that is larger than {@link Command.Bounds}, or has text that cannot be
   * stored; empty if it is neither. Whoever keeps or records commands asks before that.
   *
   * @param state what the answer names a version or a lineage of; nothing else is looked at
   * @throws IllegalArgumentException if it is a scheduling cycle, whose answer has no reasons
   */
  public static <R extends Result> Optional<R> refusal(LifecycleState state, Command<R> command) {
    return CommandLimits.refusal(state.tables().fleet, Objects.requireNonNull(command, "command"))
        .map(command.kind()::answer);
  }

  /** Whether {@link #refusal} has an answer to it, for whoever has no state at hand. */
  public static boolean isRefused(Command<?> command) {
    return CommandLimits.isRefused(command);
  }

  /** What is larger in a configuration than {@link Command.Bounds} allow. */
  public static List<String> tooLarge(LifecycleConfig config) {
    return CommandKind.CONFIGURE.oversized(new Command.Configure(Command.ANY_VERSION, config));
  }

  /**
   * Executes a command that was taken in before, whatever its size and its time: news, and what was
   * recorded. A door executes.
   *
   * @param state the state, written by this thread alone
   * @param command what to do
   * @param now the tick it happens at
   */
  public <R extends Result> Outcome<R> decide(LifecycleState state, Command<R> command, Tick now) {
    CommandKind<?, R> kind = Objects.requireNonNull(command, "command").kind();
    Journal journal = state.begin();
    Result result;
    try {
      result = RULES.of(kind).decide(new Turn(state, journal, planning, now.value()), command);
    } catch (RuntimeException | Error failure) {
      journal.undo();
      throw failure;
    }
    ChangeSet changes = state.commit(journal);
    if (result instanceof Result.Scheduled scheduled) {
      result = scheduled.withChanged(changes.isChange());
    } else if (result instanceof Result.Published published) {
      result = published.withChanged(changes.isChange());
    }
    return new Outcome<>(changes, kind.answer(result));
  }

  /**
   * The first half of a scheduling cycle for a host that plans outside of its transaction: what the
   * planner would read now. Changes nothing; admit what was offered first ({@link Command.Admit}).
   *
   * <p>A planner that keeps an index is told here what changed; one preparation can be planned from
   * at a time, the newest.
   *
   * @return empty where the last plan said everything and nothing changed since; {@code schedule}
   *     then costs nothing either
   */
  public Optional<Preparation> prepare(LifecycleState state, PlanningAdvice advice, Tick now) {
    Journal journal = state.begin();
    try {
      SchedulingCycle cycle = new SchedulingCycle(journal, now.value(), planning);
      cycle.begin();
      return cycle.prepare(advice).map(from -> new Preparation(journal.tables, from));
    } finally {
      journal.undo();
    }
  }

  /**
   * What a worker still holds, by what has to happen before it is gone, as a plan made now would
   * say; where the last plan said everything, that one. Changes nothing.
   *
   * @param state the state, written by this thread alone
   * @param advice what is asked of the plan
   * @param now the tick that is planned for
   * @return empty if the worker is unknown
   */
  public Optional<Leaving> leaving(
      LifecycleState state, WorkerId worker, PlanningAdvice advice, Tick now) {
    int position = state.workerPosition(worker);
    if (position < 0) {
      return Optional.empty();
    }
    Forecast plan =
        prepare(state, advice, now)
            .map(from -> from.forecast(worker))
            .orElseGet(() -> Forecast.of(worker, chunk -> true, stuck()));
    return Optional.of(Leaving.of(state, position, plan));
  }

  /**
   * What the last plan of a cycle could not take off its worker, in canonical order; empty before
   * the first.
   */
  public List<Result.Stuck> stuck() {
    return planning.memory().stuck();
  }

  /** Makes the next preparation ask the planner again, whatever its last plan said. */
  public void reconsider() {
    planning.memory().forget();
  }

  /**
   * The second half: a scheduling cycle that carries out a plan made from {@link #prepare}, on the
   * state as it is now. What no longer fits is struck (section 3).
   *
   * @param state the state, written by this thread alone
   * @param preparation what was planned from
   * @param plan the plan made from its input
   * @param now the tick of the cycle
   */
  public Outcome<Result.Scheduled> apply(
      LifecycleState state, Preparation preparation, PlacementPlan plan, Tick now) {
    if (!preparation.made(plan)) {
      throw new IllegalArgumentException("the plan was not made from this preparation");
    }
    Journal journal = state.begin();
    Result.Scheduled result;
    try {
      SchedulingCycle cycle = new SchedulingCycle(journal, now.value(), planning);
      cycle.begin();
      result = cycle.finish(preparation.prepared(), plan);
    } catch (RuntimeException | Error failure) {
      journal.undo();
      throw failure;
    }
    ChangeSet changes = state.commit(journal);
    return new Outcome<>(changes, result.withChanged(changes.isChange()));
  }
}
