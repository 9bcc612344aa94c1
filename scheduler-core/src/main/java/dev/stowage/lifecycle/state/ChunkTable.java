package dev.stowage.lifecycle.state;

import dev.stowage.columns.FreeList;
import dev.stowage.columns.IntSet;
import dev.stowage.columns.Mix;
import dev.stowage.columns.PositionIndex;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.KeyHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The chunks in flat columns, about 100 bytes each. Reuses the lowest free positions. */
public final class ChunkTable {
  static final byte FREE = -1;
  static final byte MARKED = 1;
  static final byte ONCE_POSSESSED = 2;

  static final byte STALE_ROUTES = 4;

  private static final int ADMITTED = 0;
  private static final int ESTABLISHED = 2;
  private static final int END = 4;
  private static final int FIRST_REPLICA = 6;

  /** The state in the upper bytes, the flags in the lowest. */
  private static final int STATE = 7;

  private static final int FLAGS_MASK = 0xff;

  private @Nullable FactsPage[] pages = new FactsPage[1];
  private final DatasetNames datasets = new DatasetNames();
  private final List<Lineage> lineages = new ArrayList<>();
  private final List<ChunkOrder> orders = new ArrayList<>();
  private final List<Eligibility> eligibilities = new ArrayList<>(List.of(Eligibility.ANY));
  private final List<Long> eligibilityHashes =
      new ArrayList<>(List.of(Eligibility.SHAPE.digest(Eligibility.ANY)));
  private final Map<Eligibility, Integer> eligibilityNumbers =
      new HashMap<>(Map.of(Eligibility.ANY, 0));
  public ChunkFacts facts = new ChunkFacts(pages, datasets.names(), lineages);
  private LiveOrders live = new LiveOrders(() -> facts);
  private PositionIndex byKey = new PositionIndex(this::hashOf);
  private PositionIndex byNumber = new PositionIndex(this::numberHashOf);
  private RowPages rows = new RowPages();
  private final FreeList free = new FreeList();
  private int limit;
  private int count;

  final IntSet slidDatasets = new IntSet();

  /** Freed positions, until the planner was told. */
  public final IntSet vacated = new IntSet();

  private long[] liveVersions = new long[4];

  final Map<Integer, ChunkKey> winners = new HashMap<>();
  public final TreeMap<Integer, List<Long>> losses = new TreeMap<>();

  final Map<Integer, List<WorkerId>> goneNames = new HashMap<>();

  public int limit() {
    return limit;
  }

  public int count() {
    return count;
  }

  public boolean exists(int position) {
    return position >= 0 && position < limit && state(position) != FREE;
  }

  public ChunkState stateOf(int position) {
    return ChunkState.of(state(position));
  }

  int state(int position) {
    return rows.read(position, STATE) >> Byte.SIZE;
  }

  void state(int position, int ordinal) {
    write(position, ordinal, flags(position));
  }

  int flags(int position) {
    return rows.read(position, STATE) & FLAGS_MASK;
  }

  void flags(int position, int bits) {
    write(position, state(position), bits);
  }

  private void write(int position, int state, int flags) {
    boolean wasIn = LiveOrders.isIn(state(position), flags(position));
    boolean isIn = LiveOrders.isIn(state, flags);
    rows.write(position, STATE, (state << Byte.SIZE) | flags);
    if (isIn && !wasIn) {
      live.of(facts.dataset(position)).add(position);
    } else if (wasIn && !isIn) {
      live.of(facts.dataset(position)).remove(position);
    }
  }

  void raise(int position, int flag) {
    flags(position, flags(position) | flag);
  }

  public long admitted(int position) {
    return rows.readLong(position, ADMITTED);
  }

  void admitted(int position, long tick) {
    rows.writeLong(position, ADMITTED, tick);
  }

  long established(int position) {
    return rows.readLong(position, ESTABLISHED);
  }

  void established(int position, long assignment) {
    rows.writeLong(position, ESTABLISHED, assignment);
  }

  public long end(int position) {
    return rows.readLong(position, END);
  }

  void end(int position, long tick) {
    rows.writeLong(position, END, tick);
  }

  public int firstReplica(int position) {
    return rows.read(position, FIRST_REPLICA);
  }

  void firstReplica(int position, int slot) {
    rows.write(position, FIRST_REPLICA, slot);
  }

  public boolean isMarked(int position) {
    return (flags(position) & MARKED) != 0;
  }

  public boolean isLive(int position) {
    return stateOf(position).isLive() && !isMarked(position);
  }

  public boolean isOncePossessed(int position) {
    return (flags(position) & ONCE_POSSESSED) != 0;
  }

