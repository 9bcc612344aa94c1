package dev.stowage.lifecycle.planning;

import dev.stowage.columns.IntSet;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.DueChunks;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.SlidSegments;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WishIndex;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanRequest;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.ChunkDraft;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Feeds all changes to a warm planner. Marks stay until fed, because a cycle may be undone. */
final class PlanningFeed {
  private final Tables tables;
  private final WarmPlanner planner;
  private final PlannedOrder order;
  private final LifecycleConfig config;

  private final IntSet pending = new IntSet();
  private final IntSet pendingWorkers = new IntSet();
  private final IntSet rewished = new IntSet();
  private final IntSet feeding = new IntSet();
  private final DueChunks due = new DueChunks();
  private final SlidSegments slid = new SlidSegments();
  private final IntSet stirred = new IntSet();
  private final int coldEnd;
  private int cold;
  private NewChunks newChunks;
  private @Nullable Worker[] fedWorkers = new Worker[0];
  private PlacementConfig fedConfig;
  private WishIndex wishes = WishIndex.NONE;
  private int[] setAside = new int[0];
  private int[] cooling = new int[0];
  private int[] raising = new int[0];
  private long tick = Long.MIN_VALUE;
  private long generation;
  private boolean isTrusted = true;

  /** Creates a feed for an empty planner under the configuration of the rows. */
  PlanningFeed(Tables tables, WarmPlanner planner, PlannedOrder order, PlannedRows rows) {
    newChunks = rows.newChunks();
    this.tables = tables;
    this.planner = planner;
    this.order = order;
    fedConfig = rows.config();
    config = tables.fleet.config();
    planner.expect(tables.chunks.limit(), tables.replicas.count());
    coldEnd = tables.chunks.limit();
    for (int worker = 0; worker < tables.workers.limit(); worker++) {
      pendingWorkers.add(worker);
    }
  }

  /** Makes this feed the one that is told what changes. */
  void takeMarks() {
    tables.chunks.vacated.clear();
    tables.work.unfed.clear();
    tables.work.unfedWorkers.clear();
    tables.work.feeder = this;
  }

  void collect() {
    moveInto(pending, tables.work.unfed);
    moveInto(pendingWorkers, tables.work.unfedWorkers);
  }

  @SuppressWarnings("ReferenceEquality")
  boolean isGood(Tables of, long now) {
    return isTrusted
        && tables == of
        && tables.work.feeder == this
        && config == tables.fleet.config()
        && now >= tick
        && !isSlotReused();
  }

  boolean isReachedBy(PlannedRows rows) {
    return rows.newChunks().reach(newChunks);
  }

  /**
   * Feeds some chunks as they are now, if more than {@code most} are to be fed: whatever changes
   * later is fed again. Returns whether more than {@code most} are left.
   */
  boolean warmUp(PlannedRows rows, int most, long now) {
    collect();
    if (!isCold(most)) {
      return false;
    }
    isTrusted = false;
    generation++;
    tick = now;
    order.facts = tables.chunks.frozenFacts();
    dropVacated();
    configure(rows.config());
    addCooling(rows);
    feedWorkers(rows);
    addRewished();
    addReached(rows);
    if (isFirst()) {
      feeding.clear();
      slid.visitAll(tables, chunk -> {});
    }
    for (int fed = 0; fed < most && cold < coldEnd; fed++) {
      stir(cold);
      feedChunk(cold++, rows);
    }
    for (int fed = 0; fed < most && cold == coldEnd && isCold(most); fed++) {
      int chunk = pending.removeLast();
      stir(chunk);
      feedChunk(chunk, rows);
    }
    addSlid();
    isTrusted = true;
    return isCold(most);
  }

  /** Tells whether all chunks are still to be fed, so that none is to be noted. */
  private boolean isFirst() {
    return cold == 0 && coldEnd > 0;
  }

  private boolean isCold(int most) {
    return coldEnd - cold + pending.size() > most;
  }

  private void addReached(PlannedRows rows) {
    rows.newChunks().forEachBehind(newChunks, feeding::add);
    newChunks = rows.newChunks();
  }

  /** Distrusts the planner until the feeding succeeds. */
  PlanningFeed feed(PlannedRows rows, PlanningAdvice advice, IntSet condemned, long now) {
    isTrusted = false;
    generation++;
    tick = now;
    order.facts = tables.chunks.frozenFacts();
    dropVacated();
    configure(rows.config());
    for (; cold < coldEnd; cold++) {
      feeding.add(cold);
    }
    addReached(rows);
    feeding.addAll(pending.toArray());
    feeding.addAll(tables.work.unfed.toArray());
    due.drainUntil(now, feeding);
    addOutsiders(rows, condemned);
    feedWorkers(rows);
    addRewished();
    for (int i = 0; i < feeding.size(); i++) {
      stir(feeding.member(i));
    }
    addSlid();
    for (int i = 0; i < feeding.size(); i++) {
      feedChunk(feeding.member(i), rows);
    }
    planner.avoid(avoided(advice));
    planner.request(request(advice));
    pending.clear();
    pendingWorkers.clear();
    feeding.clear();
    stirred.clear();
    rewished.clear();
    isTrusted = true;
    return this;
  }

