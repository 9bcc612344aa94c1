package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Guard.GuardContext;
import dev.stowage.deterministic.GuardTable;
import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.Guards;
import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.ProgramTable;
import dev.stowage.deterministic.SchedulerConfig;
import dev.stowage.deterministic.SchedulerEvent;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.TaskContext.InvalidCore;
import dev.stowage.deterministic.TaskContext;
import dev.stowage.deterministic.TaskProgram;
import dev.stowage.deterministic.Work;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.Hash256;
import dev.stowage.model.InvariantViolation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Runs a task, guards first. A pure function of task, seat and view, on any thread. */
public final class TaskRunner {
  private final SchedulerConfig config;
  private final GuardTable guards;
  private final ProgramTable programs;

  public TaskRunner(SchedulerConfig config, GuardTable guards, ProgramTable programs) {
    this.config = config;
    this.guards = guards;
    this.programs = programs;
  }

  /** The core of a task, its place among the core's tasks of the round, and the local value. */
  public record Seat(int core, int position, Payload local) {}

  record Ran(Execution execution, Payload local) {}

  public long seed() {
    return config.seed();
  }

  public int effectLimit() {
    return config.effectLimit();
  }

  /** Throws {@code IllegalArgumentException} for an unknown guard or program. */
  public void requireKnown(Task task) {
    guards.requireAll(task.guards());
    if (task.work() instanceof Work.Call call) {
      programs.require(call.program());
    }
  }

  public void requireCore(int core) {
    if (core < 0 || core >= config.cores()) {
      throw new InvalidCore(core, config.cores());
    }
  }

  /** Throws {@code IllegalArgumentException} if the clock could not take the task's ticks then. */
  public void requireRunnable(Timestamp timestamp) {
    long last = -1L - ticksPerTask();
    if (Long.compareUnsigned(timestamp.bits(), last) > 0) {
      throw new IllegalArgumentException(
          "timestamp is "
              + timestamp
              + "; at most "
              + Long.toUnsignedString(last)
              + " is accepted, so that the clock can advance past it");
    }
  }

  /** Returns one tick for the outcome and one for each effect. */
  public long ticksPerTask() {
    return 1L + config.effectLimit();
  }

  @Nullable Execution runPlain(Task task) {
    if (task.work() instanceof Work.Pure pure && task.guards().count() == 0) {
      return runPure(task, pure, 0);
    }
    return null;
  }

  Ran run(Task task, Seat seat, RoundView view) {
    int count = task.guards().count();
    if (count > 0 || task.work() instanceof Work.Observation) {
      if (task.work() instanceof Work.Observation observation) {
        return new Ran(observe(task, observation, seat, view), seat.local());
      }
      Execution refused = firstRefusal(task, seat, view);
      if (refused != null) {
        return new Ran(refused, seat.local());
      }
    }
    if (task.work() instanceof Work.Call call) {
      return call(task, call, seat, view);
    }
    return new Ran(runPure(task, (Work.Pure) task.work(), count), seat.local());
  }

  private static Execution runPure(Task task, Work.Pure pure, long guardTicks) {
    long ticks = guardTicks + Work.PURE_TICKS;
    if (ticks > task.budgetTicks()) {
      return Execution.failed(task, ticks, SchedulerEvent.Failure.BUDGET, "");
    }
    long v = pure.value();
    return Execution.executed(task, ticks, new Hash256(v, v, v, v));
  }

  private @Nullable Execution firstRefusal(Task task, Seat seat, RoundView view) {
    GuardContext context = guardContext(task, seat, view);
    for (int i = 0; i < task.guards().count(); i++) {
      int id = task.guards().id(i);
      if (i + 1 > task.budgetTicks()) {
        return Execution.failed(task, i + 1, SchedulerEvent.Failure.BUDGET, "");
      }
      try {
        if (!guards.require(id).test(context)) {
          return Execution.rejected(task, i + 1, id, null);
        }
      } catch (Throwable thrown) {
        return thrown(task, i + 1, thrown);
      }
    }
    return null;
  }

  private static GuardContext guardContext(Task task, Seat seat, RoundView view) {
    return new GuardContext(
        task, seat.core(), view.round(), new Timestamp(view.clock()), view.state());
  }

  private Execution observe(Task task, Work.Observation work, Seat seat, RoundView view) {
    int count = task.guards().count();
    long ticks = Work.OBSERVATION_TICKS + count;
    if (ticks > task.budgetTicks()) {
      return Execution.failed(task, ticks, SchedulerEvent.Failure.BUDGET, "");
    }
    GuardContext context = guardContext(task, seat, view);
    int[] fired = new int[count];
    int firedCount = 0;
    int refusing = -1;
    for (int i = 0; i < count; i++) {
      int id = task.guards().id(i);
      try {
        if (guards.require(id).test(context)) {
          fired[firedCount++] = id;
        } else if (refusing < 0) {
          refusing = id;
        }
      } catch (Throwable thrown) {
        return thrown(task, i + 1, thrown);
      }
    }
    Guards held = Guards.of(Arrays.copyOf(fired, firedCount));
    Receipt receipt = new Receipt(task.id(), held, ticks, outputOf(task, held, ticks, work));
    return refusing < 0
        ? Execution.observed(task, receipt)
        : Execution.rejected(task, ticks, refusing, receipt);
  }

  private static Hash256 outputOf(Task task, Guards fired, long steps, Work.Observation work) {
    CanonicalWriter out = new CanonicalWriter().u64(task.id()).u8(fired.count());
    for (int i = 0; i < fired.count(); i++) {
      out.u16(fired.id(i));
    }
    return Hash256.of(out.u64(steps).bytes(work.context().shared()).toBytes());
  }

  private Ran call(Task task, Work.Call call, Seat seat, RoundView view) {
    TaskContext context = new TaskContext(this, view, seat, task);
    SchedulerEvent.Failure failure;
    try {
      TaskProgram program = programs.require(call.program());
      context.consume(task.guards().count());
      context.consume(program.declaredTicks());
      Hash256 output = program.run(context, call.argument());
      if (output == null) {
        throw new NullPointerException("program " + call.program() + " returned no output");
      }
      failure = context.close();
      if (failure == null) {
        Execution done = Execution.executed(task, context.ticks(), output, context.effects());
        return new Ran(done, context.closeLocal());
      }
    } catch (Throwable thrown) {
      failure = context.close();
      if (failure == null) {
        return new Ran(thrown(task, context.ticks(), thrown), seat.local());
      }
    }
    return new Ran(Execution.failed(task, context.ticks(), failure, ""), seat.local());
  }

  /** Turns a task's error into its failure; a broken machine or invariant stops the round. */
  private static Execution thrown(Task task, long ticks, Throwable thrown) {
    if (thrown instanceof InvariantViolation broken) {
      throw broken;
    }
    if (thrown instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
      throw error;
    }
    if (thrown instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return Execution.failed(
        task, ticks, SchedulerEvent.Failure.THROWN, thrown.getClass().getName());
  }
}
