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
 * The hands and eyes of a running task. What it sees is fixed for the round; what it emits, writes
 * and leaves in its core-local value takes effect only if the task succeeds. Usable by the thread
 * that runs the task, while it runs; any other use throws {@link ForeignAccess}.
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

  /** Made by the crew of a scheduler alone, for one task. */
  @SuppressWarnings("exports") // it names machinery, which no host has
  public TaskContext(TaskRunner runner, RoundView view, TaskRunner.Seat seat, Task task) {
    this.runner = runner;
    this.task = task;
    this.core = seat.core();
    this.view = view;
    this.local = CoreLocal.of(seat.local());
    long place = Mix.mix(view.clock() + ((long) core << Integer.SIZE) + seat.position());
    this.drawState = Mix.mix(runner.seed() ^ Mix.mix(task.id() ^ place));
  }

  /** The task itself. */
  public Task task() {
    requireOwner();
    return task;
  }

  /** The core it runs on. */
  public int core() {
    requireOwner();
    return core;
  }

  /** Rounds completed before this one. */
  public long round() {
    requireOwner();
    return view.round();
  }

  /** The logical clock at the start of the round or step. */
  public Timestamp now() {
    requireOwner();
    return new Timestamp(view.clock());
  }

  /**
   * Counts ticks against the budget.
   *
   * @throws IllegalArgumentException if {@code more} is below 0
   */
  public void consume(long more) {
    requireOwner();
    Bounds.atLeast(more, 0, "ticks consumed");
    ticks = TickBudget.saturatingAdd(ticks, more);
    if (ticks > task.budgetTicks()) {
      throw stop(SchedulerEvent.Failure.BUDGET, "tick budget " + task.budgetTicks() + " exceeded");
    }
  }

  /** The budget with what has been used of it. */
  public TickBudget budget() {
    requireOwner();
    return new TickBudget(task.budgetTicks(), ticks);
  }

  /**
   * Puts a task into the queue of the core it maps to, at the barrier.
   *
   * @throws IllegalArgumentException if a guard or program of it is unknown
   */
  public void emit(Task next) {
    requireOwner();
    runner.requireKnown(next);
    add(new Effect.Emit(next));
  }

  /**
   * Lets a task wait for a timestamp, from the barrier on; it will run on the core it maps to.
   *
   * @throws IllegalArgumentException if a guard or program of it is unknown, or the timestamp is
   *     too close to the end of time to be run
   */
  public void emitOrdered(Task next, Timestamp timestamp) {
    requireOwner();
    runner.requireKnown(next);
    runner.requireRunnable(timestamp);
    add(new Effect.EmitOrdered(next, timestamp, OptionalInt.empty()));
  }

  /**
   * Like {@link #emitOrdered(Task, Timestamp)}, on a given core.
   *
   * @throws InvalidCore if the scheduler has no such core
   */
  public void emitOrdered(Task next, Timestamp timestamp, int onCore) {
    requireOwner();
    runner.requireKnown(next);
    runner.requireRunnable(timestamp);
    runner.requireCore(onCore);
    add(new Effect.EmitOrdered(next, timestamp, OptionalInt.of(onCore)));
  }

  /** Reads the shared state as it was at the start of the round or step. */
  public Optional<Payload> read(String name) {
    requireOwner();
    return Optional.ofNullable(view.state().get(name));
  }

  /** The names in the shared state, sorted, with their values. Unmodifiable. */
  public Map<String, Payload> state() {
    requireOwner();
    return view.state();
  }

  /**
   * Writes to the shared state, at the barrier. Of several writes to one name in a round the last
   * in (core, sequence) order stays.
   *
   * @throws IllegalArgumentException if the name is empty or longer than 512 characters
   */
  public void write(String name, Payload value) {
    requireOwner();
    SharedState.requireName(name);
    add(new Effect.Write(name, Objects.requireNonNull(value, "value")));
  }

  /** The core's own value, owned by this task's thread for as long as the task runs. */
  public CoreLocal<Payload> local() {
    requireOwner();
    return local;
  }

  /** The next number of this task's own sequence: a function of the seed and of where it runs. */
  public long draw() {
    requireOwner();
    drawState += Mix.GOLDEN;
    return Mix.mix(drawState);
  }

  /** Ends the context's life and says what failed, or null. */
  public SchedulerEvent.@Nullable Failure close() {
    owner = null;
    return failure;
  }

  /** What the core-local value has become; releases the handle. */
  public Payload closeLocal() {
    local.claim();
    Payload last = local.value();
    local.release();
    return last;
  }

  /** The logical ticks that the task has used. */
  public long ticks() {
    return ticks;
  }

  /** What the task asked for, in order; for the crew. */
  @SuppressWarnings("exports") // it names machinery, which no host has
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

  /** Refuses a core that the scheduler does not have. */
  public static final class InvalidCore extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Names the core and how many there are. */
    public InvalidCore(int core, int cores) {
      super("core is " + core + "; 0 to " + (cores - 1) + " is accepted");
    }
  }
}
