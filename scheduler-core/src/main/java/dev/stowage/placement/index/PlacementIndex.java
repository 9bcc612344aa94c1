package dev.stowage.placement.index;

import dev.stowage.columns.IntColumn;
import dev.stowage.columns.IntList;
import dev.stowage.columns.WideSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.placement.board.Aims;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Catalogue;
import dev.stowage.placement.board.Judge;
import dev.stowage.placement.board.PlanStart;
import dev.stowage.placement.board.Scan;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.Tally;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.fleet.ClassTable;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.fleet.WeightClass;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.InputChunk;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;
import dev.stowage.placement.input.PoolSums;
import dev.stowage.placement.input.Request;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@code WarmPlanner}. A changed chunk leaves the sums by the rules that added it
 * and is judged again at the next plan, like chunks of changed workers and classes, so a plan
 * starts from lists and sums that match its fleet and factors.
 */
public final class PlacementIndex implements Catalogue {
  /** State bit: the chunk is part of the sums. */
  private static final int JUDGED = 32;

  /** State bit: the chunk waits to be judged. */
  private static final int DIRTY = 64;

  final SlotOrder chunkOrder;
  public final IndexedWorkers workers = new IndexedWorkers();
  final ChunkColumns chunks = new ChunkColumns();
  final ReplicaStore replicas = new ReplicaStore();
  public final Map<PoolKey, Integer> pools = new LinkedHashMap<>();
  private final PoolSums sums = new PoolSums();
  final PairTable pins = new PairTable();
  final PairTable bans = new PairTable();
  public final BitSet live = new BitSet();
  public PlacementConfig config;
  public Request request = Request.NONE;

  /** The targets of each chunk, as of the last plan. */
  private final Aims aims = new Aims(IntColumn.zeros(16), IntColumn.zeros(16));

  private final IntColumn classOf = IntColumn.zeros(16);
  private byte[] state = new byte[16];
  private final ClassTable classes = new ClassTable();
  private final HolderLists holders = new HolderLists(replicas);
  private final ExtremeSize leastSize = ExtremeSize.least();
  private final ExtremeSize largestSize = ExtremeSize.largest();
  private final WideSum totalBytes = new WideSum();
  private final Tally tally = new Tally(16, 1, 16);
  private final WorkList work;
  private final IntList dirty = new IntList();
  private @Nullable Fleet fleet;
  private @Nullable Judge judge;
  private @Nullable Slots slots;
  private boolean fleetChanged = true;

  /** Set if limits of domains changed since chunks were judged. */
  private boolean limitsChanged;

  /** The number of fleets built so far. */
  private int fleetNumber;

  private long[] orderedPins = new long[0];
  private long[] pinsInOrder = new long[0];
  private int @Nullable [] canonical;
  private long version;

  public PlacementIndex(PlacementConfig config, SlotOrder chunkOrder) {
    this.config = config;
    this.chunkOrder = chunkOrder;
    work = new WorkList(chunkOrder);
    pool(PoolKey.ANY);
  }

  /** Returns the number of changes; a plan can look things up only until the next one. */
  @Override
  public long version() {
    return version;
  }

  public void expect(int chunkSlots, int heldReplicas) {
    expectChunks(chunkSlots);
    replicas.expect(heldReplicas);
  }

  public void configure(PlacementConfig replacement) {
    version += config.equals(replacement) ? 0 : 1;
    fleetChanged |= config.spread() != replacement.spread();
    if (!config.maxPerDomain().equals(replacement.maxPerDomain())) {
      fleetChanged = true;
      limitsChanged = true;
    }
    config = replacement;
  }

  public void request(Request replacement) {
    version += request.equals(replacement) ? 0 : 1;
    request = replacement;
  }

  public int pool(PoolKey key) {
    Integer known = pools.get(key);
    if (known == null) {
      known = pools.size();
      pools.put(key, known);
      sums.pool(key);
      fleetChanged = true;
      version++;
    }
    return known;
  }

  public void worker(int slot, Worker worker) {
    Worker before = workers.put(slot, worker);
    if (worker.equals(before)) {
      return;
    }
    holders.expect(slot + 1);
    fleetChanged = true;
    version++;
    if (before != null && !withoutRoom(before).equals(withoutRoom(worker))) {
      reconsiderChunksOf(slot);
    }
  }

  /** Drops capacity and limit, which do not affect how held chunks are judged. */
  private static Worker withoutRoom(Worker worker) {
    return worker.withCapacityBytes(0).withMaxReplicas(Worker.UNLIMITED);
  }

  public void dropWorker(int slot) {
    int count = holders.read(slot);
    for (int i = 0; i < count; i++) {
      takeOff(holders.of(slot)[i], slot);
    }
    holders.clear(slot);
    pins.removeWorker(slot);
    reconsiderBanned();
    bans.removeWorker(slot);
    workers.drop(slot);
    fleetChanged = true;
    version++;
  }

