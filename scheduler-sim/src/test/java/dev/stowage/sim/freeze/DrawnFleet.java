package dev.stowage.sim.freeze;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.ChunkDraft;
import dev.stowage.placement.FactorMode;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanRequest;
import dev.stowage.placement.PoolFactor;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.Spread;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * A drawn fleet, to be planned from: as a whole, or by a planner that is fed. Workers and chunks
 * have slots, in canonical order. Not thread-safe.
 */
final class DrawnFleet {
  private static final int[] WEIGHTS = {1, 1, 2, 4, 12, 24};
  private static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;
  private static final int SEEN =
      ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED;

  private final Chance chance;
  private final boolean isLarge;

  /** Whether workers and chunks are so alike that ties decide. */
  private final boolean isAlike;

  private final TreeMap<Integer, Worker> workers = new TreeMap<>();
  private final TreeMap<Integer, Claim> chunks = new TreeMap<>();
  private final TreeSet<Long> pins = new TreeSet<>();
  private final TreeSet<Long> bans = new TreeSet<>();
  private final BitSet avoided = new BitSet();
  private final List<PoolFactor> previous = new ArrayList<>();
  private PlacementConfig config;

  /** Of chunks that are put from here on. */
  private int floor;

  /** What is known of a chunk. */
  private static final class Claim {
    final long hash;
    final long bytes;
    final TreeMap<Integer, Integer> held = new TreeMap<>();
    int weight;
    int floor;
    int bits;
    long admitted;
    int recentlyLost;
    Eligibility eligibility = Eligibility.ANY;

    Claim(long hash, long bytes) {
      this.hash = hash;
      this.bytes = bytes;
    }
  }

  DrawnFleet(long seed) {
    chance = Chance.ofSeed(seed);
    isLarge = seed % 40 == 0;
    isAlike = seed % 3 == 0;
    config = config();
    int fleet = isLarge ? 12 + chance.below(30) : chance.below(10);
    for (int slot = 0; slot < fleet; slot++) {
      putWorker(slot);
    }
    int count = isLarge ? 300 + chance.below(500) : chance.below(40);
    for (int slot = 0; slot < count; slot++) {
      putChunk(slot);
    }
    wish();
  }

  PlacementConfig drawnConfig() {
    return config;
  }

  private PlacementConfig config() {
    MovementBudget budget = MovementBudget.UNLIMITED;
    if (chance.happens(40)) {
      budget = new MovementBudget(bound(300), bound(8), bound(80), bound(80));
    }
    floor = 1 + chance.below(3);
    return PlacementConfig.builder()
        .saturation((50 + chance.below(51)) / 100.0)
        .spread(chance.happens(60) ? Spread.ZONE : Spread.NONE)
        .balanceSlack(chance.below(20) / 100.0)
        .factorMode(chance.happens(30) ? FactorMode.SMOOTH : FactorMode.WHOLE)
        .factorMargin(chance.below(5) / 100.0)
        .budget(budget)
        .build();
  }

  private long bound(int most) {
    return chance.happens(30) ? Long.MAX_VALUE : chance.below(most);
  }

  private void putWorker(int slot) {
    int least = isLarge ? 400 : 10;
    WorkerStatus[] all = {
      WorkerStatus.ACTIVE,
      WorkerStatus.CORDONED,
      WorkerStatus.LEAVING,
      WorkerStatus.SUSPECT,
      WorkerStatus.DEPARTED
    };
    Worker worker =
        Worker.of(
            WorkerId.of(String.format(Locale.ROOT, "w%04d", slot)),
            isAlike ? least + 150 : least + chance.below(200));
    workers.put(
        slot,
        worker
            .withZone("zone-" + (isAlike ? slot : chance.below(4)) % 4)
            .withVersion(new WorkerVersion(isAlike ? 2 : 1 + chance.below(2), 0, 0))
            .withLabels(chance.happens(25) ? Labels.of("ssd") : Labels.NONE)
            .withStatus(
                chance.happens(isAlike ? 95 : 70) ? all[0] : all[chance.below(all.length)]));
  }

