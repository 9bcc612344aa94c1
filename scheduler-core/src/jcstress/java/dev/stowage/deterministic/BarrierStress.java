package dev.stowage.deterministic;

import dev.stowage.deterministic.RoundJob.Share;
import dev.stowage.deterministic.TaskContext.View;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The barrier of a round: threads that share cores, and the driver that merges behind them. */
public final class BarrierStress {
  private static final SchedulerConfig CONFIG = SchedulerConfig.ofCores(2);

  private BarrierStress() {}

  private static Share share(int number, int tasks) {
    Core core = new Core(number, 8);
    for (int task = 0; task < tasks; task++) {
      core.offer(Task.pure(task, task));
    }
    return new Share(core, tasks);
  }

  private static RoundJob job(Share... shares) {
    View view = new View(CONFIG, TaskTable.EMPTY, 0, Timestamp.ZERO, Map.of());
    return new RoundJob(List.of(shares), view);
  }

  /** Two helpers: whoever finds the round done sees every core's out-box whole. */
  @JCStressTest
  @Outcome(id = {"-1, 3, 3", "3, -1, 3", "3, 3, 3"}, expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "done too early, or a core run twice or never")
  @State
  public static class TwoHelpers {
    private final Share first = share(0, 1);
    private final Share second = share(1, 2);
    private final RoundJob job = job(first, second);

    private int helpAndLook() {
      job.help();
      return job.done.isDone() ? first.core().outbox().size() + second.core().outbox().size() : -1;
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
      result.r3 = first.core().outbox().size() + second.core().outbox().size();
    }
  }
}