  public boolean hasStaleRoutes(int position) {
    return (flags(position) & STALE_ROUTES) != 0;
  }

  public List<WorkerId> goneNames(int position) {
    return goneNames.getOrDefault(position, List.of());
  }

  /** Visits the chunks that {@link #hasStaleRoutes} reports, in no order. */
  public void forEachStale(IntConsumer visitor) {
    goneNames.keySet().forEach(visitor::accept);
  }

  /** Returns the first of two chunks in canonical order. */
  public int firstOf(int left, int right) {
    int of = datasets().get(facts.dataset(left)).compareTo(datasets().get(facts.dataset(right)));
    return (of == 0 ? facts.compare(left, right) : of) <= 0 ? left : right;
  }

  public boolean isEstablished(int position) {
    return established(position) != 0;
  }

  Eligibility eligibilityOf(int position) {
    return eligibilities.get(facts.eligibility(position));
  }

  public int find(ChunkKey key) {
    return byKey.find(KeyHash.of(key), at -> facts.hasKey(at, key));
  }

  public int find(ChunkNumber number) {
    int lineage = lineages.indexOf(number.lineage());
    if (lineage < 0) {
      return -1;
    }
    return byNumber.find(
        numberHash(lineage, number.counter()),
        at -> facts.counter(at) == number.counter() && facts.lineage(at) == lineage);
  }

  public int find(long token, long counter) {
    for (int at = 0; at < lineages.size(); at++) {
      if (lineages.get(at).token() == token) {
        int lineage = at;
        return byNumber.find(
            numberHash(lineage, counter),
            chunk -> facts.counter(chunk) == counter && facts.lineage(chunk) == lineage);
      }
    }
    return -1;
  }

  public int dataset(DatasetId id) {
    return datasets.find(id);
  }

  public List<DatasetId> datasets() {
    return datasets.names();
  }

  public int[] datasetOrder() {
    return datasets.order();
  }

  public ChunkOrder order(int dataset) {
    return orders.get(dataset);
  }

  public ChunkOrder orderOf(int position) {
    return orders.get(facts.dataset(position));
  }

  public ChunkOrder liveOrder(int dataset) {
    return live.of(dataset);
  }

  public ChunkOrder liveOrderOf(int position) {
    return live.of(facts.dataset(position));
  }

  public void forEachCanonically(IntConsumer visitor) {
    for (int dataset : datasets.order()) {
      orders.get(dataset).forEach(visitor);
    }
  }

  public int nextPosition() {
    return free.isEmpty() ? limit : free.peek();
  }

  public void lineage(Lineage token) {
    lineages.add(token);
  }

  void dropLastLineage() {
    lineages.remove(lineages.size() - 1);
  }

  public List<Lineage> lineages() {
    return lineages;
  }

  void noteLive(int position) {
    int dataset = facts.dataset(position);
    if (dataset >= liveVersions.length) {
      liveVersions = Arrays.copyOf(liveVersions, orders.size() * 2);
    }
    liveVersions[dataset]++;
    slidDatasets.add(dataset);
  }

  long liveVersion(int dataset) {
    return dataset < liveVersions.length ? liveVersions[dataset] : 0;
  }

  public void expect(int chunks) {
    byKey = new PositionIndex(this::hashOf, chunks);
    byNumber = new PositionIndex(this::numberHashOf, chunks);
  }

  public void put(ChunkRow row) {
    int position = row.position();
    if (!exists(position)) {
      insert(row);
    }
    noteLive(position);
    state(position, row.state().ordinal());
    flags(position, flagsOf(row));
    admitted(position, row.admittedTick());
    established(position, row.establishedAt());
    end(position, row.endTick());
    putOrRemove(winners, position, row.rejectedBy());
    putOrRemove(losses, position, row.lostTicks().isEmpty() ? null : row.lostTicks());
    putOrRemove(goneNames, position, row.goneNames().isEmpty() ? null : row.goneNames());
    ChunkNumber number = row.number();
    if (number == null) {
      clearNumber(position);
    } else {
      number(position, lineages.indexOf(number.lineage()), number.counter());
    }
  }

  void number(int position, int lineage, long counter) {
    FactsPage page = facts.page(position);
    int at = position & FactsPage.MASK;
    if (page.number[at] == counter && page.lineage[at] == lineage) {
      return;
    }
    clearNumber(position);
    page.number[at] = counter;
    page.lineage[at] = (short) lineage;
    byNumber.add(position, numberHashOf(position));
  }

