package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.Avalanche;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.input.FlatInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small fleet and its chunks, as plain collections that tests change between plans, and the plain
 * meaning of what each asks for. Shares no code with the planner.
 */
public final class World {
  /** Bits of a replica that is held in every respect. */
  public static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;

  /** Bits of a chunk that portals see. */
  public static final int SEEN =
      ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED;

  public PlacementConfig config = PlacementConfig.builder().saturation(1).build();

  /** The floor and the cap of chunks that are added from here on. */
  public int floor = 1;

  public int cap = WeightPolicy.UNCAPPED;
  public final List<Worker> workers = new ArrayList<>();
  public final List<Piece> chunks = new ArrayList<>();
  final List<int[]> pins = new ArrayList<>();
  final List<int[]> bans = new ArrayList<>();
  final List<int[]> intents = new ArrayList<>();
  final List<int[]> scores = new ArrayList<>();
  final List<Integer> avoided = new ArrayList<>();
  public final List<PoolFactor> previous = new ArrayList<>();

  /** New sides of swaps that are pending. */
  final List<List<Integer>> sides = new ArrayList<>();

  /** Which new side waits for which. */
  final List<int[]> waits = new ArrayList<>();

  boolean frozen;
  long debt;
  boolean holdsDeletions;

  /** Shuffles what has no order before it is told. */
  @Nullable Random shuffle;

  /** One chunk and what is held of it. */
  public static final class Piece {
    final long hash;
    public long size;
    public int weight = 1;
    public int floor = 1;
    public int cap = WeightPolicy.UNCAPPED;
    public int bits;
    long admitted;
    public int recentlyLost;
    public Eligibility eligibility = Eligibility.ANY;
    public DatasetId dataset = DatasetId.of("d");

    /** Whether the planner is told the dataset, so that new_share bounds it. */
    public boolean isShared;

    public final Map<Integer, Integer> held = new TreeMap<>();

    Piece(long hash, long size) {
      this.hash = hash;
      this.size = size;
    }

    PoolKey pool(PlacementConfig config) {
      return PoolKey.of(eligibility, dataset, config);
    }

    long told() {
      return isShared ? KeyHash.of(dataset) : 0;
    }

    Piece copy() {
      Piece copy = new Piece(hash, size);
      copy.weight = weight;
      copy.floor = floor;
      copy.cap = cap;
      copy.bits = bits;
      copy.admitted = admitted;
      copy.recentlyLost = recentlyLost;
      copy.eligibility = eligibility;
      copy.dataset = dataset;
      copy.isShared = isShared;
      copy.held.putAll(held);
      return copy;
    }
  }

  /** Returns a world of active workers with these capacities. */
  public static World of(long... capacities) {
    World world = new World();
    for (long capacity : capacities) {
      world.workers.add(Fleets.worker(world.workers.size(), capacity));
    }
    return world;
  }

  /** Returns a chunk that these hold, and that is seen. */
  public Piece hold(long size, int... holders) {
    Piece piece = chunk(size);
    piece.bits = SEEN;
    for (int holder : holders) {
      piece.held.put(holder, HELD);
    }
    return piece;
  }

  public void alter(int worker, UnaryOperator<Worker> change) {
    workers.set(worker, change.apply(workers.get(worker)));
  }

  public void leave(int worker) {
    alter(worker, it -> it.withStatus(WorkerStatus.LEAVING));
  }

  public void configure(UnaryOperator<PlacementConfig.Builder> change) {
    config = change.apply(config.toBuilder()).build();
  }

  World copy() {
    World copy = new World();
    copy.config = config;
    copy.floor = floor;
    copy.cap = cap;
    copy.workers.addAll(workers);
    chunks.forEach(piece -> copy.chunks.add(piece.copy()));
    copy.pins.addAll(pins);
    copy.bans.addAll(bans);
    copy.intents.addAll(intents);
    copy.scores.addAll(scores);
    copy.avoided.addAll(avoided);
    copy.previous.addAll(previous);
    sides.forEach(side -> copy.sides.add(new ArrayList<>(side)));
    copy.waits.addAll(waits);
    copy.frozen = frozen;
    copy.debt = debt;
    copy.holdsDeletions = holdsDeletions;
    copy.shuffle = shuffle;
    return copy;
  }

  public Piece chunk(long size) {
    Piece piece = new Piece(Avalanche.of(chunks.size() + 1), size);
    piece.floor = floor;
    piece.cap = cap;
    chunks.add(piece);
    return piece;
  }

  /** The input, laid open. */
  public FlatInput flat() {
    return input().flat;
  }