  public void avoid(BitSet slotSet) {
    BitSet turned = workers.avoid(slotSet);
    if (!turned.isEmpty()) {
      turned.stream().filter(slot -> workers.at(slot) != null).forEach(this::reconsiderChunksOf);
      fleetChanged = true;
      version++;
    }
  }

  public boolean put(InputChunk from) {
    int slot = from.slot;
    if (live.get(slot)) {
      if (chunks.is(from) && replicas.is(slot, from.worker, from.flags, from.replicas)) {
        return false;
      }
      dismiss(slot);
      leave(slot);
      sum(slot, -1);
    } else {
      expectChunks(slot + 1);
      live.set(slot);
      canonical = null;
      if ((state[slot] & WorkList.NOTED) != 0) {
        work.misplace();
      }
    }
    noteHolders(from);
    chunks.put(from);
    replicas.replace(slot, from.worker, from.flags, from.replicas);
    sum(slot, 1);
    int number =
        classes.number(
            (int) from.get(ChunkColumn.POOL),
            (int) from.get(ChunkColumn.WEIGHT),
            (int) from.get(ChunkColumn.FLOOR),
            (int) from.get(ChunkColumn.CAP));
    classOf.set(slot, number);
    classes.admit(number, from.size);
    leastSize.add(from.size);
    largestSize.add(from.size);
    totalBytes.add(from.size);
    soil(slot);
    version++;
    return true;
  }

  public void dropChunk(int slot) {
    dismiss(slot);
    leave(slot);
    sum(slot, -1);
    for (int i = replicas.begin(slot); i < replicas.end(slot); i++) {
      holders.remove(replicas.worker(i));
    }
    replicas.clear(slot);
    chunks.remove(slot);
    pins.removeChunk(slot);
    bans.removeChunk(slot);
    live.clear(slot);
    canonical = null;
    version++;
  }

  public void pin(int chunk, int worker) {
    PairSet.refuseBoth(bans.contains(chunk, worker), chunk, worker);
    version += pins.add(chunk, worker) ? 1 : 0;
  }

  public void unpin(int chunk, int worker) {
    version += pins.remove(chunk, worker) ? 1 : 0;
  }

  public void ban(int chunk, int worker) {
    PairSet.refuseBoth(pins.contains(chunk, worker), chunk, worker);
    if (!bans.contains(chunk, worker)) {
      reconsider(chunk);
      bans.add(chunk, worker);
      version++;
    }
  }

  public void unban(int chunk, int worker) {
    if (bans.contains(chunk, worker)) {
      reconsider(chunk);
      bans.remove(chunk, worker);
      version++;
    }
  }

  public PlanStart open() {
    FlatInput input = input();
    Fleet now = currentFleet(input);
    tally.expect(now.count, now.pools.length, classes.classes.size());
    boolean isOther = tally.countCopies(now.isLimited);
    if (isOther || limitsChanged) {
      forget();
    }
    limitsChanged = false;
    ReplicationTargets targets = ReplicationTargets.of(input, now, classOf, classes.classes);
    reconsiderClasses(now, targets);
    Judge fresh = new Judge(input, now, targets, aims);
    fleet = now;
    judge = fresh;
    judgeDirty(fresh);
    holders.tidy();
    Slots former = slots;
    Slots laid =
        former == null
            ? new Slots(input.held, aims.target(), now.present)
            : new Slots(input.held, aims.target(), now.present, former);
    slots = laid;
    Board board = new Board(input, now, laid, aims, this);
    Scan scan = new Scan(board, targets, tally);
    work.list(state, scan);
    return new PlanStart(board, targets, scan);
  }

  private FlatInput input() {
    long[] pinned = pins.sorted();
    return new FlatInput(
        config,
        new FlatInput.Crew(
            workers.snapshot(),
            Arrays.copyOf(workers.order(), workers.count()),
            workers.avoided(),
            List.copyOf(pools.keySet())),
        new FlatInput.Stock(chunks, chunkOrder, replicas.view()),
        new FlatInput.Pairs(pinned, pinsInOrder(pinned), bans.sorted()),
        request.wishes(chunkOrder),
        sums);
  }

  @Override
  public long leastSize() {
    return leastSize.among(chunks);
  }

  @Override
  public long largestSize() {
    return largestSize.among(chunks);
  }

  @Override
  public long totalBytes() {
    return totalBytes.saturated();
  }

