package dev.stowage.lifecycle.state;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.FreeList;
import dev.stowage.columns.IntSet;
import dev.stowage.columns.Mix;
import dev.stowage.columns.PositionIndex;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

  private static final int ROW_WIDTH = 8;

  private final DatasetNames datasets;
  private final List<Lineage> lineages;

  /** The chunks of each dataset. */
  private final DatasetOrders orders;

  /** The live chunks of each dataset, which hardly overlap, so that conflicts are found at once. */
  private final DatasetOrders live;

  private final RefPages<Demand> demands;
  private final Map<Eligibility, Integer> demandNumbers = new HashMap<>();
  public final ChunkFacts facts;
  private PositionIndex byKey;
  private PositionIndex byNumber;
  private final RowPages rows;

  /** The positions below the limit without a chunk; a fork finds them when it needs one. */
  private @Nullable FreeList free;

  private int limit;
  private int count;

  IntSet slidDatasets = new IntSet();

  /** Freed positions, until the planner was told. */
  public IntSet vacated = new IntSet();

  private long[] liveVersions = new long[4];

  final RefPages<ChunkKey> winners;
  public final RefPages<List<Long>> losses;

  final RefPages<List<WorkerId>> goneNames;

  private @Nullable ChunkTable copied;
  private @Nullable ChunkFacts copiedFacts;

  private record Demand(Eligibility eligibility, long hash) {}

  ChunkTable() {
    datasets = new DatasetNames();
    lineages = new ArrayList<>();
    orders = new DatasetOrders();
    live = new DatasetOrders();
    demands = new RefPages<>();
    rows = new RowPages(ROW_WIDTH);
    winners = new RefPages<>();
    losses = new RefPages<>();
    goneNames = new RefPages<>();
    facts =
        new ChunkFacts(
            new RowPages(ChunkFacts.WIDTH), new RefPages<>(), datasets.names(), lineages);
    byKey = new PositionIndex(this::hashOf);
    byNumber = new PositionIndex(this::numberHashOf);
    intern(Eligibility.ANY);
  }

  /** Creates a copy for reading, without what only a writer needs. */
  private ChunkTable(ChunkTable from) {
    facts = from.frozenFacts();
    copiedFacts = facts;
    datasets = from.datasets.copy();
    lineages = facts.lineages();
    orders = DatasetOrders.of(from.orders.copy());
    live = DatasetOrders.of(from.live.copy());
    demands = from.demands.copy();
    rows = from.rows.copy();
    winners = from.winners.copy();
    losses = from.losses.copy();
    goneNames = from.goneNames.copy();
    byKey = from.byKey.copy();
    byNumber = from.byNumber.copy();
    limit = from.limit;
    count = from.count;
  }

  /** Creates a table to write that shares all pages with a copy. */
  private ChunkTable(ChunkTable copy, DatasetNames datasets) {
    this.datasets = datasets;
    lineages = new ArrayList<>(copy.lineages);
    facts =
        new ChunkFacts(
            copy.facts.rows().fork(), copy.facts.ids().fork(), datasets.names(), lineages);
    orders = copy.orders.fork();
    live = copy.live.fork();
    demands = copy.demands.fork();
    rows = copy.rows.fork();
    winners = copy.winners.fork();
    losses = copy.losses.fork();
    goneNames = copy.goneNames.fork();
    byKey = copy.byKey.fork(this::hashOf);
    byNumber = copy.byNumber.fork(this::numberHashOf);
    limit = copy.limit;
    count = copy.count;
    demands.forEach(number -> demandNumbers.put(demands.at(number).eligibility(), number));
  }

  private FreeList free() {
    FreeList known = free;
    if (known == null) {
      known = new FreeList();
      for (int position = 0; position < limit && count < limit; position++) {
        if (!exists(position)) {
          known.add(position);
        }
      }
      free = known;
    }
    return known;
  }

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
    boolean wasIn = isInLive(state(position), flags(position));
    boolean isIn = isInLive(state, flags);
    rows.write(position, STATE, (state << Byte.SIZE) | flags);
    if (isIn && !wasIn) {
      live.add(position, facts);
    } else if (wasIn && !isIn) {
      live.remove(position, facts);
    }
  }

  private static boolean isInLive(int state, int flags) {
    return state == ChunkState.VISIBLE.ordinal()
        || (state != FREE && (flags & MARKED) == 0 && ChunkState.of(state).isLive());
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

  public void forEachGoneNames(Consumer<List<WorkerId>> visitor) {
    goneNames.forEach(position -> visitor.accept(goneNames.at(position)));
  }

  public List<WorkerId> goneNames(int position) {
    return goneNames.getOr(position, List.of());
  }

  /** Visits the chunks that {@link #hasStaleRoutes} reports, ascending. */
  public void forEachStale(IntConsumer visitor) {
    goneNames.forEach(visitor);
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
    return demands.at(facts.eligibility(position)).eligibility();
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
    return orders.of(dataset);
  }

  public ChunkOrder orderOf(int position) {
    return orders.of(facts.dataset(position));
  }

  public ChunkOrder liveOrder(int dataset) {
    return live.of(dataset);
  }

  public ChunkOrder liveOrderOf(int position) {
    return live.of(facts.dataset(position));
  }

  public void forEachCanonically(IntConsumer visitor) {
    for (int dataset : datasets.order()) {
      orders.of(dataset).forEach(visitor);
    }
  }

  public int nextPosition() {
    return free().isEmpty() ? limit : free().peek();
  }

  public void lineage(Lineage token) {
    lineages.add(token);
    copiedFacts = null;
  }

  public List<Lineage> lineages() {
    return lineages;
  }

  void noteLive(int position) {
    int dataset = facts.dataset(position);
    if (dataset >= liveVersions.length) {
      liveVersions = Arrays.copyOf(liveVersions, (dataset + 1) * 2);
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
    winners.put(position, row.rejectedBy());
    losses.put(position, row.lostTicks().isEmpty() ? null : row.lostTicks());
    goneNames.put(position, row.goneNames().isEmpty() ? null : row.goneNames());
    ChunkNumber number = row.number();
    if (number == null) {
      clearNumber(position);
    } else {
      number(position, lineages.indexOf(number.lineage()), number.counter());
    }
  }

  void number(int position, int lineage, long counter) {
    if (facts.counter(position) == counter && facts.lineage(position) == lineage) {
      return;
    }
    clearNumber(position);
    writeNumber(position, lineage, counter);
    byNumber.add(position, numberHashOf(position));
  }

  void clearNumber(int position) {
    if (facts.counter(position) != 0) {
      byNumber.remove(position, numberHashOf(position));
      writeNumber(position, 0, 0);
    }
  }

  private void writeNumber(int position, int lineage, long counter) {
    facts.rows().writeLong(position, ChunkFacts.NUMBER, counter);
    facts.rows().write(position, ChunkFacts.LINEAGE, lineage);
  }

  void remove(int position) {
    noteLive(position);
    vacated.add(position);
    orders.remove(position, facts);
    if (orderOf(position).size() == 0) {
      datasets.release(facts.dataset(position));
    }
    byKey.remove(position, hashOf(position));
    if (facts.counter(position) != 0) {
      byNumber.remove(position, numberHashOf(position));
    }
    state(position, FREE);
    flags(position, 0);
    winners.remove(position);
    losses.remove(position);
    goneNames.remove(position);
    free().add(position);
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

  public long rowHash(int position) {
    long hash = RowHash.fold(facts.hash(position), facts.first(position));
    hash = RowHash.fold(hash, facts.last(position));
    hash = RowHash.fold(hash, facts.sizeBytes(position));
    hash = RowHash.fold(hash, facts.weight(position));
    hash = RowHash.fold(hash, demands.at(facts.eligibility(position)).hash());
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
      for (long tick : losses.getOr(position, List.of())) {
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

  /** Reports whether a chunk differs from a former copy in its first assignment only. */
  boolean isFirstNamedOnly(int position, ChunkTable before) {
    return before.established(position) == 0
        && established(position) != 0
        && rows.read(position, STATE) == before.rows.read(position, STATE)
        && admitted(position) == before.admitted(position)
        && end(position) == before.end(position)
        && facts.counter(position) == before.facts.counter(position)
        && facts.lineage(position) == before.facts.lineage(position)
        && losses.get(position) == before.losses.get(position)
        && goneNames.get(position) == before.goneNames.get(position);
  }

  /** Returns the facts of now for any thread: the former ones if they still hold. */
  public ChunkFacts frozenFacts() {
    ChunkFacts known = copiedFacts;
    RowPages copy = facts.rows().copy();
    RefPages<String> ids = facts.ids().copy();
    List<DatasetId> names = datasets.copy().names();
    if (known == null || known.rows() != copy || known.ids() != ids || known.datasets() != names) {
      known = new ChunkFacts(copy, ids, names, List.copyOf(lineages));
      copiedFacts = known;
    }
    return known;
  }

  private void insert(ChunkRow row) {
    int position = row.position();
    byKey.reserve(position);
    int dataset = datasets.intern(row.key().dataset());
    reserve(position);
    RowPages to = facts.rows();
    facts.ids().put(position, row.key().id());
    to.writeLong(position, ChunkFacts.FIRST, row.range().first());
    to.writeLong(position, ChunkFacts.LAST, row.range().last());
    to.writeLong(position, ChunkFacts.SIZE, row.sizeBytes());
    to.writeLong(position, ChunkFacts.HASH, KeyHash.of(row.key()));
    to.write(position, ChunkFacts.DATASET, dataset);
    to.write(position, ChunkFacts.WEIGHT, row.weight());
    to.write(position, ChunkFacts.ELIGIBILITY, intern(row.eligibility()));
    writeNumber(position, 0, 0);
    firstReplica(position, ReplicaTable.NONE);
    state(position, row.state().ordinal());
    orders.add(position, facts);
    byKey.add(position, hashOf(position));
    count++;
  }

  private void reserve(int position) {
    FreeList unused = free();
    rows.reserve(position);
    facts.rows().reserve(position);
    while (limit <= position) {
      state(limit, FREE);
      if (limit < position) {
        unused.add(limit);
      }
      limit++;
    }
    unused.take(position);
  }

  private int intern(Eligibility eligibility) {
    Integer known = demandNumbers.get(eligibility);
    if (known != null) {
      return known;
    }
    int number = demandNumbers.size();
    demandNumbers.put(eligibility, number);
    demands.put(number, new Demand(eligibility, Shape.of(Eligibility.class).digest(eligibility)));
    return number;
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

  public void forEachChanged(ChunkTable older, IntConsumer visitor) {
    rows.forEachChanged(older.rows, visitor);
    facts.rows().forEachChanged(older.facts.rows(), visitor);
    IntSet renumbered = new IntSet();
    demands.forEachChanged(older.demands, renumbered::add);
    for (int position = 0; position < limit && renumbered.size() > 0; position++) {
      if (renumbered.contains(facts.eligibility(position))) {
        visitor.accept(position);
      }
    }
    goneNames.forEachChanged(older.goneNames, visitor);
  }

  /** Returns a table to write that shares all pages with this copy. */
  ChunkTable fork() {
    return new ChunkTable(this, datasets.fork());
  }

  /** Returns a table with the rows of a former copy, and with what the planner was not told. */
  ChunkTable backTo(ChunkTable copy, IntSet touched) {
    if (copy == copied && copy.isStill(this)) {
      return this;
    }
    ChunkTable back = new ChunkTable(copy, datasets.backTo(copy.datasets));
    for (int i = 0; i < touched.size(); i++) {
      int chunk = touched.member(i);
      noteLive(chunk);
      boolean wasThere = copy.exists(chunk);
      if (!wasThere) {
        vacated.add(chunk);
      }
      if (free != null && !wasThere && chunk < copy.limit) {
        free.add(chunk);
      } else if (free != null) {
        free.take(chunk);
      }
    }
    for (int dataset : slidDatasets.toArray()) {
      if (back.datasets.isUnknown(dataset)) {
        slidDatasets.remove(dataset);
      }
    }
    back.free = free;
    back.vacated = vacated;
    back.slidDatasets = slidDatasets;
    back.liveVersions = liveVersions;
    return back;
  }

  /** Returns a copy for reading: the former one if nothing was written since. */
  public ChunkTable copy() {
    ChunkTable known = copied;
    if (known == null || !known.isStill(this)) {
      known = new ChunkTable(this);
      copied = known;
    }
    return known;
  }

  private boolean isStill(ChunkTable now) {
    return rows == now.rows.copy()
        && facts == now.frozenFacts()
        && orders.isCopyOf(now.orders)
        && live.isCopyOf(now.live)
        && byKey == now.byKey.copy()
        && byNumber == now.byNumber.copy()
        && winners == now.winners.copy()
        && losses == now.losses.copy()
        && goneNames == now.goneNames.copy()
        && limit == now.limit
        && count == now.count;
  }
}