  void clearNumber(int position) {
    FactsPage page = facts.page(position);
    int at = position & FactsPage.MASK;
    if (page.number[at] != 0) {
      byNumber.remove(position, numberHashOf(position));
      page.number[at] = 0;
      page.lineage[at] = 0;
    }
  }

  void remove(int position) {
    noteLive(position);
    vacated.add(position);
    ChunkOrder order = orderOf(position);
    order.remove(position);
    if (order.size() == 0) {
      datasets.release(facts.dataset(position));
    }
    byKey.remove(position, hashOf(position));
    FactsPage page = facts.page(position);
    if (page.number[position & FactsPage.MASK] != 0) {
      byNumber.remove(position, numberHashOf(position));
    }
    state(position, FREE);
    flags(position, 0);
    winners.remove(position);
    losses.remove(position);
    goneNames.remove(position);
    free.add(position);
    count--;
  }

  public ChunkRow row(int position) {
    List<Long> lost = losses.get(position);
    return new ChunkRow(
        position,
        facts.key(position),
        facts.range(position),
        facts.sizeBytes(position),
        facts.weight(position),
        eligibilityOf(position),
        stateOf(position),
        isMarked(position),
        facts.number(position),
        isOncePossessed(position),
        hasStaleRoutes(position),
        established(position),
        admitted(position),
        end(position),
        winners.get(position),
        lost == null ? List.of() : lost,
        goneNames(position));
  }

  long rowHash(int position) {
    long hash = RowHash.fold(facts.hash(position), facts.first(position));
    hash = RowHash.fold(hash, facts.last(position));
    hash = RowHash.fold(hash, facts.sizeBytes(position));
    hash = RowHash.fold(hash, facts.weight(position));
    hash = RowHash.fold(hash, eligibilityHashes.get(facts.eligibility(position)));
    hash = RowHash.fold(hash, (state(position) << 8) | flags(position));
    hash = RowHash.fold(hash, facts.counter(position));
    hash = RowHash.fold(hash, facts.lineage(position));
    hash = RowHash.fold(hash, established(position));
    hash = RowHash.fold(hash, admitted(position));
    hash = RowHash.fold(hash, end(position));
    if (state(position) == ChunkState.REJECTED.ordinal()) {
      ChunkKey winner = winners.get(position);
      hash = RowHash.fold(hash, winner == null ? 0 : KeyHash.of(winner));
    }
    if (!losses.isEmpty()) {
      for (long tick : losses.getOrDefault(position, List.of())) {
        hash = RowHash.fold(hash, tick);
      }
    }
    if (hasStaleRoutes(position)) {
      for (WorkerId gone : goneNames(position)) {
        hash = RowHash.fold(hash, KeyHash.of(gone));
      }
    }
    return hash;
  }

  public ChunkFacts frozenFacts() {
    return new ChunkFacts(pages.clone(), List.copyOf(datasets.names()), List.copyOf(lineages));
  }

  private void insert(ChunkRow row) {
    int position = row.position();
    byKey.reserve(position);
    int dataset = datasets.intern(row.key().dataset());
    if (dataset == orders.size()) {
      orders.add(new ChunkOrder(() -> facts));
    }
    reserve(position);
    FactsPage page = writablePage(position);
    int at = position & FactsPage.MASK;
    page.id[at] = row.key().id();
    page.dataset[at] = dataset;
    page.first[at] = row.range().first();
    page.last[at] = row.range().last();
    page.size[at] = row.sizeBytes();
    page.hash[at] = KeyHash.of(row.key());
    page.weight[at] = row.weight();
    page.eligibility[at] = intern(row.eligibility());
    page.number[at] = 0;
    page.lineage[at] = 0;
    firstReplica(position, ReplicaTable.NONE);
    state(position, row.state().ordinal());
    orders.get(dataset).add(position);
    byKey.add(position, hashOf(position));
    count++;
  }

  private void reserve(int position) {
    rows.reserve(position);
    while (limit <= position) {
      state(limit, FREE);
      if (limit < position) {
        free.add(limit);
      }
      limit++;
    }
    free.take(position);
  }

