package dev.stowage.deterministic;

import dev.stowage.deterministic.queues.BestEffortQueue;
import dev.stowage.deterministic.queues.ConcurrentOrderedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The queues that any number of threads may use. */
public final class SharedQueueStress {
  private SharedQueueStress() {}

  private static int numberOf(Integer taken) {
    return taken == null ? 0 : taken;
  }

  /** Two producers: both entries are there, the lesser key first. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost, repeated or out of order")
  @State
  public static class OrderedOffers {
    private final ConcurrentOrderedQueue<Integer> queue = ConcurrentOrderedQueue.ofCapacity(4);

    @Actor
    public void later() {
      queue.offer(20, 0, 2);
    }

    @Actor
    public void sooner() {
      queue.offer(10, 0, 1);
    }

    @Arbiter
    public void drain(II_Result result) {
      result.r1 = numberOf(queue.poll());
      result.r2 = numberOf(queue.poll());
    }
  }

  /** Two consumers never get the same entry. */
  @JCStressTest
  @Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE)
  @Outcome(id = "2, 1, 0", expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost or repeated")
  @State
  public static class OrderedPolls {
    private final ConcurrentOrderedQueue<Integer> queue = ConcurrentOrderedQueue.ofCapacity(4);

    public OrderedPolls() {
      queue.offer(10, 0, 1);
      queue.offer(20, 0, 2);
    }

    @Actor
    public void one(III_Result result) {
      result.r1 = numberOf(queue.poll());
    }

    @Actor
    public void two(III_Result result) {
      result.r2 = numberOf(queue.poll());
    }

    @Arbiter
    public void rest(III_Result result) {
      result.r3 = queue.size();
    }
  }

  /** A removal and a poll of one entry: exactly one of them gets it. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE)
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "taken twice or by nobody")
  @State
  public static class OrderedRemoval {
    private final ConcurrentOrderedQueue<Integer> queue = ConcurrentOrderedQueue.ofCapacity(4);
    private final long handle = queue.offer(10, 0, 1);

    @Actor
    public void poll(II_Result result) {
      result.r1 = numberOf(queue.poll());
    }

    @Actor
    public void remove(II_Result result) {
      result.r2 = numberOf(queue.remove(handle));
    }
  }

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
