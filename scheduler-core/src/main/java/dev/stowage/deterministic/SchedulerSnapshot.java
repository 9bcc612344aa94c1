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
 * The state of a scheduler between two rounds. Immutable. {@code ordered} is in key order, {@code
 * stateHash} the SHA-256 of the canonical encoding of the components before it, and {@code point}
 * the place behind the snapshot's record, where the log may be cut.
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

  /** Copies the collections; throws {@code IllegalArgumentException} for an impossible state. */
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
            "ordered task " + each.sequence() + " does not come after " + before.sequence());
      }
      before = each;
    }
  }

  Stream<Task> tasks() {
    return Stream.concat(
        cores.stream().flatMap(core -> core.tasks().stream()),
        ordered.stream().map(OrderedImage::task));
  }

  /** A core: local value, consecutive skips of normal and low tasks, queue from high to low. */
  public record CoreImage(
      Payload local, int normalPassedOver, int lowPassedOver, List<Task> tasks) {
    /** Copies the tasks; throws {@code IllegalArgumentException} if a count is negative. */
    public CoreImage {
      Objects.requireNonNull(local, "local");
      Bounds.atLeast(normalPassedOver, 0, "normal passed over");
      Bounds.atLeast(lowPassedOver, 0, "low passed over");
      tasks = List.copyOf(tasks);
    }
  }

  /** A task that waits for a timestamp: insertion sequence, at least 0, and requested core. */
  public record OrderedImage(Timestamp timestamp, long sequence, OptionalInt core, Task task)
      implements Comparable<OrderedImage> {
    /** Throws {@code IllegalArgumentException} if {@code sequence} is negative. */
    public OrderedImage {
      Objects.requireNonNull(timestamp, "timestamp");
      Objects.requireNonNull(core, "core");
      Objects.requireNonNull(task, "task");
      Bounds.atLeast(sequence, 0, "sequence");
    }

    /** Compares by (timestamp, core, sequence), the order of running; ignores the task. */
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

  /** Returns the head of the chain behind this snapshot. */
  public Hash256 head() {
    return point.hash();
  }

  /** Returns the canonical encoding, which {@link #decode} reads. */
  public byte[] encode() {
    return SnapshotCodec.encode(this);
  }

  /** Decodes bytes; throws {@link EvidenceException.Malformed}, or {@code Mismatch} by format. */
  public static SchedulerSnapshot decode(byte[] bytes) {
    return SnapshotCodec.decode(bytes);
  }

  void requireAt(ChainPoint other) {
    if (!point.equals(other)) {
      throw new IllegalArgumentException(
          "the snapshot continues at " + point + ", the log stands at " + other);
    }
  }
}
