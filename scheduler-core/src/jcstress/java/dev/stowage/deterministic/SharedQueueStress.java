package dev.stowage.deterministic;

import dev.stowage.deterministic.queues.BestEffortQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The queue that any number of threads may use. */
public final class SharedQueueStress {
  private SharedQueueStress() {}

  /** Two threads that put one in and take one out, no order promised: nothing lost or doubled. */
  @JCStressTest
  @Outcome(id = {"1, 2, 0", "2, 1, 0"}, expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost or repeated")
  @State
  public static class BestEffort {
    private final BestEffortQueue<Integer> queue = BestEffortQueue.empty();

    @Actor
    public void one(III_Result result) {
      queue.enqueue(1);
      result.r1 = queue.dequeue().orElse(0);
    }

    @Actor
    public void two(III_Result result) {
      queue.enqueue(2);
      result.r2 = queue.dequeue().orElse(0);
    }

    @Arbiter
    public void rest(III_Result result) {
      result.r3 = queue.size();
    }
  }
}
