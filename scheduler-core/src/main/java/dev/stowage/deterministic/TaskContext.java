package dev.stowage.deterministic;

import dev.stowage.columns.Mix;
import dev.stowage.deterministic.CoreLocal.ForeignAccess;
import dev.stowage.deterministic.Guard.GuardContext;
import dev.stowage.deterministic.SchedulerEvent.Effect;
import dev.stowage.deterministic.SchedulerEvent.Enqueue;
import dev.stowage.deterministic.SchedulerEvent.EnqueueOrdered;
import dev.stowage.deterministic.SchedulerEvent.Failure;
import dev.stowage.deterministic.SchedulerEvent.StateWrite;
import dev.stowage.deterministic.SchedulerEvent.TaskExecuted;
import dev.stowage.deterministic.SchedulerEvent.TaskFailed;
import dev.stowage.deterministic.SchedulerEvent.TaskOutcome;
import dev.stowage.deterministic.SchedulerEvent.TaskRejected;
import dev.stowage.deterministic.SchedulerEvent.TaskRun;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.Hash256;
import dev.stowage.model.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The view and effects of a running task. The view is fixed for the round; effects and the local
 * value count only if the task succeeds. Throws {@link ForeignAccess} on other threads or later,
 * {@code IllegalArgumentException} for an unknown guard or program, a timestamp that leaves the
 * clock no room, or a bad name.
 */
public final class TaskContext {
  private final View view;
  private final Task task;
  private final int core;
  private final CoreLocal<Payload> local;
  private final List<Effect> effects = new ArrayList<>(4);
  private @Nullable Thread owner = Thread.currentThread();
  private TickBudget budget;
  private long drawState;
  private @Nullable Failure failure;

  /** Shows the tasks of a round, step or ordered run a state that is fixed while they run. */
  record View(
      SchedulerConfig config,
      TaskTable table,
      long round,
      Timestamp now,
      Map<String, Payload> state) {}

  /** A task's run before it has a timestamp, and the core's own value after it. */
  record Execution(
      Task task,
      long ticks,
      Function<TaskRun, TaskOutcome> end,
      List<Effect> effects,
      Payload local) {
    TaskOutcome outcome(int core, Timestamp timestamp) {
      return end.apply(new TaskRun(task.id(), core, timestamp, ticks));
    }
  }

  /** Creates the context of the task that is at {@code position} among the tasks of its core. */
  TaskContext(View view, Task task, int core, int position, Payload local) {
    this.view = view;
    this.task = task;
    this.core = core;
    this.local = CoreLocal.of(local);
    budget = TickBudget.ofLimit(task.budgetTicks());
    long place = Mix.mix(view.now().bits() + ((long) core << Integer.SIZE) + position);
    drawState = Mix.mix(view.config().start().seed() ^ Mix.mix(task.id() ^ place));
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

  /** Returns the logical clock at the start of the round or step. */
  public Timestamp now() {
    requireOwner();
    return view.now();
  }

  /** Counts ticks against the budget; throws {@code IllegalArgumentException} if negative. */
  public void consume(long ticks) {
    requireOwner();
    budget = budget.consume(ticks);
    if (budget.status() == TickBudget.Status.EXHAUSTED) {
      throw stop(Failure.BUDGET, "tick budget " + budget.limit() + " exceeded");
    }
  }

  /** Emits a task at the barrier, to the core of its id. */
  public void emit(Task next) {
    add(new Enqueue(next));
  }

  /** Emits a task at the barrier, for a timestamp, on the core of its id. */
  public void emitOrdered(Task next, Timestamp timestamp) {
    add(new EnqueueOrdered(next, timestamp, OptionalInt.empty()));
  }

  /** Writes a name of 1 to 512 characters at the barrier; the last in (core, sequence) stays. */
  public void write(String name, Payload value) {
    add(new StateWrite(name, value));
  }

  /**
   * Returns the shared state at the start of the round or step, sorted by name and unmodifiable.
   */
  public Map<String, Payload> state() {
    requireOwner();
    return view.state();
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

  /** Runs the task, guards first, once: a function of what the constructor is given. */
  Execution run() {
    Payload before = local.value();
    String thrown = "";
    try {
      OptionalInt refusing = refusingGuard();
      if (refusing.isPresent()) {
        int guard = refusing.getAsInt();
        return ended(run -> new TaskRejected(run, guard), List.of(), before);
      }
      consume(task.declaredTicks());
      TaskProgram program = view.table().program(task.program());
      Hash256 output = Objects.requireNonNull(program.run(this, task.argument()), "output");
      Payload after = local.value();
      if (failure == null) {
        return ended(run -> new TaskExecuted(run, output), effects, after);
      }
    } catch (Throwable error) {
      requireOwn(error);
      thrown = failure == null ? error.getClass().getName() : "";
    } finally {
      owner = null;
    }
    Failure why = failure == null ? Failure.THROWN : failure;
    String detail = thrown;
    return ended(run -> new TaskFailed(run, why, detail), List.of(), before);
  }

  private Execution ended(
      Function<TaskRun, TaskOutcome> end, List<Effect> effective, Payload last) {
    return new Execution(task, budget.used(), end, effective, last);
  }

  private OptionalInt refusingGuard() {
    GuardContext context = new GuardContext(task, core, view.round(), view.now(), view.state());
    for (int id : task.guards().ids()) {
      consume(1);
      if (!view.table().guard(id).test(context)) {
        return OptionalInt.of(id);
      }
    }
    return OptionalInt.empty();
  }

  /** Throws an error that is not a task's own: a broken invariant or virtual machine. */
  private static void requireOwn(Throwable error) {
    if (error instanceof InvariantViolation broken) {
      throw broken;
    }
    if (error instanceof VirtualMachineError broken && !(error instanceof StackOverflowError)) {
      throw broken;
    }
    if (error instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
  }

  private void add(Effect effect) {
    requireOwner();
    effect.check(view.config(), view.table());
    if (effects.size() == SchedulerConfig.EFFECT_LIMIT) {
      throw stop(Failure.EFFECTS, "effect limit " + SchedulerConfig.EFFECT_LIMIT + " exceeded");
    }
    effects.add(effect);
  }

  private IllegalStateException stop(Failure why, String message) {
    failure = failure == null ? why : failure;
    return new IllegalStateException(message);
  }

  private void requireOwner() {
    if (owner != Thread.currentThread()) {
      throw new ForeignAccess(
          "the context of task " + Long.toUnsignedString(task.id()),
          owner == null ? "a task that has ended" : owner,
          Thread.currentThread());
    }
  }
}
