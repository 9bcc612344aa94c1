package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/** Coordinates schedulers on one thread; the parent's chain takes their heads after each round. */
public final class Hierarchy {
  /** The most children. */
  public static final int MAX_CHILDREN = 0xFFFF;

  private final EvidenceLog parent;
  private final List<DeterministicScheduler> children;
  private final ChainPoint[] vouched;
  private final CanonicalWriter out = new CanonicalWriter();

  private Hierarchy(EvidenceLog parent, List<DeterministicScheduler> children) {
    this.parent = parent;
    this.children = List.copyOf(children);
    this.vouched =
        this.children.stream().map(child -> child.log().point()).toArray(ChainPoint[]::new);
  }

  /** Creates a coordinator; throws {@code IllegalArgumentException} unless 1 to 65,535 children. */
  public static Hierarchy of(EvidenceLog parent, List<DeterministicScheduler> children) {
    Bounds.between(children.size(), 1, MAX_CHILDREN, "children");
    return new Hierarchy(parent, children);
  }

  /** An event or frame of a child after {@code childRound} completed rounds. */
  public record ChildEvent(long childRound, int child, SchedulerEvent event) {}

  /** A child whose chain has another hash at {@code expected}; zero if the chain is shorter. */
  public record Mismatch(int child, ChainPoint expected, Hash256 found) {}

  /** Runs one round of each child; the results are indexed by child id. */
  public List<RoundResult> runRound() {
    List<RoundResult> results = new ArrayList<>(children.size());
    for (int child = 0; child < children.size(); child++) {
      DeterministicScheduler scheduler = children.get(child);
      results.add(scheduler.runRound());
      ChainPoint point = scheduler.log().point();
      if (!point.equals(vouched[child])) {
        vouched[child] = point;
        out.reset().u16(child).u64(scheduler.round()).u64(point.index()).hash(point.hash());
        parent.append(SchedulerRecords.CHILD_HEAD, out);
      }
    }
    return results;
  }

  /** Returns the children's log entries in memory, by (child round, child id, position). */
  public List<ChildEvent> merged() {
    TreeMap<Long, List<ChildEvent>> byRound = new TreeMap<>();
    for (int child = 0; child < children.size(); child++) {
      addByRound(child, byRound);
    }
    List<ChildEvent> merged = new ArrayList<>();
    byRound.values().forEach(merged::addAll);
    return merged;
  }

  /** Counts rounds by the log's own records, since the front of a log may be trimmed. */
  private void addByRound(int child, TreeMap<Long, List<ChildEvent>> byRound) {
    DeterministicScheduler scheduler = children.get(child);
    List<SchedulerEvent> current = new ArrayList<>();
    for (SchedulerEvent event : ReplayLog.of(scheduler.log()).everything()) {
      current.add(event);
      if (event instanceof SchedulerEvent.RoundEnded ended) {
        add(ended.round(), child, current, byRound);
        current.clear();
      }
    }
    add(scheduler.round(), child, current, byRound);
  }

  private static void add(
      long round, int child, List<SchedulerEvent> events, TreeMap<Long, List<ChildEvent>> byRound) {
    List<ChildEvent> ofRound = byRound.computeIfAbsent(round, first -> new ArrayList<>());
    events.forEach(event -> ofRound.add(new ChildEvent(round, child, event)));
  }

  /** Returns the first child that differs from the heads in the parent's memory, if any. */
  public Optional<Mismatch> verifyChildren() {
    for (EvidenceRecord record : parent.records()) {
      if (record.is(SchedulerRecords.CHILD_HEAD)) {
        Optional<Mismatch> mismatch = check(record.reader());
        if (mismatch.isPresent()) {
          return mismatch;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Mismatch> check(CanonicalReader in) {
    int child = in.u16();
    in.u64();
    ChainPoint expected = new ChainPoint(in.u64(), in.hash());
    in.end();
    if (child >= children.size()) {
      return Optional.of(new Mismatch(child, expected, Hash256.ZERO));
    }
    EvidenceLog log = children.get(child).log();
    if (log.nextIndex() < expected.index()) {
      return Optional.of(new Mismatch(child, expected, Hash256.ZERO));
    }
    try {
      Hash256 found = log.record(expected.index() - 1).hash();
      return found.equals(expected.hash())
          ? Optional.empty()
          : Optional.of(new Mismatch(child, expected, found));
    } catch (NoSuchElementException trimmed) {
      return Optional.empty();
    }
  }
}