  long generation() {
    return generation;
  }

  WarmPlanner planner() {
    return planner;
  }

  /** Returns the tick until which time alone changes nothing. */
  long goodUntil() {
    return due.next();
  }

  /** Plans the input of a generation; throws {@code IllegalStateException} after another. */
  PlacementPlan plan(long of) {
    if (generation != of || !isTrusted) {
      throw new IllegalStateException(
          "the state was prepared again after this preparation; use the newest");
    }
    isTrusted = false;
    PlacementPlan plan = planner.plan();
    isTrusted = true;
    return plan;
  }

  private void configure(PlacementConfig wanted) {
    if (!wanted.equals(fedConfig)) {
      planner.configure(wanted);
      fedConfig = wanted;
    }
  }

  private boolean isSlotReused() {
    for (int i = 0; i < tables.chunks.vacated.size(); i++) {
      int chunk = tables.chunks.vacated.member(i);
      if (planner.knowsChunk(chunk) && tables.chunks.exists(chunk)) {
        return true;
      }
    }
    return false;
  }

  /** Runs while the facts of removed chunks can still be compared. */
  private void dropVacated() {
    for (int i = 0; i < tables.chunks.vacated.size(); i++) {
      int chunk = tables.chunks.vacated.member(i);
      if (planner.knowsChunk(chunk)) {
        planner.dropChunk(chunk);
      }
    }
    if (tables.work.feeder == this) {
      tables.chunks.vacated.clear();
    }
  }

  /** Adds chunks set aside for this plan or the last one, which no row marks. */
  private void addOutsiders(PlannedRows rows, IntSet condemned) {
    feeding.addAll(setAside);
    setAside = new int[condemned.size()];
    for (int i = 0; i < setAside.length; i++) {
      setAside[i] = tables.replicas.chunk(condemned.member(i));
    }
    feeding.addAll(setAside);
    addCooling(rows);
  }

  private void addCooling(PlannedRows rows) {
    feeding.addAll(cooling);
    cooling = rows.cooling().toArray();
    feeding.addAll(cooling);
    feeding.addAll(raising);
    raising = rows.raising();
    feeding.addAll(raising);
  }

  private void feedWorkers(PlannedRows rows) {
    pendingWorkers.addAll(tables.work.unfedWorkers.toArray());
    for (int i = 0; i < pendingWorkers.size(); i++) {
      feedWorker(pendingWorkers.member(i), rows.worker(pendingWorkers.member(i)));
    }
  }

  private void feedWorker(int position, @Nullable Worker worker) {
    Worker known = position < fedWorkers.length ? fedWorkers[position] : null;
    if (known != null && (worker == null || !worker.id().equals(known.id()))) {
      planner.dropWorker(position);
      fedWorkers[position] = null;
      known = null;
    }
    if (worker == null || worker.equals(known)) {
      return;
    }
    if (known == null && !isFirst()) {
      for (int slot = tables.workers.firstReplica(position);
          slot != ReplicaTable.NONE;
          slot = tables.replicas.nextOfWorker(slot)) {
        feeding.add(tables.replicas.chunk(slot));
      }
      addWishesOn(worker.id());
    }
    planner.worker(position, worker);
    if (position >= fedWorkers.length) {
      fedWorkers = Arrays.copyOf(fedWorkers, tables.workers.limit());
    }
    fedWorkers[position] = worker;
  }

  private void addWishesOn(WorkerId worker) {
    wishes.forEachOn(
        worker,
        tables,
        chunk -> {
          feeding.add(chunk);
          rewished.add(chunk);
        });
  }

  private void addRewished() {
    if (wishes.isOf(tables.fleet.wishes())) {
      return;
    }
    WishIndex former = wishes;
    wishes = new WishIndex(tables.fleet.wishes());
    wishes.forEachDifference(
        former,
        tables,
        chunk -> {
          feeding.add(chunk);
          rewished.add(chunk);
          if (planner.knowsChunk(chunk)) {
            former.forEach(tables.chunks.facts.key(chunk), wish -> take(chunk, wish));
          }
        });
  }

  private void addSlid() {
    for (int dataset : stirred.toArray()) {
      slid.visit(tables, dataset, feeding::add);
    }
  }

  /**
   * Notes the dataset of a chunk, others of which may have slid into another segment, or may until
   * the plan: commands go on between the steps of warming up.
   */
  private void stir(int chunk) {
    if (!config.weights().all().isEmpty() && tables.chunks.exists(chunk)) {
      stirred.add(order.facts.dataset(chunk));
    }
  }

