package dev.stowage.deterministic;

import dev.stowage.deterministic.queues.SpscQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The ring between its producer and its consumer. */
public final class SpscQueueStress {
  private SpscQueueStress() {}

  /** Something whose fields were written without any order of their own. */
  static final class Box {
    int first;
    int second;

    static Box of(int value) {
      Box box = new Box();
      box.first = value;
      box.second = value;
      return box;
    }
  }

  /** What is taken out is whole. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "nothing there yet")
  @Outcome(id = "7, 7", expect = Expect.ACCEPTABLE, desc = "published whole")
  @Outcome(expect = Expect.FORBIDDEN, desc = "published in parts")
  @State
  public static class Publication {
    private final SpscQueue<Box> queue = SpscQueue.ofCapacity(2);

    @Actor
    public void produce() {
      queue.offer(Box.of(7));
    }

    @Actor
    public void consume(II_Result result) {
      Box box = queue.poll();
      result.r1 = box == null ? -1 : box.first;
      result.r2 = box == null ? -1 : box.second;
    }
  }

  /** A full ring of one slot: a refused element is refused, an accepted one arrives. */
  @JCStressTest
  @Outcome(id = "0, 5, 0", expect = Expect.ACCEPTABLE, desc = "refused, then emptied")
  @Outcome(id = "1, 5, 1", expect = Expect.ACCEPTABLE, desc = "emptied, then accepted")
  @Outcome(expect = Expect.FORBIDDEN, desc = "over capacity, or lost")
  @State
  public static class Full {
    private final SpscQueue<Integer> queue = SpscQueue.ofCapacity(1);

    public Full() {
      queue.offer(5);
      queue.releaseProducer();
    }

    @Actor
    public void produce(III_Result result) {
      result.r1 = queue.offer(6) ? 1 : 0;
    }

    @Actor
    public void consume(III_Result result) {
      Integer taken = queue.poll();
      result.r2 = taken == null ? 0 : taken;
    }

    @Arbiter
    public void count(III_Result result) {
      result.r3 = queue.size();
    }
  }
}