  PlacementInput input() {
    PlacementInputBuilder input = PlacementInput.builder(config);
    workers.forEach(input::addWorker);
    avoided.forEach(input::avoid);
    chunks.forEach(piece -> input.addChunk(piece.hash, piece.size));
    for (int chunk : told(IntStream.range(0, chunks.size()).boxed().toList())) {
      Piece piece = chunks.get(chunk);
      input
          .set(chunk, ChunkColumn.WEIGHT, piece.weight)
          .set(chunk, ChunkColumn.FLOOR, piece.floor)
          .set(chunk, ChunkColumn.CAP, piece.cap);
      input.bits(chunk, piece.bits);
      input
          .set(chunk, ChunkColumn.ADMITTED, piece.admitted)
          .set(chunk, ChunkColumn.RECENTLY_LOST, piece.recentlyLost)
          .set(chunk, ChunkColumn.DATASET, piece.told());
      input.set(chunk, ChunkColumn.POOL, input.pool(piece.pool(config)));
      for (Map.Entry<Integer, Integer> replica : told(piece.held.entrySet())) {
        input.replica(chunk, replica.getKey(), replica.getValue());
      }
    }
    PlanRequest.Builder wishes = PlanRequest.builder();
    for (List<Integer> side : sides) {
      int swap = wishes.addSwap();
      side.forEach(chunk -> wishes.newSide(chunk, swap));
    }
    waits.forEach(wait -> wishes.waitsFor(wait[0], wait[1]));
    wishes.movementDebt(debt, debt);
    told(pins).forEach(pin -> input.pin(pin[0], pin[1]));
    told(bans).forEach(ban -> input.ban(ban[0], ban[1]));
    intents.forEach(intent -> wishes.intent(intent[0], intent[1], intent[2]));
    scores.forEach(score -> wishes.score(score[0], score[1], score[2]));
    for (PoolFactor factor : told(previous)) {
      wishes.previousFactor(input.pool(factor.pool()), factor.weight(), factor.targetMillionths());
    }
    if (frozen) {
      wishes.freeze();
    }
    if (holdsDeletions) {
      wishes.holdDeletions();
    }
    return input.request(wishes.build()).build();
  }

  private <T> List<T> told(Collection<T> all) {
    List<T> told = new ArrayList<>(all);
    if (shuffle != null) {
      Collections.shuffle(told, shuffle);
    }
    return told;
  }

  public PlacementPlan plan() {
    return PlacementPlanner.sticky().plan(input());
  }

  /** The next plan follows on this one. */
  void remember(PlacementPlan plan) {
    previous.clear();
    plan.factors().stream().filter(factor -> !factor.isCapped()).forEach(previous::add);
  }

  /** Every action was carried out, and every drain is over. */
  public void complete(PlacementPlan plan) {
    remember(plan);
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      carryOut(chunks.get(chunk), plan, chunk);
    }
  }

  static void carryOut(Piece piece, PlacementPlan plan, int chunk) {
    piece.held.clear();
    for (int worker : plan.wantedWorkers(chunk)) {
      piece.held.put(worker, HELD);
    }
    if (!piece.held.isEmpty() && (piece.bits & ChunkBits.PINNED) == 0) {
      piece.bits |= SEEN;
    }
  }

  /** Carries out plan after plan until nothing is left to do, and returns the last one. */
  PlacementPlan rest(int mostCycles) {
    PlacementPlan plan = plan();
    for (int cycle = 0; plan.actionCount() > 0; cycle++) {
      assertThat(cycle).as("cycles until nothing changes").isLessThan(mostCycles);
      complete(plan);
      plan = plan();
    }
    return plan;
  }

  /** A worker is gone, with all it held; positions behind it move up. */
  void lose(int worker) {
    workers.remove(worker);
    for (Piece piece : chunks) {
      Map<Integer, Integer> kept = new TreeMap<>();
      piece.held.forEach((holder, bits) -> {
        if (holder != worker) {
          kept.put(holder > worker ? holder - 1 : holder, bits);
        }
      });
      piece.held.clear();
      piece.held.putAll(kept);
    }
  }

  public long footprint(int worker) {
    return on(worker).mapToLong(piece -> piece.size).sum();
  }

  /** Reports whether a worker that may hold a chunk has room for it beside what it holds. */
  boolean fits(Piece piece, int worker) {
    Worker holder = workers.get(worker);
    return footprint(worker) + piece.size <= holder.capacityBytes()
        && on(worker).count() < holder.maxReplicas()
        && piece.eligibility.admits(holder);
  }

  private Stream<Piece> on(int worker) {
    return chunks.stream().filter(piece -> piece.held.containsKey(worker));
  }

  boolean isPinned(int chunk, int worker) {
    return pins.stream().anyMatch(pin -> pin[0] == chunk && pin[1] == worker);
  }

  /** Reports whether a worker takes replicas of a chunk, whatever room it has. */
  boolean takes(int chunk, int worker) {
    return bans.stream().noneMatch(ban -> ban[0] == chunk && ban[1] == worker)
        && !avoided.contains(worker)
        && workers.get(worker).status() == WorkerStatus.ACTIVE
        && chunks.get(chunk).eligibility.admits(workers.get(worker));
  }

  /** Returns the workers that a plan wants a chunk on. */
  Set<Integer> wanted(PlacementPlan plan, int chunk) {
    Set<Integer> wanted = new TreeSet<>();
    IntStream.range(0, workers.size())
        .filter(worker -> plan.wants(chunk, worker))
        .forEach(wanted::add);
    return wanted;
  }

  /**
   * Reports whether the domains of a worker have no more of some workers than they may have of the
   * replicas of a chunk.
   */
  boolean isAllowed(int worker, Set<Integer> holders) {
    Worker known = workers.get(worker);
    return config.maxPerDomain().entrySet().stream()
        .allMatch(limit ->
            holders.stream()
                    .filter(it -> areTogether(workers.get(it), known, limit.getKey()))
                    .count()
                <= limit.getValue());
  }

  /** Reports whether two workers lie in one domain of a level. */
  static boolean areTogether(Worker one, Worker other, int level) {
    String[] path = one.zone().split("/");
    String[] otherPath = other.zone().split("/");
    boolean isDeep = path.length >= level && otherPath.length >= level;
    boolean isZoned = !one.zone().equals(one.id().value());
    return one.id().equals(other.id())
        || (isDeep && isZoned && Arrays.equals(path, 0, level, otherPath, 0, level));
  }

  @Override
  public String toString() {
    return WorldText.of(this);
  }
}