  private void feedChunk(int chunk, PlannedRows rows) {
    if (!rows.isPlanned(chunk)) {
      if (planner.knowsChunk(chunk)) {
        planner.dropChunk(chunk);
      }
      return;
    }
    boolean isNew = !planner.knowsChunk(chunk);
    ChunkFacts facts = order.facts;
    ChunkDraft draft = planner.chunk(chunk, facts.hash(chunk), facts.sizeBytes(chunk));
    draft.bits(rows.chunkBits(chunk));
    for (ChunkColumn each : ChunkColumn.ALL) {
      draft.set(each, rows.value(chunk, each, planner));
    }
    long next = Long.MAX_VALUE;
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = tables.replicas.next(slot)) {
      int worker = tables.replicas.worker(slot);
      if (planner.knowsWorker(worker) && rows.isHeld(slot)) {
        draft.replica(worker, rows.replicaBits(slot));
        next = Math.min(next, rows.nextChange(slot));
      }
    }
    draft.put();
    if (next < Long.MAX_VALUE) {
      due.add(next, chunk);
    }
    if (!wishes.isEmpty() && (isNew || rewished.contains(chunk))) {
      wishes.forEach(facts.key(chunk), wish -> follow(chunk, wish));
    }
  }

  private void follow(int chunk, PlacementWish wish) {
    int worker = known(wish.worker());
    if (worker < 0) {
      return;
    }
    if (wish.kind() == PlacementWish.Kind.PIN) {
      planner.pin(chunk, worker);
    } else {
      planner.ban(chunk, worker);
    }
  }

  private void take(int chunk, PlacementWish wish) {
    int worker = known(wish.worker());
    if (worker < 0) {
      return;
    }
    if (wish.kind() == PlacementWish.Kind.PIN) {
      planner.unpin(chunk, worker);
    } else {
      planner.unban(chunk, worker);
    }
  }

  private BitSet avoided(PlanningAdvice advice) {
    BitSet avoided = new BitSet();
    for (WorkerId id : advice.avoided()) {
      int worker = known(id);
      if (worker >= 0) {
        avoided.set(worker);
      }
    }
    return avoided;
  }

  private PlanRequest request(PlanningAdvice advice) {
    PlanRequest.Builder request = PlanRequest.builder();
    addSwaps(request);
    for (PlanningAdvice.Intent intent : advice.intents()) {
      int chunk = tables.chunks.find(intent.chunk());
      int from = known(intent.from());
      int to = known(intent.to());
      if (planner.knowsChunk(chunk) && from >= 0 && to >= 0) {
        request.intent(chunk, from, to);
      }
    }
    for (PlanningAdvice.Score score : advice.scores()) {
      int chunk = tables.chunks.find(score.chunk());
      int worker = known(score.worker());
      if (planner.knowsChunk(chunk) && worker >= 0) {
        request.score(chunk, worker, score.micros());
      }
    }
    for (WorkerId id : advice.relieved()) {
      int worker = known(id);
      if (worker >= 0) {
        request.relieve(worker);
      }
    }
    FleetRow fleet = tables.fleet;
    for (FleetRow.Factor factor : fleet.factors()) {
      int pool = planner.pool(factor.pool());
      request.previousFactor(pool, factor.weight(), factor.millionths());
    }
    request.movementDebt(fleet.debtBytes(), fleet.debtReplicas());
    if (fleet.frozen()) {
      request.freeze();
    }
    if (fleet.isPaused(tick)) {
      request.holdDeletions();
    }
    return request.build();
  }

  private void addSwaps(PlanRequest.Builder request) {
    Map<Long, Integer> numbers = new HashMap<>();
    List<Long> open = tables.swaps.pending();
    for (long id : open) {
      numbers.put(id, request.addSwap());
    }
    for (long id : open) {
      SwapRow swap = Objects.requireNonNull(tables.swaps.row(id));
      int number = numbers.getOrDefault(id, 0);
      for (ChunkKey key : swap.newChunks()) {
        int chunk = tables.chunks.find(key);
        if (planner.knowsChunk(chunk)) {
          request.newSide(chunk, number);
        }
      }
      for (ChunkKey key : swap.oldChunks()) {
        Integer earlier = numbers.get(tables.swaps.pendingProducing(tables.chunks.find(key)));
        if (earlier != null) {
          request.waitsFor(number, earlier);
        }
      }
    }
  }

  private int known(WorkerId id) {
    int worker = tables.workers.find(id);
    return planner.knowsWorker(worker) ? worker : ReplicaTable.NONE;
  }

  private static void moveInto(IntSet to, IntSet from) {
    for (int i = 0; i < from.size(); i++) {
      to.add(from.member(i));
    }
    from.clear();
  }
}
