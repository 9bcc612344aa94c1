package dev.stowage.lifecycle.documents;

import dev.stowage.columns.IntSet;
import dev.stowage.columns.PositionIndex;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.ChunkOrder;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerTable;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The visible chunks and the workers to ask for each. Immutable and thread-safe without locks. A
 * lookup by block costs two binary searches; the first lookup by chunk indexes all chunks.
 */
public final class PortalAssignment {
  private final PortalAssignmentId id;
  private final Lineage lineage;
  final long mintedTick;
  private final ChunkFacts facts;
  private final WorkerTable workers;
  private final RoutesPage[] pages;

  /** The visible and the live chunks of each dataset. */
  private final Map<DatasetId, ChunkOrder> orders;

  private volatile @Nullable PositionIndex byKey;

  long ownEntries;

  PortalAssignment(
      Tables tables,
      ChunkFacts facts,
      WorkerTable workers,
      RoutesPage[] pages,
      Map<DatasetId, ChunkOrder> orders) {
    id = PortalAssignmentId.of(tables.fleet.portalAssignment());
    lineage = tables.fleet.lineage();
    mintedTick = tables.fleet.largestTick();
    this.facts = facts;
    this.workers = workers;
    this.pages = pages;
    this.orders = orders;
  }

  PortalAssignment(Tables tables, PortalAssignment same) {
    this(tables, same.facts, same.workers, same.pages, same.orders);
    ownEntries = same.ownEntries;
  }

  /** Returns its id; 0 is the empty assignment before the first. */
  public PortalAssignmentId id() {
    return id;
  }

  /** Returns its lineage; a portal takes the newest assignment of a new lineage whatever its id. */
  public Lineage lineage() {
    return lineage;
  }

  /** Returns the number of routes written for it; it shares the others with earlier assignments. */
  public long ownEntries() {
    return ownEntries;
  }

  /** Returns the visible chunk of a dataset that covers a block, and its workers. */
  public Optional<Route> route(DatasetId dataset, long block) {
    ChunkOrder order = orders.get(Objects.requireNonNull(dataset, "dataset"));
    int chunk = order == null ? -1 : order.firstOverlap(block, block, facts, this::isVisible);
    return chunk < 0 ? Optional.empty() : Optional.of(routeAt(chunk));
  }

  /** Returns a chunk and its workers; empty if it is not visible. */
  public Optional<Route> route(ChunkKey key) {
    Objects.requireNonNull(key, "key");
    int chunk =
        keyIndex()
            .find(
                dev.stowage.placement.PlacementInput.KeyHash.of(key),
                position -> facts.hasKey(position, key));
    return chunk < 0 ? Optional.empty() : Optional.of(routeAt(chunk));
  }

  /** Returns the visible chunks of a dataset, in block order. */
  public List<ChunkKey> visible(DatasetId dataset) {
    Objects.requireNonNull(dataset, "dataset");
    return visibleOf(dataset).mapToObj(facts::key).toList();
  }

  /** Returns every visible chunk, in canonical order. */
  public List<Route> routes() {
    List<Route> all = new ArrayList<>();
    forEachVisible(chunk -> all.add(routeAt(chunk)));
    return all;
  }

  /** Returns the visible chunks without a routed replica, in canonical order. */
  public List<ChunkKey> unavailable() {
    List<ChunkKey> keys = new ArrayList<>();
    forEachVisible(chunk -> {
      if (page(chunk).count(chunk) == 0) {
        keys.add(facts.key(chunk));
      }
    });
    return keys;
  }

  /** Returns the whole assignment as a document; {@link DocumentFormat#write} works without it. */
  public RoutesDocument full() {
    return new RoutesDocument(lineage, id, Optional.empty(), List.of(), routes());
  }

  /** Returns the changes since an older assignment; all routes if its lineage differs. */
  public RoutesDocument deltaSince(PortalAssignment older) {
    Objects.requireNonNull(older, "older");
    if (!older.lineage.equals(lineage)) {
      return full();
    }
    List<ChunkKey> removed = new ArrayList<>();
    IntSet changed = new IntSet();
    int pageCount = Math.max(pages.length, older.pages.length);
    for (int page = 0; page < pageCount; page++) {
      if (pageAt(page) != older.pageAt(page)) {
        compare(older, page, removed, changed);
      }
    }
    List<Integer> put = new ArrayList<>(changed.size());
    for (int chunk : changed.toArray()) {
      put.add(chunk);
    }
    put.sort(this::compareCanonically);
    removed.sort(null);
    return new RoutesDocument(
        lineage, id, Optional.of(older.id), removed, put.stream().map(this::routeAt).toList());
  }

  /** Returns the exact size in bytes as a full {@link DocumentFormat#BINARY} document. */
  public long documentBytes() {
    return tables().size();
  }

