package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.crew.SharedState;
import dev.stowage.deterministic.crew.SnapshotCodec;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.Hash256;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything a scheduler is between two rounds. A scheduler restored from it goes on exactly as the
 * original did, and the log may be cut behind {@link #point}. Immutable.
 *
 * @param config the configuration
 * @param round rounds completed
 * @param clock the logical clock
 * @param cores the cores, by number
 * @param ordered the tasks that wait for their timestamps, in key order
 * @param nextSequence the insertion sequence that the next ordered task gets
 * @param state the shared state
 * @param stateHash SHA-256 of the canonical encoding of everything above; chained into the log
 * @param point the place in the chain behind the record of this snapshot: its index and head hash
 */
public record SchedulerSnapshot(
    SchedulerConfig config,
    long round,
    Timestamp clock,
    List<CoreImage> cores,
    List<OrderedImage> ordered,
    long nextSequence,
    Map<String, Payload> state,
    Hash256 stateHash,
    ChainPoint point) {

  /**
   * Copies the collections; refuses with {@link IllegalArgumentException} what no scheduler of the
   * configuration can be.
   */
  public SchedulerSnapshot {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(stateHash, "stateHash");
    Objects.requireNonNull(point, "point");
    Bounds.atLeast(round, 0, "round");
    Bounds.atLeast(nextSequence, 0, "next sequence");
    cores = List.copyOf(cores);
    ordered = List.copyOf(ordered);
    state = Collections.unmodifiableMap(new TreeMap<>(state));
    if (cores.size() != config.cores()) {
      throw new IllegalArgumentException(
          "the snapshot has " + cores.size() + " cores, its configuration " + config.cores());
    }
    if (clock.happensBefore(config.initialClock())) {
      throw new IllegalArgumentException(
          "clock is " + clock + "; at least " + config.initialClock() + " is accepted");
    }
    state.keySet().forEach(SharedState::requireName);
    Bounds.between(state.size(), 0, config.stateCapacity(), "names in the state");
    requireQueues(config, cores);
    requireOrdered(config, ordered, nextSequence);
  }

  private static void requireQueues(SchedulerConfig config, List<CoreImage> cores) {
    for (CoreImage core : cores) {
      Bounds.between(core.tasks().size(), 0, config.queueCapacity(), "tasks of a core");
      int level = 0;
      for (Task task : core.tasks()) {
        level = Bounds.between(task.priority().level(), level, 2, "level of the next queued task");
      }
    }
  }

  private static void requireOrdered(
      SchedulerConfig config, List<OrderedImage> ordered, long nextSequence) {
    Bounds.between(ordered.size(), 0, config.orderedCapacity(), "ordered tasks");
    OrderedImage before = null;
    for (OrderedImage each : ordered) {
      Bounds.between(each.core().orElse(0), 0, config.cores() - 1, "core of an ordered task");
      if (each.sequence() >= nextSequence) {
        throw new IllegalArgumentException(
            "sequence is " + each.sequence() + "; less than " + nextSequence + " is accepted");
      }
      if (before != null && before.compareTo(each) >= 0) {
        throw new IllegalArgumentException(
            "ordered task " + each.sequence() + " is not behind " + before.sequence());
      }
      before = each;
    }
  }

  /** Every task that waits, in any queue. */
  Stream<Task> tasks() {
    return Stream.concat(
        cores.stream().flatMap(core -> core.tasks().stream()),
        ordered.stream().map(OrderedImage::task));
  }

  /**
   * One core.
   *
   * @param local its local value
   * @param normalPassedOver how often in a row its normal tasks were passed over, at least 0
   * @param lowPassedOver how often in a row its low tasks were passed over, at least 0
   * @param tasks its queue: high tasks first, then normal, then low, each in order
   */
  public record CoreImage(
      Payload local, int normalPassedOver, int lowPassedOver, List<Task> tasks) {
    /** Copies the tasks; refuses negative counts with {@link IllegalArgumentException}. */
    public CoreImage {
      Objects.requireNonNull(local, "local");
      Bounds.atLeast(normalPassedOver, 0, "normal passed over");
      Bounds.atLeast(lowPassedOver, 0, "low passed over");
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * One task that waits.
   *
   * @param timestamp what it waits for
   * @param sequence its insertion sequence, at least 0
   * @param core the core it asked for, if any
   * @param task the task
   */
  public record OrderedImage(Timestamp timestamp, long sequence, OptionalInt core, Task task)
      implements Comparable<OrderedImage> {
    /** Refuses null and a negative sequence. */
    public OrderedImage {
      Objects.requireNonNull(timestamp, "timestamp");
      Objects.requireNonNull(core, "core");
      Objects.requireNonNull(task, "task");
      Bounds.atLeast(sequence, 0, "sequence");
    }

    /** By (timestamp, core, sequence), the order in which they will run; ignores the task. */
    @Override
    public int compareTo(OrderedImage other) {
      int byTime = timestamp.compareTo(other.timestamp);
      int byCore = Integer.compare(core.orElse(0), other.core.orElse(0));
      if (byTime != 0) {
        return byTime;
      }
      return byCore != 0 ? byCore : Long.compare(sequence, other.sequence);
    }
  }

  /** The head of the chain behind this snapshot. */
  public Hash256 head() {
    return point.hash();
  }

  /** The canonical encoding; {@link #decode} reads it back. */
  public byte[] encode() {
    return SnapshotCodec.encode(this);
  }

  /**
   * The snapshot that {@code bytes} encode.
   *
   * @throws EvidenceException.Malformed if they are no snapshot's canonical encoding, or their
   *     state does not have the hash they state
   * @throws EvidenceException.Mismatch if they are of another format
   */
  public static SchedulerSnapshot decode(byte[] bytes) {
    return SnapshotCodec.decode(bytes);
  }

  /** Refuses a log that does not stand at this snapshot's point. */
  void requireAt(ChainPoint other) {
    if (!point.equals(other)) {
      throw new IllegalArgumentException(
          "the snapshot continues at " + point + ", the log stands at " + other);
    }
  }
}
