package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.passes.Rebalancer;
import dev.stowage.rebalance.tables.LedChunk;
import dev.stowage.rebalance.tables.WorkerFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A rebalancer with a few workers and chunks, which are told by their names. Ticks are seconds. */
final class SmallRebalancer {
  final ScorerRegistry scorers = new ScorerRegistry();
  final AvoidList avoided = new AvoidList(Duration.ofSeconds(1));
  final Rebalancer rebalancer;
  private final Map<String, Integer> workers = new LinkedHashMap<>();
  private final Map<String, Integer> chunks = new LinkedHashMap<>();
  private final Map<String, List<String>> holders = new LinkedHashMap<>();
  private final Map<String, Long> sizes = new LinkedHashMap<>();

  SmallRebalancer(RebalanceConfig config) {
    this(config, ScoringExecutor.DIRECT);
  }

  SmallRebalancer(RebalanceConfig config, ScoringExecutor executor) {
    rebalancer = new Rebalancer(config, scorers, avoided, Duration.ofSeconds(1), executor);
  }

  static SmallRebalancer of(PlacementScorer scorer) {
    return new SmallRebalancer(RebalanceConfig.defaults()).install(scorer);
  }

  SmallRebalancer install(PlacementScorer scorer) {
    scorers.install(scorer);
    return this;
  }

  /** Workers of 1000 bytes, each in a zone of its own. */
  SmallRebalancer workers(String... names) {
    for (String name : names) {
      worker(Worker.of(WorkerId.of(name), 1_000), 0);
    }
    return this;
  }

  SmallRebalancer worker(Worker worker, long footprint) {
    int position = workers.computeIfAbsent(worker.id().value(), name -> workers.size());
    boolean placeable = worker.status().isPlaceable();
    rebalancer.worker(position, new WorkerFacts(worker, placeable, footprint, Incarnation.of(1)));
    return this;
  }

  SmallRebalancer status(String name, WorkerStatus status) {
    return worker(Worker.of(WorkerId.of(name), 1_000).withStatus(status), 0);
  }

  /** A chunk of 1 byte. */
  SmallRebalancer chunk(String name, String... on) {
    return chunk(name, 1, on);
  }

  SmallRebalancer chunk(String name, long size, String... on) {
    chunks.computeIfAbsent(name, key -> chunks.size());
    sizes.put(name, size);
    holders.put(name, new ArrayList<>(List.of(on)));
    return tell(name, positions(on));
  }

  /** Places a chunk on workers; only the first has the bytes. */
  SmallRebalancer copying(String name, String... on) {
    holders.put(name, new ArrayList<>(List.of(on)));
    return tell(name, positions(on[0]));
  }

  SmallRebalancer tell(String name, int[] possessing) {
    int position = chunks.get(name);
    int[] on = positions(holders.get(name).toArray(String[]::new));
    rebalancer.chunk(
        position,
        new LedChunk(
            ChunkKey.of("d", name),
            number(name),
            sizes.get(name),
            1,
            Eligibility.ANY,
            on,
            possessing,
            new int[0],
            new int[0]));
    return this;
  }

  SmallRebalancer drop(String name) {
    rebalancer.dropChunk(chunks.get(name));
    return this;
  }

  ChunkNumber number(String name) {
    return new ChunkNumber(Lineage.of(7), chunks.get(name) + 1);
  }

  boolean knows(String chunk) {
    return chunks.containsKey(chunk);
  }

  int position(String chunk) {
    return chunks.get(chunk);
  }

  RebalancePass pass(long tick) {
    return rebalancer.pass(Tick.of(tick));
  }

  /** The moves of a pass, as chunk:from-to. */
  List<String> moves(long tick) {
    return words(pass(tick));
  }

  static List<String> words(RebalancePass pass) {
    return pass.moves().stream()
        .map(move -> move.chunk().id() + ":" + move.from() + "-" + move.to())
        .toList();
  }

  /** Every move of a pass is carried out at once: copied, possessed, and the old replica gone. */
  SmallRebalancer carryOut(RebalancePass pass) {
    for (MoveIntent move : pass.moves()) {
      List<String> on = holders.get(move.chunk().id());
      on.remove(move.from().value());
      on.add(move.to().value());
      on.sort(null);
      tell(move.chunk().id(), positions(on.toArray(String[]::new)));
    }
    return this;
  }

  List<String> holders(String chunk) {
    return holders.get(chunk);
  }

  Verdict verdict(String chunk) {
    return explain(chunk).verdict();
  }

  MoveExplanation explain(String chunk) {
    ChunkKey key = ChunkKey.of("d", chunk);
    return rebalancer
        .explain(chunks.getOrDefault(chunk, -1))
        .orElseGet(() -> MoveExplanation.notLed(key));
  }

  private int[] positions(String... names) {
    return Arrays.stream(names).mapToInt(workers::get).toArray();
  }
}