  private void putChunk(int slot) {
    Claim claim = new Claim(chance.next(), isAlike ? 10 : bytes());
    claim.weight = WEIGHTS[isAlike ? 0 : chance.below(WEIGHTS.length)];
    claim.floor = chance.happens(20) ? 1 + chance.below(4) : floor;
    claim.admitted = chance.below(3);
    claim.recentlyLost = chance.happens(20) ? chance.below(3) : 0;
    if (chance.happens(20)) {
      claim.eligibility = new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);
    } else if (chance.happens(15)) {
      claim.eligibility = new Eligibility(WorkerVersion.ZERO, Labels.of("ssd"));
    }
    if (chance.happens(65)) {
      claim.bits = chance.happens(80) ? SEEN : ChunkBits.ESTABLISHED;
      claim.bits |= chance.happens(8) ? ChunkBits.PINNED : 0;
      claim.bits |= chance.happens(8) ? ChunkBits.COOLING : 0;
      claim.bits |= chance.happens(8) ? ChunkBits.ENDING : 0;
      workers.keySet().forEach(worker -> hold(claim, worker));
    }
    chunks.put(slot, claim);
  }

  private long bytes() {
    return chance.below(chance.happens(50) ? 10 : 60);
  }

  private void hold(Claim claim, int worker) {
    long used = 0;
    for (Claim each : chunks.values()) {
      used += each.held.containsKey(worker) ? each.bytes : 0;
    }
    boolean hasRoom = used + claim.bytes <= workers.get(worker).capacityBytes();
    if (!chance.happens(isLarge ? 10 : 33) || (!hasRoom && !chance.happens(5))) {
      return;
    }
    int[] states = {
      HELD, HELD, HELD, ReplicaBits.ASSIGNED, ReplicaBits.SUPERSEDED, ReplicaBits.DRAINING
    };
    int bits = states[chance.below(states.length)];
    bits |= chance.happens(70) ? ReplicaBits.POSSESSED : 0;
    bits |= chance.happens(30) ? ReplicaBits.READABLE : 0;
    claim.held.put(worker, chance.happens(5) ? ReplicaBits.GIVEN_UP : bits);
  }

  private void wish() {
    for (int times = chance.below(6);
        times > 0 && !chunks.isEmpty() && !workers.isEmpty();
        times--) {
      long pair = (long) any(chunks) << Integer.SIZE | any(workers);
      TreeSet<Long> wishes = chance.happens(50) ? pins : bans;
      if (!pins.contains(pair) && !bans.contains(pair)) {
        wishes.add(pair);
      }
    }
    if (chance.happens(25) && !workers.isEmpty()) {
      avoided.flip(any(workers));
    }
  }

  private int any(TreeMap<Integer, ?> of) {
    return List.copyOf(of.keySet()).get(chance.below(of.size()));
  }

  // ---- what is asked beyond the state ----

  /**
   * A drawn question: swaps, intents and scores, by slots.
   *
   * @param sides chunk and swap
   * @param intents chunk, from, to
   * @param scores chunk, worker, micro-points
   */
  private record Asked(
      int swaps,
      List<int[]> sides,
      List<int[]> intents,
      List<int[]> scores,
      boolean isFrozen,
      boolean isDeletionHeld,
      long debt) {}

  private Asked asked() {
    int swaps = chance.happens(40) ? 1 + chance.below(3) : 0;
    List<int[]> sides = new ArrayList<>();
    List<int[]> intents = new ArrayList<>();
    List<int[]> scores = new ArrayList<>();
    int scored = chance.below(3) * 40;
    for (Map.Entry<Integer, Claim> each : chunks.entrySet()) {
      if (swaps > 0 && chance.happens(20)) {
        sides.add(new int[] {each.getKey(), chance.below(swaps)});
      }
      for (int worker : each.getValue().held.keySet()) {
        if (chance.happens(scored)) {
          scores.add(new int[] {each.getKey(), worker, chance.below(5) * 250_000});
        }
        int to = any(workers);
        if (chance.happens(3) && to != worker) {
          intents.add(new int[] {each.getKey(), worker, to});
        }
      }
    }
    long debt = chance.happens(20) ? chance.below(60) : 0;
    return new Asked(swaps, sides, intents, scores, chance.happens(8), chance.happens(8), debt);
  }

  // ---- as a whole ----

  /** The whole input, with a drawn question. */
  PlacementInput input() {
    List<Integer> places = List.copyOf(chunks.keySet());
    List<Integer> homes = List.copyOf(workers.keySet());
    Asked asked = asked();
    PlacementInputBuilder input = PlacementInput.builder(config);
    workers.values().forEach(input::addWorker);
    avoided.stream().forEach(slot -> input.avoid(homes.indexOf(slot)));
    for (Claim claim : chunks.values()) {
      int at = input.addChunk(claim.hash, claim.bytes);
      input.weight(at, claim.weight).floor(at, claim.floor).bits(at, claim.bits);
      input.cap(at, WeightPolicy.UNCAPPED);
      input.admitted(at, claim.admitted).recentlyLost(at, claim.recentlyLost);
      input.eligibility(at, input.eligibility(claim.eligibility));
      claim.held.forEach((holder, bits) -> input.replica(at, homes.indexOf(holder), bits));
    }
    pins.forEach(pin -> input.pin(places.indexOf(chunk(pin)), homes.indexOf(worker(pin))));
    bans.forEach(ban -> input.ban(places.indexOf(chunk(ban)), homes.indexOf(worker(ban))));
    for (int swap = 0; swap < asked.swaps(); swap++) {
      input.addSwap();
    }
    asked.sides().forEach(side -> input.newSide(places.indexOf(side[0]), side[1]));
    if (asked.swaps() > 1) {
      input.waitsFor(1, 0);
    }
    for (int[] each : asked.intents()) {
      input.intent(places.indexOf(each[0]), homes.indexOf(each[1]), homes.indexOf(each[2]));
    }
    for (int[] each : asked.scores()) {
      input.score(places.indexOf(each[0]), homes.indexOf(each[1]), each[2]);
    }
    for (PoolFactor each : previous) {
      int constraint = input.eligibility(each.eligibility());
      input.previousFactor(constraint, each.weight(), each.targetMillionths());
    }
    if (asked.isFrozen()) {
      input.freeze();
    }
    if (asked.isDeletionHeld()) {
      input.holdDeletions();
    }
    return input.movementDebt(asked.debt(), asked.debt() / 10).build();
  }

  private static int chunk(long pair) {
    return (int) (pair >>> Integer.SIZE);
  }

  private static int worker(long pair) {
    return (int) pair;
  }

  // ---- by deltas ----

  /** Tells a planner everything, and a drawn question. */
  void feed(WarmPlanner planner) {
    planner.configure(config);
    workers.forEach(planner::worker);
    planner.avoid(avoided);
    chunks.forEach((slot, claim) -> {
      ChunkDraft draft =
          planner
              .chunk(slot, claim.hash, claim.bytes)
              .weight(claim.weight)
              .floor(claim.floor)
              .cap(WeightPolicy.UNCAPPED)
              .bits(claim.bits)
              .admitted(claim.admitted)
              .recentlyLost(claim.recentlyLost)
              .eligibility(planner.eligibility(claim.eligibility));
      claim.held.forEach(draft::replica);
      draft.put();
    });
    pins.forEach(pin -> planner.pin(chunk(pin), worker(pin)));
    bans.forEach(ban -> planner.ban(chunk(ban), worker(ban)));
    PlanRequest.Builder request = PlanRequest.builder();
    Asked asked = asked();
    for (int swap = 0; swap < asked.swaps(); swap++) {
      request.addSwap();
    }
    asked.sides().forEach(side -> request.newSide(side[0], side[1]));
    if (asked.swaps() > 1) {
      request.waitsFor(1, 0);
    }
    asked.intents().forEach(each -> request.intent(each[0], each[1], each[2]));
    asked.scores().forEach(each -> request.score(each[0], each[1], each[2]));
    for (PoolFactor each : previous) {
      int constraint = planner.eligibility(each.eligibility());
      request.previousFactor(constraint, each.weight(), each.targetMillionths());
    }
    if (asked.isFrozen()) {
      request.freeze();
    }
    if (asked.isDeletionHeld()) {
      request.holdDeletions();
    }
    planner.request(request.movementDebt(asked.debt(), asked.debt() / 10).build());
  }

  // ---- what happens between two plans ----

  /** Every action of a plan was carried out; it names workers and chunks by their places. */
  void complete(PlacementPlan plan) {
    List<Integer> homes = List.copyOf(workers.keySet());
    previous.clear();
    previous.addAll(plan.factors());
    int place = 0;
    for (Claim claim : chunks.values()) {
      carryOut(claim, plan.wantedWorkers(place++), homes);
    }
  }

  /** The same with a plan that names them by their slots. */
  void completeFed(PlacementPlan plan) {
    List<Integer> slots = new ArrayList<>();
    for (int slot = 0; slot <= (workers.isEmpty() ? -1 : workers.lastKey()); slot++) {
      slots.add(slot);
    }
    previous.clear();
    previous.addAll(plan.factors());
    chunks.forEach((slot, claim) -> carryOut(claim, plan.wantedWorkers(slot), slots));
  }

  private void carryOut(Claim claim, int[] wanted, List<Integer> homes) {
    if (chance.happens(10)) {
      return;
    }
    claim.held.clear();
    for (int at : wanted) {
      claim.held.put(homes.get(at), HELD);
    }
    if (wanted.length > 0 && (claim.bits & ChunkBits.PINNED) == 0) {
      claim.bits |= SEEN;
    }
  }

  /** Some workers and chunks come, go and change; a planner that is fed is told what goes. */
  void change(WarmPlanner planner) {
    for (int times = 1 + chance.below(6); times > 0; times--) {
      switch (chance.below(8)) {
        case 0 -> putWorker(workers.isEmpty() ? 0 : chance.below(workers.lastKey() + 2));
        case 1 -> {
          if (!workers.isEmpty()) {
            dropWorker(any(workers), planner);
          }
        }
        case 2, 3, 4 -> putChunk(chunks.isEmpty() ? 0 : chance.below(chunks.lastKey() + 4));
        case 5 -> {
          if (!chunks.isEmpty()) {
            int gone = any(chunks);
            forget(pair -> chunk(pair) == gone);
            chunks.remove(gone);
            if (planner.knowsChunk(gone)) {
              planner.dropChunk(gone);
            }
          }
        }
        case 6 -> config = config();
        default -> wish();
      }
    }
  }

  private void dropWorker(int gone, WarmPlanner planner) {
    forget(pair -> worker(pair) == gone);
    workers.remove(gone);
    avoided.clear(gone);
    chunks.values().forEach(claim -> claim.held.remove(gone));
    if (planner.knowsWorker(gone)) {
      planner.dropWorker(gone);
    }
  }

  private void forget(LongPredicate which) {
    for (TreeSet<Long> wishes : List.of(pins, bans)) {
      for (long pair : List.copyOf(wishes)) {
        if (which.test(pair)) {
          wishes.remove(pair);
        }
      }
    }
  }
}
