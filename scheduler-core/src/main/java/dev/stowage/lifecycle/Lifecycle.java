package dev.stowage.lifecycle;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.planning.PlanMemory;
import dev.stowage.lifecycle.planning.PlanTask;
import dev.stowage.lifecycle.planning.Planning;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.state.FleetTime;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.steps.CommandLimits;
import dev.stowage.lifecycle.steps.SchedulingCycle;
import dev.stowage.lifecycle.steps.SignsOfLife;
import dev.stowage.lifecycle.steps.TimeLimits;
import dev.stowage.lifecycle.steps.VisibilityScan;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes commands: a pure function of state, command and tick if the planner is one. It keeps the
 * last plan that changed nothing: use one instance per state. Not thread-safe.
 */
public final class Lifecycle {
  private final Planning planning;

  /** Creates a lifecycle that plans with this planner. */
  public Lifecycle(PlacementPlanner planner) {
    planning = new Planning(Objects.requireNonNull(planner, "planner"));
  }

  /** A decided command, its answer and its changes, to be made durable or rolled back. */
  public record Outcome<R extends Result>(
      Tick tick, Command<R> command, ChangeSet changes, R result) {}

  /**
   * Executes a command at its {@link #counted} tick, a cycle at the largest tick if that is later,
   * or returns its {@link #refusal}. If the changes cannot be made durable, {@link
   * LifecycleState#rollback} undoes them. Exceptions leave the state unchanged.
   *
   * @param state the state, written by this thread alone
   */
  public <R extends Result> Outcome<R> execute(LifecycleState state, Command<R> command, Tick now) {
    Optional<R> refused = refusal(state, command, now);
    return refused.isPresent()
        ? nothing(state, command, now, refused.get())
        : decide(state, counted(state, command), counted(state, now));
  }

  /** Returns an outcome without changes. */
  public static <R extends Result> Outcome<R> nothing(
      LifecycleState state, Command<R> command, Tick now, R answer) {
    return new Outcome<>(now, command, state.commit(state.begin()), answer);
  }

  /** Returns {@link #refusal(LifecycleState, Command)} or {@link #untimely}, if any refuses. */
  public static <R extends Result> Optional<R> refusal(
      LifecycleState state, Command<R> command, Tick now) {
    return refusal(state, command).or(() -> untimely(state, command, now));
  }

  /** Returns {@code TIME_JUMP} for a cycle called too far ahead of the known time, else empty. */
  public static <R extends Result> Optional<R> untimely(
      LifecycleState state, Command<R> command, Tick now) {
    return TimeLimits.refusal(state.tables(), command, now.value())
        .map(why -> refused(state, command, why));
  }

  /** Returns {@code now}, limited by the store's clock, or without one by the longest step. */
  public static Tick counted(LifecycleState state, Tick now) {
    return Tick.of(state.tables().time.counted(now.value()));
  }

  /** Reports whether the last reading of the store's clock is at or after {@code now}. */
  public static boolean isShown(LifecycleState state, Tick now) {
    FleetTime time = state.tables().time;
    return time.isShown() && now.value() <= time.limit();
  }

  /** Returns the command with its times limited to the last reading of the store's clock. */
  public static <R extends Result> Command<R> counted(LifecycleState state, Command<R> command) {
    return command.notAfter(state.tables().time.limit());
  }

  /** Reports whether a cycle at {@code now} would find a silent worker, by the reports accepted. */
  public static boolean isAnybodySilent(LifecycleState state, Tick now) {
    return new SignsOfLife(state.tables()).areWanted(now.value());
  }

  /**
   * Returns a cycle with the workers of which a waiting command is a report, or a registration of
   * the known disk, that would be accepted now: it counts as a sign of life. Asks for the commands
   * only if {@link #isAnybodySilent}. Workers whose ids exceed {@link Command.Bounds#WAITING_BYTES}
   * are left out. Returns other commands unchanged.
   */
  public static <R extends Result> Command<R> hearing(
      LifecycleState state, Command<R> cycle, Tick now, Supplier<List<Command<?>>> waiting) {
    SignsOfLife life = new SignsOfLife(state.tables());
    return life.namedIn(
        cycle,
        now.value(),
        () ->
            waiting.get().stream()
                .filter(it -> CommandKind.kindOf(it).isSignOfLife(life, it))
                .flatMap(it -> CommandKind.kindOf(it).worker(it).stream())
                .toList());
  }

  /**
   * Reports whether a refused report names a lineage, or an incarnation or assignment of the
   * present lineage, that the state does not know: a sign of lost commits, or of a faulty worker.
   */
  public static boolean namesLostHistory(
      LifecycleView state, Command.Report report, Result answer) {
    return new SignsOfLife(state.tables()).areOfLostHistory(report, answer.code());
  }

  /**
   * Returns the answer to a command that exceeds {@link Command.Bounds} or has text that cannot be
   * stored, else empty; reads only version and lineage. Check before keeping a command. Throws
   * {@code IllegalArgumentException} for a refused scheduling cycle.
   */
  public static <R extends Result> Optional<R> refusal(LifecycleState state, Command<R> command) {
    return CommandLimits.refusal(Objects.requireNonNull(command, "command"))
        .map(why -> refused(state, command, why));
  }