  /** Copies a page that a snapshot may share with the former chunk. */
  private FactsPage writablePage(int position) {
    int index = position >>> FactsPage.SHIFT;
    if (index >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(index + 1, pages.length * 2));
      facts = new ChunkFacts(pages, datasets.names(), lineages);
    }
    FactsPage page = pages[index];
    if (page == null) {
      page = new FactsPage();
      pages[index] = page;
    } else if (page.id[position & FactsPage.MASK] != null) {
      page = page.copy();
      pages[index] = page;
    }
    return page;
  }

  private int intern(Eligibility eligibility) {
    Integer known = eligibilityNumbers.get(eligibility);
    if (known != null) {
      return known;
    }
    eligibilityNumbers.put(eligibility, eligibilities.size());
    eligibilities.add(eligibility);
    eligibilityHashes.add(Eligibility.SHAPE.digest(eligibility));
    return eligibilities.size() - 1;
  }

  private long hashOf(int position) {
    return facts.hash(position);
  }

  private long numberHashOf(int position) {
    return numberHash(facts.lineage(position), facts.counter(position));
  }

  private static long numberHash(int lineage, long counter) {
    return Mix.mix(Mix.mix(counter) + lineage);
  }

  private static int flagsOf(ChunkRow row) {
    int bits = (row.marked() ? MARKED : 0) | (row.oncePossessed() ? ONCE_POSSESSED : 0);
    return bits | (row.staleRoutes() ? STALE_ROUTES : 0);
  }

  private static <V> void putOrRemove(Map<Integer, V> map, int position, @Nullable V value) {
    if (value == null) {
      map.remove(position);
    } else {
      map.put(position, value);
    }
  }

  public void forEachChanged(ChunkTable older, IntConsumer visitor) {
    rows.forEachChanged(older.rows, visitor);
    for (int page = 0; page << FactsPage.SHIFT < Math.min(limit, older.limit); page++) {
      FactsPage mine = pages[page];
      FactsPage theirs = older.pages[page];
      if (mine != null && theirs != null) {
        changed(older, page << FactsPage.SHIFT, mine, theirs, visitor);
      }
    }
    if (!goneNames.equals(older.goneNames)) {
      goneNames.forEach((position, names) -> {
        if (!names.equals(older.goneNames.get(position))) {
          visitor.accept(position);
        }
      });
      older.goneNames.keySet().stream()
          .filter(position -> !goneNames.containsKey(position))
          .forEach(visitor::accept);
    }
  }

  private void changed(
      ChunkTable older, int first, FactsPage mine, FactsPage theirs, IntConsumer visitor) {
    boolean isShared = mine.id == theirs.id;
    int end = Math.min(FactsPage.SIZE, Math.min(limit, older.limit) - first);
    for (int at = 0; at < end; at++) {
      boolean isSame =
          mine.number[at] == theirs.number[at] && mine.lineage[at] == theirs.lineage[at];
      if (!isSame || (!isShared && !isAlike(older, mine, theirs, at))) {
        visitor.accept(first + at);
      }
    }
  }

  private boolean isAlike(ChunkTable older, FactsPage mine, FactsPage theirs, int at) {
    return Objects.equals(mine.id[at], theirs.id[at])
        && mine.first[at] == theirs.first[at]
        && mine.last[at] == theirs.last[at]
        && mine.size[at] == theirs.size[at]
        && mine.weight[at] == theirs.weight[at]
        && (mine.id[at] == null
            || (datasets().get(mine.dataset[at]).equals(older.datasets().get(theirs.dataset[at]))
                && eligibilities
                    .get(mine.eligibility[at])
                    .equals(older.eligibilities.get(theirs.eligibility[at]))));
  }

  ChunkTable copy() {
    ChunkTable copy = new ChunkTable();
    copy.pages = new FactsPage[pages.length];
    for (int i = 0; i < pages.length; i++) {
      FactsPage page = pages[i];
      int rows = Math.min(FactsPage.SIZE, limit - (i << FactsPage.SHIFT));
      copy.pages[i] = page == null || rows <= 0 ? null : page.forReading(rows);
    }
    copy.datasets.addAll(datasets);
    copy.lineages.addAll(lineages);
    copy.facts = new ChunkFacts(copy.pages, copy.datasets.names(), copy.lineages);
    for (ChunkOrder order : orders) {
      copy.orders.add(order.copyFor(() -> copy.facts));
    }
    copy.live = live.copyFor(() -> copy.facts);
    copy.eligibilities.clear();
    copy.eligibilities.addAll(eligibilities);
    copy.eligibilityHashes.clear();
    copy.eligibilityHashes.addAll(eligibilityHashes);
    copy.eligibilityNumbers.putAll(eligibilityNumbers);
    copy.byKey = byKey.copyFor(copy::hashOf);
    copy.byNumber = byNumber.copyFor(copy::numberHashOf);
    copy.free.addAll(free);
    copy.limit = limit;
    copy.count = count;
    copy.rows = rows.copy();
    copy.winners.putAll(winners);
    copy.losses.putAll(losses);
    copy.goneNames.putAll(goneNames);
    return copy;
  }
}