  @Override
  public WorkerIndex chunksOn(Slots laid, boolean[] wanted) {
    long asked = 0;
    for (int worker = 0; worker < wanted.length; worker++) {
      asked += wanted[worker] ? holders.read(worker) : 0;
    }
    return asked > replicas.live() / 4
        ? laid.chunksOn(wanted, canonicalChunks())
        : chunksOnFew(laid, wanted);
  }

  private WorkerIndex chunksOnFew(Slots laid, boolean[] wanted) {
    int[] start = new int[wanted.length + 1];
    IntList added = additions(laid, wanted);
    for (int i = 0; i < added.size(); i += 2) {
      start[added.get(i + 1) + 1]++;
    }
    for (int worker = 0; worker < wanted.length; worker++) {
      int held = wanted[worker] ? holders.read(worker) : 0;
      start[worker + 1] += start[worker] + held;
    }
    int[] next = start.clone();
    int[] found = new int[start[wanted.length]];
    for (int i = 0; i < added.size(); i += 2) {
      found[next[added.get(i + 1)]++] = added.get(i);
    }
    for (int worker = 0; worker < wanted.length; worker++) {
      if (wanted[worker]) {
        int held = start[worker + 1] - next[worker];
        System.arraycopy(holders.of(worker), 0, found, next[worker], held);
        Order.canonically(found, start[worker], start[worker + 1], chunkOrder);
      }
    }
    return new WorkerIndex(start, found);
  }

  long[] pinsInOrder(long[] pairs) {
    if (pairs != orderedPins) {
      int[] ranks = workers.ranks();
      orderedPins = pairs;
      pinsInOrder =
          Arrays.stream(pairs)
              .boxed()
              .sorted((one, other) -> comparePairs(one, other, ranks))
              .mapToLong(Long::longValue)
              .toArray();
    }
    return pinsInOrder;
  }

  private int comparePairs(long one, long other, int[] ranks) {
    int chunk = PairSet.chunkOf(one);
    int otherChunk = PairSet.chunkOf(other);
    return chunk == otherChunk
        ? Integer.compare(ranks[PairSet.workerOf(one)], ranks[PairSet.workerOf(other)])
        : chunkOrder.compare(chunk, otherChunk);
  }

  private static IntList additions(Slots laid, boolean[] wanted) {
    IntList added = new IntList();
    for (int i = 0; i < laid.touched.size(); i++) {
      int chunk = laid.touched.get(i);
      for (int slot = laid.begin(chunk); slot < laid.end(chunk); slot++) {
        if ((laid.bits(slot) & Slots.HELD) == 0 && wanted[laid.worker(slot)]) {
          added.add(chunk);
          added.add(laid.worker(slot));
        }
      }
    }
    return added;
  }

  private Fleet currentFleet(FlatInput input) {
    Fleet known = fleet;
    if (known != null && !fleetChanged && known.isMarkedAlike(input)) {
      return known;
    }
    reconsiderBanned();
    fleetChanged = false;
    fleetNumber++;
    Fleet now = new Fleet(input);
    if (known != null && !Arrays.equals(known.bonds, now.bonds)) {
      IntStream.of(known.bonds).forEach(this::reconsiderChunksOf);
      IntStream.of(now.bonds).forEach(this::reconsiderChunksOf);
    }
    return now;
  }

  private void reconsiderClasses(Fleet now, ReplicationTargets targets) {
    List<WeightClass> all = classes.classes;
    int[] turns = new int[all.size()];
    boolean any = false;
    for (int number = 0; number < turns.length; number++) {
      WeightClass each = all.get(number);
      int[] spread = now.spreadWanted(each.floor, each.eligibility);
      if ((now.limits.isAny() && each.mayExceed()) || sums.of(each.eligibility) != null) {
        // Which workers there are, not only how many, decides where a chunk may lie.
        spread = Arrays.copyOf(spread, spread.length + 1);
        spread[spread.length - 1] = fleetNumber;
      }
      turns[number] = each.turn(config.factorMode(), spread);
      any |= turns[number] != WeightClass.SAME;
    }
    if (judgedOf(turns) > live.cardinality() / 2) {
      forget();
      return;
    }
    for (int chunk = live.nextSetBit(0); any && chunk >= 0; chunk = live.nextSetBit(chunk + 1)) {
      int turn = turns[classOf.get(chunk)];
      boolean same =
          turn == WeightClass.SAME
              || (turn == WeightClass.FACTOR && targets.factor(chunk) == aims.target().get(chunk));
      if (!same && (state[chunk] & JUDGED) != 0) {
        reconsider(chunk);
      }
    }
  }

  private long judgedOf(int[] turns) {
    long judged = 0;
    for (int number = 0; number < turns.length; number++) {
      judged += turns[number] == WeightClass.SAME ? 0 : classes.classes.get(number).judged;
    }
    return judged;
  }