  /** Returns the answer to a command that is refused, or not decided, for a cause. */
  public static <R extends Result> R refused(
      LifecycleState state, Command<R> command, Result.Answer why) {
    return CommandKind.kindOf(command).refused(state.tables().fleet, command, why);
  }

  /** Reports whether {@link #refusal} refuses the command, without a state. */
  public static boolean isRefused(Command<?> command) {
    return CommandLimits.isRefused(command);
  }

  /** Returns the parts of a configuration that exceed {@link Command.Bounds}. */
  public static List<String> tooLarge(LifecycleConfig config) {
    return CommandKind.CONFIGURE.oversized(new Command.Configure(Command.ANY_VERSION, config));
  }

  /** Executes news or a recorded command unchecked, on the thread that writes the state. */
  public <R extends Result> Outcome<R> decide(LifecycleState state, Command<R> command, Tick now) {
    return decide(state, command, null, now);
  }

  /**
   * Executes a command as {@link #decide(LifecycleState, Command, Tick)} does, a scheduling cycle
   * by what still fits of its plan, which commands may have overtaken (section 3). Its command is
   * the prepared one, perhaps with other waiting reports.
   */
  public <R extends Result> Outcome<R> decide(
      LifecycleState state, Command<R> command, @Nullable CyclePlan planned, Tick now) {
    CommandKind<?, R> kind = CommandKind.kindOf(Objects.requireNonNull(command, "command"));
    Journal journal = state.begin();
    Result result;
    try {
      result =
          planned == null
              ? kind.apply(new CommandKind.Turn(journal, planning, now.value()), command)
              : planned.finish(journal, CommandKind.SCHEDULE.of(command), now);
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
    return new Outcome<>(now, command, changes, kind.answer(result));
  }

  /**
   * Returns the input of the planner for a host that plans outside of its transaction; empty if the
   * last plan was final and nothing changed since, or if placing waits. Changes nothing; execute
   * {@link LeaderCommand.Admit} first. Only the newest preparation can be planned.
   */
  public Optional<CyclePlan> prepare(LifecycleState state, PlanningAdvice advice, Tick now) {
    return prepare(state, new LeaderCommand.Schedule(advice), now);
  }

  /**
   * Returns the input of the planner for a cycle, as {@link #prepare} does for one of an advice.
   */
  public Optional<CyclePlan> prepare(
      LifecycleState state, LeaderCommand.Schedule command, Tick now) {
    Journal journal = state.begin();
    try {
      SchedulingCycle cycle =
          new SchedulingCycle(journal, now.value(), planning, command.waiting());
      return cycle
          .prepare(command.advice())
          .map(fed -> new CyclePlan(command, planning, journal.tables, fed, Optional.empty()));
    } finally {
      journal.undo();
    }
  }

  /**
   * Returns the input of a plan that nothing follows, even if the last plan was final or placing
   * waits ({@link CyclePlan#held}). Changes nothing. Where a planner that knows the fleet would
   * have to be told everything anew, the rows are copied and read by {@link CyclePlan#plan}.
   */
  public CyclePlan foresee(LifecycleState state, LeaderCommand.Schedule command, Tick now) {
    boolean isWarm = planning.isWarm(state.tables(), now.value());
    Journal journal = state.begin();
    try {
      SchedulingCycle cycle =
          new SchedulingCycle(
              journal, now.value(), isWarm ? planning : planning.another(), command.waiting());
      PlanTask fed = cycle.foresee(command.advice(), !isWarm);
      return new CyclePlan(command, planning, journal.tables, fed, cycle.held());
    } finally {
      journal.undo();
    }
  }

  /** Returns what the last plan says of the replicas that are to leave. */
  public Forecast forecast() {
    PlanMemory last = planning.memory();
    return new Forecast(
        last.madeAt(),
        last.leaving(),
        stuck(),
        last.budget(),
        last.isBackpressure(),
        last.levels());
  }

  /** Returns up to which new chunk the next plan considers them; empty for all of them. */
  public Optional<PlanningAdvice.Newest> next(LifecycleState state) {
    return planning.next(state.tables());
  }

  /**
   * Feeds up to {@code most} chunks to the planner if it lacks more, so that no {@link #prepare}
   * feeds all of them at once. Returns whether it lacks more still. Call on the thread that writes
   * the state.
   */
  public boolean warmUp(LifecycleState state, PlanningAdvice advice, int most, Tick now) {
    return planning.warmUp(state.tables(), advice, most, now.value());
  }

  /** Takes note of a loaded state, none of whose chunks {@link #judge} has looked at. */
  public void loaded(LifecycleState state) {
    new VisibilityScan(state.tables()).setAside();
  }

  /**
   * Judges some chunks of a loaded state, so that no visibility cycle looks at all of them at once.
   * Returns whether there are more. Call on the thread that writes the state.
   */
  public boolean judge(LifecycleState state) {
    return new VisibilityScan(state.tables()).judge();
  }

  /** Returns the stuck replicas of the last cycle's plan, in canonical order; empty before it. */
  public List<Result.Stuck> stuck() {
    return planning.memory().stuck();
  }

  /** Makes the next preparation run the planner even if the last plan was final. */
  public void reconsider() {
    planning.memory().forget();
  }
}
