package dev.stowage.deterministic;

import dev.stowage.columns.Mix;
import dev.stowage.deterministic.CoreLocal.ForeignAccess;
import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.crew.Effect;
import dev.stowage.deterministic.crew.RoundView;
import dev.stowage.deterministic.crew.SharedState;
import dev.stowage.deterministic.crew.TaskRunner;
import dev.stowage.deterministic.crew.TaskStopped;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The view and effects of a running task. The view is fixed for the round; effects and the local
 * value count only if the task succeeds. Throws {@link ForeignAccess} on other threads or later,
 * {@code IllegalArgumentException} for an unknown guard or program, a timestamp that leaves the
 * clock no room, or a bad name.
 */
public final class TaskContext {
  private final TaskRunner runner;
  private final Task task;
  private final int core;
  private final RoundView view;
  private final CoreLocal<Payload> local;
  private @Nullable Thread owner = Thread.currentThread();
  private @Nullable List<Effect> effects;
  private long ticks;
  private long drawState;
  private SchedulerEvent.@Nullable Failure failure;

  /** Creates the context of one task, for the crew alone. */
  @SuppressWarnings("exports") // the parameters are machinery that no host has
  public TaskContext(TaskRunner runner, RoundView view, TaskRunner.Seat seat, Task task) {
    this.runner = runner;
    this.task = task;
    this.core = seat.core();
    this.view = view;
    this.local = CoreLocal.of(seat.local());
    long place = Mix.mix(view.clock() + ((long) core << Integer.SIZE) + seat.position());
    this.drawState = Mix.mix(runner.seed() ^ Mix.mix(task.id() ^ place));
  }

  /** Returns the task. */
  public Task task() {
    requireOwner();
    return task;
  }

  /** Returns the core of the task. */
  public int core() {
    requireOwner();
    return core;
  }

  /** Returns the rounds completed before this one. */
  public long round() {
    requireOwner();
    return view.round();
  }

  /** Returns the logical clock at the start of the round or step. */
  public Timestamp now() {
    requireOwner();
    return new Timestamp(view.clock());
  }

  /** Counts ticks against the budget; throws {@code IllegalArgumentException} if negative. */
  public void consume(long more) {
    requireOwner();
    Bounds.atLeast(more, 0, "ticks consumed");
    ticks = TickBudget.saturatingAdd(ticks, more);
    if (ticks > task.budgetTicks()) {
      throw stop(SchedulerEvent.Failure.BUDGET, "tick budget " + task.budgetTicks() + " exceeded");
    }
  }

  /** Returns the budget with the ticks used so far. */
  public TickBudget budget() {
    requireOwner();
    return new TickBudget(task.budgetTicks(), ticks);
  }

  /** Emits a task at the barrier, to the core of its id. */
  public void emit(Task next) {
    requireOwner();
    runner.requireKnown(next);
    add(new Effect.Emit(next));
  }

  /** Emits a task at the barrier, for a timestamp, on the core of its id. */
  public void emitOrdered(Task next, Timestamp timestamp) {
    requireOwner();
    runner.requireKnown(next);
    runner.requireRunnable(timestamp);
    add(new Effect.EmitOrdered(next, timestamp, OptionalInt.empty()));
  }

  /** Emits a task for a timestamp; throws {@link InvalidCore} if {@code onCore} does not exist. */
  public void emitOrdered(Task next, Timestamp timestamp, int onCore) {
    requireOwner();
    runner.requireKnown(next);
    runner.requireRunnable(timestamp);
    runner.requireCore(onCore);
    add(new Effect.EmitOrdered(next, timestamp, OptionalInt.of(onCore)));
  }

  /** Returns a shared value as of the start of the round or step. */
  public Optional<Payload> read(String name) {
    requireOwner();
    return Optional.ofNullable(view.shared().get(name));
  }

  /** Returns the shared state, sorted by name and unmodifiable. */
  public Map<String, Payload> state() {
    requireOwner();
    return view.state();
  }

  /** Writes a name of 1 to 512 characters at the barrier; the last in (core, sequence) stays. */
  public void write(String name, Payload value) {
    requireOwner();
    SharedState.requireName(name);
    add(new Effect.Write(name, Objects.requireNonNull(value, "value")));
  }

  /** Returns the core's own value, owned by this task's thread while the task runs. */
  public CoreLocal<Payload> local() {
    requireOwner();
    return local;
  }

  /** Returns the next number of the task's sequence, a function of seed, clock and place. */
  public long draw() {
    requireOwner();
    drawState += Mix.GOLDEN;
    return Mix.mix(drawState);
  }

  /** Ends the context's life and returns the failure, or null. */
  public SchedulerEvent.@Nullable Failure close() {
    owner = null;
    return failure;
  }

  /** Returns the final core-local value and releases the handle. */
  public Payload closeLocal() {
    local.claim();
    Payload last = local.value();
    local.release();
    return last;
  }

  /** Returns the logical ticks used. */
  public long ticks() {
    return ticks;
  }

  /** Returns the task's effects, in order, for the crew. */
  @SuppressWarnings("exports") // the type is machinery that no host has
  public List<Effect> effects() {
    return effects == null ? List.of() : effects;
  }

  private void add(Effect effect) {
    if (effects == null) {
      effects = new ArrayList<>(4);
    }
    if (effects.size() == runner.effectLimit()) {
      throw stop(
          SchedulerEvent.Failure.EFFECTS, "effect limit " + runner.effectLimit() + " exceeded");
    }
    effects.add(effect);
  }

  private TaskStopped stop(SchedulerEvent.Failure why, String message) {
    if (failure == null) {
      failure = why;
    }
    return new TaskStopped(message);
  }

  private void requireOwner() {
    if (owner != Thread.currentThread()) {
      throw new ForeignAccess(
          "the context of task " + Long.toUnsignedString(task.id()),
          owner == null ? "a task that has ended" : owner,
          Thread.currentThread());
    }
  }

  /** Reports a core that the scheduler does not have. */
  public static final class InvalidCore extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; {@code cores} is the number of cores. */
    public InvalidCore(int core, int cores) {
      super("core is " + core + "; 0 to " + (cores - 1) + " is accepted");
    }
  }
}
