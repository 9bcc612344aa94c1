package dev.stowage.deterministic;

import dev.stowage.deterministic.crew.CoreQueue;
import dev.stowage.deterministic.crew.CoreState;
import dev.stowage.deterministic.crew.RoundJob;
import dev.stowage.deterministic.crew.RoundView;
import dev.stowage.deterministic.crew.TaskOwnership;
import dev.stowage.deterministic.crew.TaskRunner;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The barrier of a round: threads that share cores, and the driver that merges behind them. */
public final class BarrierStress {
  private static final SchedulerConfig CONFIG = SchedulerConfig.ofCores(2);

  /** An interrupt of it goes nowhere, so that abandoning disturbs no thread of the harness. */
  private static final Thread NEVER_STARTED = new Thread("never started");

  private BarrierStress() {}

  private static CoreState core(int number, int tasks) {
    CoreState core = new CoreState(number, new CoreQueue(8, 16));
    for (int task = 0; task < tasks; task++) {
      core.queue().offer(Task.pure(task, task));
    }
    return core;
  }

  private static RoundJob job(CoreState... cores) {
    TaskRunner runner = new TaskRunner(CONFIG, GuardTable.empty(), ProgramTable.empty());
    return new RoundJob(runner, new RoundView(0, 0, Map.of()), cores, 8);
  }

  /** Two helpers: whoever finds the round done sees every core's out-box whole. */
  @JCStressTest
  @Outcome(id = {"-1, 3, 3", "3, -1, 3", "3, 3, 3"}, expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "done too early, or a core run twice or never")
  @State
  public static class TwoHelpers {
    private final CoreState first = core(0, 1);
    private final CoreState second = core(1, 2);
    private final RoundJob job = job(first, second);

    private int helpAndLook() {
      job.help();
      return job.isDone() ? first.outbox().size() + second.outbox().size() : -1;
    }

    @Actor
    public void one(III_Result result) {
      result.r1 = helpAndLook();
    }

    @Actor
    public void two(III_Result result) {
      result.r2 = helpAndLook();
    }

    @Arbiter
    public void merge(III_Result result) {
      result.r3 = first.outbox().size() + second.outbox().size();
    }
  }

  /** A helper beside a driver that only watches: done means all is there. */
  @JCStressTest
  @Outcome(id = {"-1, 2", "2, 2"}, expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "done too early")
  @State
  public static class WatchingDriver {
    private final CoreState only = core(0, 2);
    private final RoundJob job = job(only);

    @Actor
    public void help() {
      job.help();
    }

    @Actor
    public void watch(II_Result result) {
      result.r1 = job.isDone() ? only.outbox().size() : -1;
    }

    @Arbiter
    public void merge(II_Result result) {
      result.r2 = only.outbox().size();
    }
  }

  /** A task that ends while the driver abandons it: exactly one of them has the say. */
  @JCStressTest
  @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "both or neither")
  @State
  public static class Abandonment {
    private final TaskOwnership turn = new TaskOwnership();

    public Abandonment() {
      turn.begin(Task.pure(1, 1), 0, NEVER_STARTED);
    }

    @Actor
    public void finish(II_Result result) {
      result.r1 = turn.finish() ? 1 : 0;
    }

    @Actor
    public void abandon(II_Result result) {
      result.r2 = turn.abandon(0) ? 1 : 0;
    }
  }
}
