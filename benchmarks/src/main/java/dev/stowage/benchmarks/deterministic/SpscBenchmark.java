package dev.stowage.benchmarks.deterministic;

import dev.stowage.deterministic.queues.SpscQueue;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One element through a single-producer single-consumer queue of 1,024: in and out again on one
 * thread, and to another thread and back. Ours is JCTools' with an exact capacity, so the two say
 * what that costs. Target: at most 1.3 times JCTools' time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    // Agrona reaches into the JDK
    jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
@SuppressWarnings("ThreadPriorityCheck") // both sides yield when the queue is full or empty
public class SpscBenchmark {
  private static final int CAPACITY = 1024;
  private static final int BURST = 64;
  private static final Integer ELEMENT = 42;

  /** Whose queue. */
  @Param({"stowage", "jctools", "agrona", "jdk"})
  public String queue = "stowage";

  private Ring there = ring("stowage");
  private Ring back = ring("stowage");
  private volatile boolean stopped;
  private Thread echo = new Thread(this::echo);

  private interface Ring {
    boolean offer(Integer element);

    @Nullable Integer poll();
  }

  private record Own(SpscQueue<Integer> ring) implements Ring {
    @Override
    public boolean offer(Integer element) {
      return ring.offer(element);
    }

    @Override
    public @Nullable Integer poll() {
      return ring.poll();
    }
  }

  private record Other(Queue<Integer> ring) implements Ring {
    @Override
    public boolean offer(Integer element) {
      return ring.offer(element);
    }

    @Override
    public @Nullable Integer poll() {
      return ring.poll();
    }
  }

  private static Ring ring(String name) {
    return switch (name) {
      case "jctools" -> new Other(new SpscVarHandleArrayQueue<>(CAPACITY));
      case "agrona" -> new Other(new OneToOneConcurrentArrayQueue<>(CAPACITY));
      case "jdk" -> new Other(new ArrayBlockingQueue<>(CAPACITY));
      default -> new Own(SpscQueue.ofCapacity(CAPACITY));
    };
  }

  /** Builds both queues and starts the thread at the other end. */
  @Setup
  public void build() {
    there = ring(queue);
    back = ring(queue);
    echo = new Thread(this::echo);
    echo.setDaemon(true);
  }

  /** Ends the thread at the other end. */
  @TearDown
  public void stop() throws InterruptedException {
    stopped = true;
    if (echo.isAlive()) {
      echo.join();
    }
  }

  private void echo() {
    while (!stopped) {
      Integer element = there.poll();
      if (element == null) {
        Thread.yield();
      } else {
        back.offer(element);
      }
    }
  }

  /** Offers and polls on one thread. */
  @Benchmark
  public @Nullable Integer roundTripAlone() {
    there.offer(ELEMENT);
    return there.poll();
  }

  /** Sends a burst to the other thread and back; measured per element. */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public int roundTripAcross() {
    if (echo.getState() == Thread.State.NEW) {
      echo.start();
    }
    for (int i = 0; i < BURST; i++) {
      there.offer(ELEMENT);
    }
    int returned = 0;
    while (returned < BURST) {
      if (back.poll() == null) {
        Thread.yield();
      } else {
        returned++;
      }
    }
    return returned;
  }
}
