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

/** A decoded scheduler log. Immutable. Records of other packages are kept, but are no events. */
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

  /** Reads the records that a log holds in memory. */
  public static ReplayLog of(EvidenceLog log) {
    List<EvidenceRecord> records = new ArrayList<>();
    log.records().forEach(records::add);
    return new ReplayLog(log.anchor(), records);
  }

  /** Reads records that should form the stretch of {@code anchor}. */
  public static ReplayLog of(Anchor anchor, List<EvidenceRecord> records) {
    return new ReplayLog(Objects.requireNonNull(anchor, "anchor"), records);
  }

  /** Returns every record, frames included. */
  public List<EvidenceRecord> records() {
    return records;
  }

  /** Returns the events of tasks and state, in order, without frames. */
  public List<SchedulerEvent> events() {
    return all.stream().filter(event -> !event.isFrame()).toList();
  }

  /** Returns the calls of the driver, in order. */
  public List<SchedulerEvent> frames() {
    return all.stream().filter(SchedulerEvent::isFrame).toList();
  }

  /** Returns frames and events, in order. */
  public List<SchedulerEvent> everything() {
    return all;
  }

  /** Returns the head of the chain, which is equal for equal logs. */
  public Hash256 integrity() {
    return anchor.head();
  }

  /** Recomputes the chain; a break names the first bad index. */
  public Verification verify() {
    return Verifier.verify(anchor, records);
  }

  /** Returns counts of the events. */
  public ReplayStats stats() {
    return ReplayStats.of(events());
  }

  /** Compares two logs record by record. */
  public static ReplayComparison compareReplays(ReplayLog left, ReplayLog right) {
    return ReplayComparison.of(left.records, right.records);
  }

  /** Counts of events, frames excluded: external inputs are not deterministic; ticks saturate. */
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

    /** Returns deterministic / total, 0 to 1; 1 for an empty log. For display only. */
    public double ratio() {
      return total == 0 ? 1.0 : (double) deterministic / total;
    }
  }
}
