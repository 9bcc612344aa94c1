package dev.stowage.deterministic;

import dev.stowage.deterministic.Task.TaskOutcome;
import dev.stowage.evidence.Anchor;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.ReplayComparison;
import dev.stowage.evidence.Verification;
import dev.stowage.evidence.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A scheduler's log read back: its records, decoded, with what they are worth as evidence.
 * Immutable. Records of other packages in the same chain are kept for verifying and comparing, and
 * are no events.
 */
public final class ReplayLog {
  private final Anchor anchor;
  private final List<EvidenceRecord> records;
  private final List<SchedulerEvent> all;

  private ReplayLog(Anchor anchor, List<EvidenceRecord> records) {
    this.anchor = anchor;
    this.records = List.copyOf(records);
    this.all =
        this.records.stream()
            .filter(SchedulerRecords::isEvent)
            .map(SchedulerRecords::decode)
            .toList();
  }

  /** What a log holds in memory now. */
  public static ReplayLog of(EvidenceLog log) {
    List<EvidenceRecord> records = new ArrayList<>();
    log.records().forEach(records::add);
    return new ReplayLog(log.anchor(), records);
  }

  /** These records, which claim to be the stretch of a chain that an anchor describes. */
  public static ReplayLog of(Anchor anchor, List<EvidenceRecord> records) {
    return new ReplayLog(Objects.requireNonNull(anchor, "anchor"), records);
  }

  /** Every record, frames included. */
  public List<EvidenceRecord> records() {
    return records;
  }

  /** The events of tasks and state, in order: everything but frames. */
  public List<SchedulerEvent> events() {
    return all.stream().filter(event -> !event.isFrame()).toList();
  }

  /** The calls of the driver, in order. */
  public List<SchedulerEvent> frames() {
    return all.stream().filter(SchedulerEvent::isFrame).toList();
  }

  /** Frames and events, in order. */
  public List<SchedulerEvent> everything() {
    return all;
  }

  /** The integrity value: the head of the chain. Equal logs have equal values. */
  public Hash256 integrity() {
    return anchor.head();
  }

  /** Recomputes the chain; a break names the first bad index. */
  public Verification verify() {
    return Verifier.verify(anchor, records);
  }

  /** Counts. */
  public ReplayStats stats() {
    return ReplayStats.of(events());
  }

  /** How far two logs agree, record by record. */
  public static ReplayComparison compareReplays(ReplayLog left, ReplayLog right) {
    return ReplayComparison.of(left.records, right.records);
  }

  /**
   * Counts of a log. Frames are not counted: they are calls of the driver, not events.
   *
   * @param total events
   * @param deterministic events that equal inputs imply
   * @param nonDeterministic external inputs
   * @param distinctTasks different task ids
   * @param ticks logical ticks of all outcomes, saturating
   */
  public record ReplayStats(
      long total, long deterministic, long nonDeterministic, long distinctTasks, long ticks) {

    static ReplayStats of(List<SchedulerEvent> events) {
      long deterministic = 0;
      long ticks = 0;
      TreeSet<Long> tasks = new TreeSet<>();
      for (SchedulerEvent event : events) {
        if (event.isDeterministic()) {
          deterministic++;
        }
        if (event instanceof TaskOutcome outcome) {
          ticks = TickBudget.saturatingAdd(ticks, outcome.ticks());
          tasks.add(outcome.taskId());
        } else if (event instanceof SchedulerEvent.TaskEnqueued enqueued) {
          tasks.add(enqueued.task().id());
        } else if (event instanceof SchedulerEvent.TaskRefused refused) {
          tasks.add(refused.task().id());
        }
      }
      long total = events.size();
      return new ReplayStats(total, deterministic, total - deterministic, tasks.size(), ticks);
    }

    /** Deterministic events per event, 0 to 1; 1 when there are none. For display only. */
    public double ratio() {
      return total == 0 ? 1.0 : (double) deterministic / total;
    }
  }
}
