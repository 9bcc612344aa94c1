package dev.stowage.placement;

import dev.stowage.columns.Avalanche;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.placement.input.FlatInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small fleet and its chunks, as plain collections that tests change between plans. */
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

  boolean frozen;

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
    public final Map<Integer, Integer> held = new TreeMap<>();

    Piece(long hash, long size) {
      this.hash = hash;
      this.size = size;
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
      copy.held.putAll(held);
      return copy;
    }
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
    copy.frozen = frozen;
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
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      Piece piece = chunks.get(chunk);
      input.addChunk(piece.hash, piece.size);
      input.weight(chunk, piece.weight).floor(chunk, piece.floor).cap(chunk, piece.cap);
      input.bits(chunk, piece.bits);
      input.admitted(chunk, piece.admitted).recentlyLost(chunk, piece.recentlyLost);
      input.eligibility(chunk, input.eligibility(piece.eligibility));
      for (Map.Entry<Integer, Integer> replica : piece.held.entrySet()) {
        input.replica(chunk, replica.getKey(), replica.getValue());
      }
    }
    for (List<Integer> side : sides) {
      int swap = input.addSwap();
      side.forEach(chunk -> input.newSide(chunk, swap));
    }
    pins.forEach(pin -> input.pin(pin[0], pin[1]));
    bans.forEach(ban -> input.ban(ban[0], ban[1]));
    intents.forEach(intent -> input.intent(intent[0], intent[1], intent[2]));
    scores.forEach(score -> input.score(score[0], score[1], score[2]));
    for (PoolFactor factor : previous) {
      input.previousFactor(
          input.eligibility(factor.eligibility()), factor.weight(), factor.targetMillionths());
    }
    if (frozen) {
      input.freeze();
    }
    return input.build();
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
      Piece piece = chunks.get(chunk);
      piece.held.clear();
      for (int worker : plan.wantedWorkers(chunk)) {
        piece.held.put(worker, HELD);
      }
      if (!piece.held.isEmpty() && (piece.bits & ChunkBits.PINNED) == 0) {
        piece.bits |= SEEN;
      }
    }
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
    long sum = 0;
    for (Piece piece : chunks) {
      sum += piece.held.containsKey(worker) ? piece.size : 0;
    }
    return sum;
  }
}
