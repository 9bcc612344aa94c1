package dev.stowage.deterministic;

import dev.stowage.deterministic.Shared.MemoryOrder;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.deterministic.queues.LogicalClock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Shared and owned values, and the clock. */
public final class SharedValueStress {
  private SharedValueStress() {}

  /** Acquire and release: whoever sees the flag sees the data. */
  @JCStressTest
  @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE)
  @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "the flag without the data")
  @State
  public static class AcquireRelease {
    private final Shared<Integer> flag = Shared.of(0, MemoryOrder.ACQ_REL);
    private int data;

    @Actor
    public void write() {
      data = 1;
      flag.store(1);
    }

    @Actor
    public void read(II_Result result) {
      result.r1 = flag.load();
      result.r2 = data;
    }
  }

  /** Sequential consistency: of two writers who then look at each other, one sees the other. */
  @JCStressTest
  @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE)
  @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "both looked before both wrote")
  @State
  public static class SequentiallyConsistent {
    private final Shared<Integer> x = Shared.of(0, MemoryOrder.SEQ_CST);
    private final Shared<Integer> y = Shared.of(0, MemoryOrder.SEQ_CST);

    @Actor
    public void one(II_Result result) {
      x.store(1);
      result.r1 = y.load();
    }

    @Actor
    public void two(II_Result result) {
      y.store(1);
      result.r2 = x.load();
    }
  }

  /** No two ticks are the same. */
  @JCStressTest
  @Outcome(id = {"1, 2", "2, 1"}, expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "one time given twice")
  @State
  public static class ClockTicks {
    private final LogicalClock clock = LogicalClock.atZero();

    @Actor
    public void one(JJ_Result result) {
      result.r1 = clock.tick().bits();
    }

    @Actor
    public void two(JJ_Result result) {
      result.r2 = clock.tick().bits();
    }
  }

  /** A tick beside a received timestamp of 10: one of the two orders, nothing between. */
  @JCStressTest
  @Outcome(id = {"1, 11", "12, 11"}, expect = Expect.ACCEPTABLE)
  @Outcome(expect = Expect.FORBIDDEN, desc = "no order of the two explains this")
  @State
  public static class ClockReceives {
    private final LogicalClock clock = LogicalClock.atZero();

    @Actor
    public void tick(JJ_Result result) {
      result.r1 = clock.tick().bits();
    }

    @Actor
    public void receive(JJ_Result result) {
      result.r2 = clock.recv(new Timestamp(10)).bits();
    }
  }
}