  RoutesSource source() {
    BitSet named = new BitSet();
    for (RoutesPage page : pages) {
      for (int worker : page == null ? RoutesPage.EMPTY.worker() : page.worker()) {
        named.set(worker);
      }
    }
    return source(
        zones(named), dataset -> () -> visibleOf(dataset).mapToObj(this::routeAt).iterator());
  }

  DocumentTables tables() {
    EntryTotals totals = new EntryTotals();
    for (int page = 0; page < pages.length; page++) {
      totals.add(pageAt(page).totals(page, facts));
    }
    return DocumentTables.of(source(zones(totals.names), dataset -> List.of())::fields)
        .with(
            totals,
            ordinal -> facts.lineages().get(ordinal),
            position -> workers.entry(position).id().value());
  }

  private List<RoutesSource.Zoned> zones(BitSet named) {
    Map<WorkerId, String> zones = new HashMap<>();
    named.stream()
        .mapToObj(workers::entry)
        .forEach(worker -> zones.put(worker.id(), worker.zoneInRoutes()));
    return RoutesSource.Zoned.sorted(zones);
  }

  private RoutesSource source(
      List<RoutesSource.Zoned> zones, Function<DatasetId, Iterable<Route>> routes) {
    List<Fields.Group<Route>> groups = new ArrayList<>();
    orders.keySet().stream()
        .sorted()
        .forEach(dataset -> {
          int count = (int) visibleOf(dataset).count();
          if (count > 0) {
            groups.add(new Fields.Group<>(dataset, count, routes.apply(dataset)));
          }
        });
    return new RoutesSource(lineage, id, Optional.empty(), zones, List.of(), groups);
  }

  boolean isVisible(int chunk) {
    return page(chunk).isVisible(chunk);
  }

  RoutesPage page(int chunk) {
    return pageAt(chunk >>> RoutesPage.SHIFT);
  }

  RoutesPage[] pages() {
    return pages;
  }

  private void compare(PortalAssignment older, int page, List<ChunkKey> removed, IntSet changed) {
    RoutesPage before = older.pageAt(page);
    RoutesPage after = pageAt(page);
    for (int at = 0; at < RoutesPage.SIZE; at++) {
      int chunk = (page << RoutesPage.SHIFT) + at;
      boolean was = before.isVisible(chunk);
      boolean is = after.isVisible(chunk);
      boolean other = was && is && !isSameChunk(older, chunk);
      if (was && (!is || other)) {
        removed.add(older.facts.key(chunk));
      }
      if (is && (!was || other || !hasSameWorkers(older, before, chunk))) {
        changed.add(chunk);
      }
    }
  }

  private boolean isSameChunk(PortalAssignment older, int chunk) {
    return facts.counter(chunk) == older.facts.counter(chunk)
        && facts.lineage(chunk) == older.facts.lineage(chunk);
  }

  private boolean hasSameWorkers(PortalAssignment older, RoutesPage before, int chunk) {
    if (workers == older.workers) {
      return page(chunk).sameRoutes(chunk, before);
    }
    RoutesPage after = page(chunk);
    int count = after.count(chunk);
    boolean isSame = count == before.count(chunk);
    for (int i = 0; i < count && isSame; i++) {
      WorkerRow now = workers.entry(after.worker()[after.begin(chunk) + i]);
      WorkerRow then = older.workers.entry(before.worker()[before.begin(chunk) + i]);
      isSame = now.id().equals(then.id()) && now.zoneInRoutes().equals(then.zoneInRoutes());
    }
    return isSame;
  }

  private int compareCanonically(int left, int right) {
    int byDataset =
        facts
            .datasets()
            .get(facts.dataset(left))
            .compareTo(facts.datasets().get(facts.dataset(right)));
    return byDataset != 0 ? byDataset : facts.compare(left, right);
  }

  private void forEachVisible(IntConsumer visitor) {
    orders.keySet().stream().sorted().forEach(dataset -> visibleOf(dataset).forEach(visitor));
  }

  private IntStream visibleOf(DatasetId dataset) {
    ChunkOrder order = orders.get(dataset);
    return order == null ? IntStream.empty() : order.stream().filter(this::isVisible);
  }

  private RoutesPage pageAt(int page) {
    return page < pages.length && pages[page] != null ? pages[page] : RoutesPage.EMPTY;
  }

  private Route routeAt(int chunk) {
    RoutesPage page = page(chunk);
    int count = page.count(chunk);
    WorkerId[] named = new WorkerId[count];
    String[] zones = new String[count];
    for (int i = 0; i < count; i++) {
      WorkerRow worker = workers.entry(page.worker()[page.begin(chunk) + i]);
      named[i] = worker.id();
      zones[i] = worker.zoneInRoutes();
    }
    return Route.of(facts, chunk, List.of(named), List.of(zones));
  }

  private PositionIndex keyIndex() {
    PositionIndex index = byKey;
    if (index == null) {
      PositionIndex built = new PositionIndex(facts::hash);
      forEachVisible(chunk -> built.add(chunk, facts.hash(chunk)));
      byKey = built;
      index = built;
    }
    return index;
  }
}