  /** Empties the sums, because taking most chunks out one by one costs more. */
  private void forget() {
    tally.clear();
    classes.classes.forEach(each -> each.judged = 0);
    for (int chunk = live.nextSetBit(0); chunk >= 0; chunk = live.nextSetBit(chunk + 1)) {
      state[chunk] = (byte) (state[chunk] & ~(JUDGED | Judge.PLAIN | Judge.MASK));
      soil(chunk);
    }
  }

  private void reconsiderChunksOf(int worker) {
    int count = holders.read(worker);
    for (int i = 0; i < count; i++) {
      reconsider(holders.of(worker)[i]);
    }
  }

  private void reconsiderBanned() {
    for (long ban : bans.sorted()) {
      reconsider(PairSet.chunkOf(ban));
    }
  }

  private void reconsider(int chunk) {
    dismiss(chunk);
    soil(chunk);
  }

  private void dismiss(int chunk) {
    Judge by = judge;
    if (by != null && (state[chunk] & JUDGED) != 0) {
      by.dismiss(chunk, tally, state[chunk]);
      classes.classes.get(classOf.get(chunk)).judged--;
    }
    state[chunk] = (byte) (state[chunk] & ~(JUDGED | Judge.PLAIN | Judge.MASK));
  }

  /** Removes a replica with its worker; the sums of a plain chunk lose only that replica. */
  private void takeOff(int chunk, int worker) {
    PoolSums.Sums of = sums.of(chunks.pool(chunk));
    if (of != null) {
      of.replica(chunks.size[chunk], worker, replicas.bitsOn(chunk, worker), -1);
    }
    Judge by = judge;
    if (by == null || (state[chunk] & Judge.PLAIN) == 0) {
      reconsider(chunk);
      replicas.remove(chunk, worker);
    } else {
      int bits = replicas.bitsOn(chunk, worker);
      replicas.remove(chunk, worker);
      int found = by.lose(chunk, worker, bits, tally, state[chunk]);
      state[chunk] = (byte) ((state[chunk] & ~Judge.MASK) | found);
      work.note(chunk, state);
    }
  }

  private void sum(int chunk, int sign) {
    PoolSums.Sums of = sums.of(chunks.pool(chunk));
    if (of != null) {
      long size = chunks.size[chunk];
      of.chunk(size, chunks.floor(chunk), chunks.weight(chunk), sign);
      for (int i = replicas.begin(chunk); i < replicas.end(chunk); i++) {
        of.replica(size, replicas.worker(i), replicas.bits(i), sign);
      }
    }
  }

  private void soil(int chunk) {
    if ((state[chunk] & DIRTY) == 0) {
      state[chunk] = (byte) (state[chunk] | DIRTY);
      dirty.add(chunk);
    }
  }

  private void judgeDirty(Judge by) {
    for (int i = 0; i < dirty.size(); i++) {
      int chunk = dirty.get(i);
      state[chunk] = (byte) (state[chunk] & ~DIRTY);
      if (live.get(chunk)) {
        state[chunk] = (byte) (state[chunk] | JUDGED | by.admit(chunk, tally));
        classes.classes.get(classOf.get(chunk)).judged++;
        work.note(chunk, state);
      }
    }
    dirty.reuse();
  }

  private void leave(int chunk) {
    long size = chunks.size[chunk];
    classes.dismiss(classOf.get(chunk), size);
    leastSize.remove(size);
    largestSize.remove(size);
    totalBytes.subtractProduct(size, 1);
  }

  private void noteHolders(InputChunk from) {
    int chunk = from.slot;
    for (int i = 0; i < from.replicas; i++) {
      if (!replicas.holds(chunk, from.worker[i])) {
        holders.add(from.worker[i], chunk);
      }
    }
    for (int i = replicas.begin(chunk); i < replicas.end(chunk); i++) {
      if (!from.holds(replicas.worker(i))) {
        holders.remove(replicas.worker(i));
      }
    }
  }

  private void expectChunks(int slotCount) {
    chunks.expect(slotCount);
    int length = chunks.size.length;
    replicas.expectChunks(length);
    if (length > state.length) {
      for (IntColumn each : List.of(aims.target(), aims.goal(), classOf)) {
        each.resize(length);
        each.extend(length);
      }
      state = Arrays.copyOf(state, length);
    }
  }

  @Override
  public FlatInput input(FlatInput planned) {
    return whole();
  }

  /** Returns all that is known, by positions in canonical order. */
  public FlatInput whole() {
    return new IndexInput(this).input();
  }

  @Override
  public int[] canonicalChunks() {
    int[] known = canonical;
    if (known == null) {
      known = live.stream().toArray();
      Order.canonically(known, 0, known.length, chunkOrder);
      canonical = known;
    }
    return known;
  }
}
