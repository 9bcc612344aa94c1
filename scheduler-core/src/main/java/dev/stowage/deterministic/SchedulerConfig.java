package dev.stowage.deterministic;

import dev.stowage.columns.Mix;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.deterministic.queues.OrderedQueue;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * The settings of a scheduler; with its inputs and programs they decide every outcome. A core runs
 * at most {@code quantum} tasks a round, 1 to 1,000,000, and holds at most {@code queueCapacity}, 1
 * to 4,096; at most {@code orderedCapacity} wait for a timestamp, 1 to 1,000,000.
 */
public record SchedulerConfig(
    ReplaySeed start,
    Mapping mapping,
    @Declare(least = 1, most = MILLION) int quantum,
    @Declare(least = 1, most = 4096) int queueCapacity,
    @Declare(least = 1, most = MILLION) int orderedCapacity) {
  /** The most cores. */
  public static final int MAX_CORES = 256;

  /** The picks of higher priority in a row after which a waiting lower one goes. */
  public static final int STARVATION_BOUND = 16;

  /** The most effects of one task: emissions and writes. */
  public static final int EFFECT_LIMIT = 64;

  /** The most ticks of one task: one for its outcome and one for each effect. */
  static final long TICKS_PER_TASK = 1L + EFFECT_LIMIT;

  static final int MILLION = 1_000_000;

  static final Shape<SchedulerConfig> SHAPE = Shape.derived("scheduler", SchedulerConfig.class);

  /** Throws {@code IllegalArgumentException}, naming every value out of range. */
  public SchedulerConfig(
      ReplaySeed start, Mapping mapping, int quantum, int queueCapacity, int orderedCapacity) {
    this.start = Objects.requireNonNull(start, "start");
    this.mapping = Objects.requireNonNull(mapping, "mapping");
    this.quantum = quantum;
    this.queueCapacity = queueCapacity;
    this.orderedCapacity = orderedCapacity;
    SHAPE.checked(this);
  }

  /** Returns a quantum of 64 and room for 1,024 tasks a core and 4,096 ordered ones. */
  public static SchedulerConfig of(ReplaySeed start) {
    return new SchedulerConfig(start, Mapping.MODULO, 64, 1024, OrderedQueue.DEFAULT_CAPACITY);
  }

  /** Returns the settings of {@link #of} for 1 to {@value #MAX_CORES} cores, seed and clock 0. */
  public static SchedulerConfig ofCores(int cores) {
    return of(new ReplaySeed(0, Timestamp.ZERO, cores));
  }

  /** Returns the number of cores. */
  public int cores() {
    return start.cores();
  }

  /** Returns the core of a task. */
  public int coreOf(long taskId) {
    long number = mapping == Mapping.MODULO ? taskId : Mix.mix(taskId);
    return (int) Long.remainderUnsigned(number, cores());
  }

  void requireCore(int core) {
    Bounds.between(core, 0, cores() - 1, "core");
  }

  /** The function from a task id to the number whose remainder is its core. */
  public enum Mapping {
    /** The id itself; for a power of two of cores this is the published bit mask. */
    MODULO,
    /** A mixture of the id, which spreads ids of one residue over the cores. */
    MIXING
  }

  /** The start of a run beside its inputs: any seed, the initial clock, and 1 to 256 cores. */
  public record ReplaySeed(long seed, Timestamp initialTimestamp, int cores) {
    static final Shape<ReplaySeed> SHAPE = Shape.derived("replay_seed", ReplaySeed.class);

    /** Throws {@code IllegalArgumentException} if {@code cores} is out of range. */
    public ReplaySeed {
      Objects.requireNonNull(initialTimestamp, "initialTimestamp");
      Bounds.between(cores, 1, MAX_CORES, "cores");
    }
  }
}
