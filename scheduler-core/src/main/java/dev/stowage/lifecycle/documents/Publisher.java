package dev.stowage.lifecycle.documents;

import static dev.stowage.pressure.PressureSnapshot.PressureBand.HIGH;

import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.ChunkOrder;
import dev.stowage.lifecycle.state.ChunkTable;
import dev.stowage.lifecycle.state.PairList;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Creates assignments from the tables, sharing unchanged parts. Keeps former ones for deltas,
 * within retention, at most {@value #MOST_RETAINED}, and together no larger than about twice the
 * newest.
 */
public final class Publisher {
  /** The most assignments that are kept. */
  public static final int MOST_RETAINED = 64;

  /** The entries that a small fleet may retain whatever its size. */
  private static final long FREE_ENTRIES = 65_536;

  private final Tables tables;
  private volatile WorkerAssignment workers;
  private volatile PortalAssignment portals;
  private List<WorkerAssignment> workerHistory = List.of();
  private List<PortalAssignment> portalHistory = List.of();
  private volatile List<WorkerId> strained = List.of();

  /** All that is published at one moment. */
  public record Shown(
      WorkerAssignment workers,
      PortalAssignment portals,
      RetainedAssignments retained,
      List<WorkerId> strained) {}

  /** Creates the assignments of these tables; publishes nothing. */
  @SuppressWarnings("exports") // made by the state alone
  public Publisher(Tables tables) {
    this.tables = tables;
    ChunkFacts facts = tables.chunks.frozenFacts();
    workers = new WorkerAssignment(tables, facts, new SliceColumns[0]);
    portals =
        new PortalAssignment(tables, facts, tables.workers.copy(), new RoutesPage[0], Map.of());
  }

  /** Returns the newest worker assignment. */
  public WorkerAssignment workers() {
    return workers;
  }

  /** Returns the newest portal assignment. */
  public PortalAssignment portals() {
    return portals;
  }

  /** Returns the workers whose newest band is at least {@code HIGH}, in the order of ids. */
  public List<WorkerId> strained() {
    return strained;
  }

  /** Returns all that is published now. */
  public Shown shown() {
    return new Shown(
        workers, portals, new RetainedAssignments(workerHistory, portalHistory), strained);
  }

  /** Publishes assignments minted by a command and its changes to the headers of slices. */
  public void refresh(ChangeSet changes) {
    noteStrain(changes.workers(), changes.removedWorkers());
    boolean minted = tables.fleet.workerAssignment() != workers.id().value();
    boolean lineage = !tables.fleet.lineage().equals(workers.lineage());
    boolean isHeaderChanged =
        (changes.isChange() && !changes.workers().isEmpty()) || !changes.removedWorkers().isEmpty();
    boolean isPauseChanged = tables.fleet.deleteFromTick() != workers.deleteFromTick();
    if (minted || lineage || isHeaderChanged || isPauseChanged) {
      publishWorkers(minted);
    }
    if (tables.fleet.portalAssignment() != portals.id().value()) {
      publishPortals();
    } else if (!tables.fleet.lineage().equals(portals.lineage())) {
      // Every mirror publishes this under the id, whatever has happened since.
      keepPortals(new PortalAssignment(tables, portals));
    }
  }

  private void noteStrain(List<WorkerRow> rows, List<WorkerRow> removed) {
    removed.forEach(row -> noteStrain(row.id(), false));
    rows.forEach(row -> noteStrain(row.id(), row.pressure().band().compareTo(HIGH) >= 0));
  }

  private void noteStrain(WorkerId worker, boolean is) {
    int at = Collections.binarySearch(strained, worker);
    if (is != at >= 0) {
      List<WorkerId> now = new ArrayList<>(strained);
      if (is) {
        now.add(-at - 1, worker);
      } else {
        now.remove(at);
      }
      strained = List.copyOf(now);
    }
  }

  /** Publishes everything after a load, which noted all chunks and replicas. */
  public void publishAll() {
    workerHistory = List.of();
    portalHistory = List.of();
    publishWorkers(true);
    strained = List.of();
    for (int worker : tables.workers.order()) {
      noteStrain(List.of(tables.workers.entry(worker)), List.of());
    }
    publishPortals();
  }

  /** Continues the assignments of another mirror of these rows; ignores mismatching ones. */
  public void adopt(RetainedAssignments retained) {
    if (!retained.endsWith(workers, portals)) {
      return;
    }
    workerHistory = retained.workers();
    workers = last(workerHistory);
    publishWorkers(false);
    portalHistory = retained.portals();
    portals = last(portalHistory);
  }

  /** Reverts the publications of the last command, before which {@code former} was shown. */
  public void revert(Shown former) {
    workers = former.workers();
    portals = former.portals();
    workerHistory = former.retained().workers();
    portalHistory = former.retained().portals();
    strained = former.strained();
  }

  /** Forgets assignments that were replaced longer ago than their horizon. */
  public void purge() {
    long until = tables.fleet.largestTick() - tables.fleet.config().retention().assignmentTicks();
    if (until >= 0) {
      workerHistory = purged(workerHistory, kept -> kept.mintedTick, until);
      portalHistory = purged(portalHistory, kept -> kept.mintedTick, until);
    }
  }

  private static <A> List<A> purged(
      List<A> history, ToLongFunction<A> mintedTick, long replacedUntil) {
    int gone = 0;
    while (gone + 1 < history.size()
        && mintedTick.applyAsLong(history.get(gone + 1)) <= replacedUntil) {
      gone++;
    }
    return gone == 0 ? history : List.copyOf(history.subList(gone, history.size()));
  }

  private void publishWorkers(boolean withSlices) {
    SliceColumns[] slices = workers.columns();
    long entries = workers.ownEntries;
    if (withSlices) {
      slices = Arrays.copyOf(slices, Math.max(slices.length, tables.workers.limit()));
      entries = updateSlices(slices);
    }
    ChunkFacts facts = withSlices ? tables.chunks.frozenFacts() : workers.facts();
    WorkerAssignment next = new WorkerAssignment(tables, facts, slices);
    next.ownEntries = entries;
    boolean isReplaced = !workerHistory.isEmpty() && last(workerHistory).id().equals(next.id());
    workers = next;
    workerHistory =
        with(workerHistory, isReplaced, next, kept -> kept.ownEntries, tables.replicas.count());
  }

  private long updateSlices(SliceColumns[] slices) {
    long entries = 0;
    long[] pairs = tables.work.pairs.sorted();
    if (pairs.length >= tables.chunks.limit()) {
      tables.work.pairs.clear();
      SliceColumns.writeAll(tables, slices);
      return tables.replicas.count();
    }
    int to;
    for (int from = 0; from < pairs.length; from = to) {
      int worker = PairList.workerOf(pairs[from]);
      to = from;
      while (to < pairs.length && PairList.workerOf(pairs[to]) == worker) {
        to++;
      }
      SliceColumns known = slices[worker];
      known = known == null ? SliceColumns.EMPTY : known;
      slices[worker] = known.updated(tables, pairs, from, to);
      entries += slices[worker].written();
    }
    tables.work.pairs.clear();
    return entries;
  }

  private void publishPortals() {
    IntSet changedPages = new IntSet();
    for (int chunk : tables.work.routes.toArray()) {
      changedPages.add(chunk >>> RoutesPage.SHIFT);
    }
    tables.work.routes.clear();
    RoutesPage[] pages = portals.pages();
    int pageCount = (tables.chunks.limit() + RoutesPage.SIZE - 1) >>> RoutesPage.SHIFT;
    pages = Arrays.copyOf(pages, Math.max(pages.length, pageCount));
    for (int page : changedPages.toArray()) {
      pages[page] = RoutesPage.of(tables, page);
    }
    ChunkTable chunks = tables.chunks.copy();
    Map<DatasetId, ChunkOrder> orders = new HashMap<>();
    for (int dataset : tables.chunks.datasetOrder()) {
      orders.put(chunks.datasets().get(dataset), chunks.liveOrder(dataset));
    }
    PortalAssignment next =
        new PortalAssignment(tables, chunks.facts, tables.workers.copy(), pages, orders);
    next.ownEntries = (long) changedPages.toArray().length << RoutesPage.SHIFT;
    keepPortals(next);
  }

  private void keepPortals(PortalAssignment next) {
    boolean isReplaced = !portalHistory.isEmpty() && last(portalHistory).id().equals(next.id());
    portals = next;
    portalHistory =
        with(portalHistory, isReplaced, next, kept -> kept.ownEntries, tables.chunks.limit());
  }

  private static <A> A last(List<A> history) {
    return history.get(history.size() - 1);
  }

  /**
   * Returns a history with a newest assignment, which may replace the last one, and without the
   * oldest that are too many. Counts for an assignment the entries that its successor wrote.
   */
  private static <A> List<A> with(
      List<A> history, boolean isReplaced, A next, ToLongFunction<A> own, long newest) {
    List<A> all = new ArrayList<>(history.size() + 1);
    all.addAll(isReplaced ? history.subList(0, history.size() - 1) : history);
    all.add(next);
    long kept = 0;
    for (A assignment : all) {
      kept += own.applyAsLong(assignment);
    }
    int gone = 0;
    while (all.size() - gone > MOST_RETAINED
        || (all.size() - gone > 1 && kept > 2 * newest + FREE_ENTRIES)) {
      kept -= own.applyAsLong(all.get(gone++));
    }
    return List.copyOf(all.subList(gone, all.size()));
  }
}
