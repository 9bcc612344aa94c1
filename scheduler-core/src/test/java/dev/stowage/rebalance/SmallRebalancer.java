package dev.stowage.rebalance;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.RowDrafts;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.RebalancePass.MoveIntent;
import dev.stowage.rebalance.passes.Rebalancer;
import dev.stowage.shape.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A rebalancer with a few workers and chunks, which are told by their names. Ticks are seconds. */
final class SmallRebalancer {
  /** The assignment that workers have applied, and one that they have not. */
  private static final long APPLIED = 0;

  private static final long COPYING = 1;

  final ScorerRegistry scorers = new ScorerRegistry();
  final AvoidList avoided = new AvoidList(Duration.ofSeconds(1));
  final Rebalancer rebalancer;
  private final Map<String, WorkerRow> workers = new LinkedHashMap<>();
  private final Map<String, Long> footprints = new HashMap<>();
  private final Map<String, ChunkRow> chunks = new LinkedHashMap<>();
  private final Map<String, List<String>> holders = new HashMap<>();
  private final Map<String, Integer> possessing = new HashMap<>();
  private LifecycleConfig config = RandomStory.quiet().build();
  private @Nullable LifecycleSnapshot built;

  SmallRebalancer(RebalanceConfig config) {
    this(config, PassLimit.NONE);
  }

  SmallRebalancer(RebalanceConfig config, PassLimit limit) {
    rebalancer = new Rebalancer(config, scorers, avoided, Duration.ofSeconds(1), limit);
  }

  static SmallRebalancer of(PlacementScorer scorer) {
    return new SmallRebalancer(RebalanceConfig.defaults()).install(scorer);
  }

  SmallRebalancer install(PlacementScorer scorer) {
    scorers.install(scorer);
    return this;
  }

  SmallRebalancer configured(LifecycleConfig fleet) {
    config = fleet;
    built = null;
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
    String name = worker.id().value();
    WorkerRow known = workers.get(name);
    int position = known == null ? workers.size() : known.position();
    WorkerRow row = RowDrafts.unsummed(position, name);
    workers.put(name, Shape.of(WorkerRow.class).with(row, "description", worker));
    footprints.put(name, footprint);
    built = null;
    return this;
  }

  SmallRebalancer status(String name, WorkerStatus status) {
    return worker(Worker.of(WorkerId.of(name), 1_000).withStatus(status), 0);
  }

  SmallRebalancer newDisk(String name, int incarnation) {
    workers.compute(
        name,
        (key, row) ->
            Shape.of(WorkerRow.class).with(row, "incarnation", Incarnation.of(incarnation)));
    built = null;
    return this;
  }

  /** A chunk of 1 byte. */
  SmallRebalancer chunk(String name, String... on) {
    return chunk(name, 1, on);
  }

  SmallRebalancer chunk(String name, long size, String... on) {
    return put(name, size, Eligibility.ANY, on.length, on);
  }

  /** Places a chunk on workers; only the first has the bytes. */
  SmallRebalancer copying(String name, String... on) {
    return put(name, chunks.get(name).sizeBytes(), Eligibility.ANY, 1, on);
  }

  SmallRebalancer put(
      String name, long size, Eligibility eligibility, int possessed, String... on) {
    ChunkRow known = chunks.get(name);
    int position = known == null ? chunks.size() : known.position();
    ChunkRow row = RowDrafts.chunk(position, "d", 10L * position, size);
    row = Shape.of(ChunkRow.class).with(row, "key", ChunkKey.of("d", name));
    row = Shape.of(ChunkRow.class).with(row, "eligibility", eligibility);
    row = Shape.of(ChunkRow.class).with(row, "number", numberAt(position));
    row = Shape.of(ChunkRow.class).with(row, "established_at", 1);
    chunks.put(name, Shape.of(ChunkRow.class).with(row, "once_possessed", true));
    holders.put(name, new ArrayList<>(List.of(on)));
    possessing.put(name, possessed);
    built = null;
    return this;
  }

  /** Makes a chunk one that nobody decides about. */
  SmallRebalancer drop(String name) {
    chunks.computeIfPresent(
        name, (key, row) -> Shape.of(ChunkRow.class).with(row, "once_possessed", false));
    built = null;
    return this;
  }

  private static ChunkNumber numberAt(int position) {
    return new ChunkNumber(RowDrafts.LINEAGE, position + 1);
  }

  boolean knows(String chunk) {
    return chunks.containsKey(chunk);
  }

  RebalancePass pass(long tick) {
    return rebalancer.pass(fleet(), Tick.of(tick));
  }

  private LifecycleSnapshot fleet() {
    LifecycleSnapshot fleet = built == null ? build() : built;
    built = fleet;
    return fleet;
  }

  /** What else lies on workers is in chunks that nobody ever possessed. */
  private LifecycleSnapshot build() {
    FleetRow fleet = LifecycleState.empty(config, RowDrafts.LINEAGE).fleetRow();
    LifecycleState.Builder state = LifecycleState.builder(fleet, chunks.size());
    workers.values().forEach(state::worker);
    chunks.forEach((name, row) -> {
      state.chunk(row);
      List<String> on = holders.get(name);
      for (int i = 0; i < on.size(); i++) {
        int worker = workers.get(on.get(i)).position();
        state.replica(row.position(), worker, i < possessing.get(name) ? APPLIED : COPYING);
      }
    });
    int filler = 1_000;
    for (Map.Entry<String, Long> each : footprints.entrySet()) {
      if (each.getValue() > 0) {
        state.chunk(RowDrafts.chunk(++filler, "filler", 10L * filler, each.getValue()));
        state.replica(filler, workers.get(each.getKey()).position(), APPLIED);
      }
    }
    return state.build().snapshot();
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
      possessing.put(move.chunk().id(), on.size());
    }
    built = null;
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
    return rebalancer.explain(key).orElseGet(() -> MoveExplanation.notLed(key));
  }

  /** The sampled score of a chunk on a worker, in micro-points. */
  OptionalInt score(String chunk, String worker) {
    return rebalancer.scores(ChunkKey.of("d", chunk)).stream()
        .filter(each -> each.worker().value().equals(worker))
        .mapToInt(Rebalancer.HolderScore::micros)
        .findFirst();
  }
}
