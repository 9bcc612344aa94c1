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

/**
 * A coordinator of several schedulers. A child knows nothing of the others; after each round the
 * head of every child that did something goes into the parent's chain, in order of child ids, so
 * that the parent's head vouches for all of them. Merged, the children's logs are ordered by (child
 * round, child id), which no timing can change.
 *
 * <p>Belongs to one thread at a time, like its children.
 */
public final class Hierarchy {
  /** Most children. */
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

  /**
   * A coordinator; a child's id is its place in the list.
   *
   * @throws IllegalArgumentException unless there are 1 to {@link #MAX_CHILDREN} children
   */
  public static Hierarchy of(EvidenceLog parent, List<DeterministicScheduler> children) {
    Bounds.between(children.size(), 1, MAX_CHILDREN, "children");
    return new Hierarchy(parent, children);
  }

  /**
   * An event with its place in the merged order.
   *
   * @param childRound rounds that the child had completed before it
   * @param child the child's id
   * @param event the event or frame
   */
  public record ChildEvent(long childRound, int child, SchedulerEvent event) {}

  /**
   * A child whose chain is not the one that the parent vouches for.
   *
   * @param child the child's id
   * @param expected the point of the chain that the parent recorded
   * @param found the hash that the child's chain has there, zero if it does not reach so far
   */
  public record Mismatch(int child, ChainPoint expected, Hash256 found) {}

  /**
   * Runs one round of each child, in order of their ids; the results are in the same order. A child
   * counts as having done something if its log has grown since the last round, idle or not.
   */
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

  /** What the children's logs hold in memory, merged by (child round, child id, position). */
  public List<ChildEvent> merged() {
    TreeMap<Long, List<ChildEvent>> byRound = new TreeMap<>();
    for (int child = 0; child < children.size(); child++) {
      addByRound(child, byRound);
    }
    List<ChildEvent> merged = new ArrayList<>();
    byRound.values().forEach(merged::addAll);
    return merged;
  }

  /** A log says itself which round ended: its front may be trimmed, or another log's. */
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

  /**
   * Holds the children's chains against what the parent's log, as far as it is in memory, says of
   * them; stretches that a child has trimmed are passed over.
   *
   * @return the first child that differs, if any
   */
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
