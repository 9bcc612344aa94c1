package dev.stowage.sim.tool.imports;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.sim.tool.plan.FleetExport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A fleet as its source describes it, in the files of {@code stowage plan}.
 *
 * @param files the files
 * @param warnings a line for each kind of thing that was left out, with its number, and one for
 *     chunks with more copies than their floor
 */
public record Imported(FleetExport files, List<String> warnings) {
  private static final Lineage LINEAGE = Lineage.of(1);

  /** Keeps a copy of the list. */
  public Imported {
    warnings = List.copyOf(warnings);
  }

  static Imported of(ImportedFleet fleet) {
    List<ImportedChunk> chunks =
        fleet.chunks().stream()
            .sorted(Comparator.comparing(ImportedChunk::chunk, Chunk.CANONICAL_ORDER))
            .toList();
    LifecycleConfig config = config(chunks);
    LifecycleState state = state(config, chunks);
    PlacementInput input = input(config, fleet, chunks);
    return new Imported(
        FleetExport.of(state, PlacementPlanner.sticky().plan(input), at -> chunks.get(at).key),
        fleet.warnings());
  }

  /** Returns settings with the floors that the source asks for, and nothing to move. */
  private static LifecycleConfig config(List<ImportedChunk> chunks) {
    WeightPolicy.Builder policy = WeightPolicy.builder();
    Map<String, Integer> floors = new HashMap<>();
    chunks.stream()
        .sorted(Comparator.comparingLong(chunk -> chunk.first))
        .forEach(chunk -> {
          Integer before = floors.put(chunk.key.dataset().value(), chunk.floor());
          if (before == null || before != chunk.floor()) {
            policy.segment(
                chunk.key.dataset(),
                new WeightPolicy.Segment(
                    before == null ? 0 : chunk.first,
                    1,
                    OptionalInt.of(chunk.floor()),
                    Eligibility.ANY));
          }
        });
    PlacementConfig still =
        PlacementConfig.defaults().toBuilder().budget(MovementBudget.ofBytes(0)).build();
    return LifecycleConfig.builder()
        .minReplication(1)
        .placement(still)
        .weights(policy.build())
        .build();
  }

  private static LifecycleState state(LifecycleConfig config, List<ImportedChunk> chunks) {
    FleetRow fleet = LifecycleState.empty(config, LINEAGE).fleetRow();
    LifecycleState.Builder state = LifecycleState.builder(fleet, chunks.size());
    for (int at = 0; at < chunks.size(); at++) {
      Chunk chunk = chunks.get(at).chunk();
      state.chunk(
          new ChunkRow(
              at,
              chunk.key(),
              chunk.range(),
              chunk.sizeBytes(),
              0,
              chunk.eligibility(),
              ChunkState.ADMITTED,
              false,
              new ChunkNumber(LINEAGE, at + 1L),
              false,
              false,
              0,
              0,
              0,
              null,
              List.of(),
              List.of()));
    }
    return state.build();
  }

  private static PlacementInput input(
      LifecycleConfig config, ImportedFleet fleet, List<ImportedChunk> chunks) {
    PlacementInputBuilder input = PlacementInput.builder(config.placement());
    Map<String, Integer> positions = new HashMap<>();
    List<ImportedWorker> workers = new ArrayList<>(fleet.workers());
    workers.sort(Comparator.comparing(worker -> worker.id));
    for (ImportedWorker each : workers) {
      Worker worker = each.worker();
      positions.put(worker.id().value(), input.addWorker(worker));
    }
    for (ImportedChunk chunk : chunks) {
      int at = input.addChunk(KeyHash.of(chunk.key), chunk.size());
      input.set(at, ChunkColumn.FLOOR, chunk.floor());
      input.set(at, ChunkColumn.POOL, input.pool(PoolKey.of(chunk.chunk().eligibility())));
      boolean isReadable =
          chunk.replicas().values().stream().anyMatch(each -> each.holding().isPossessed());
      input.bits(
          at,
          ChunkBits.ESTABLISHED | (isReadable ? ChunkBits.VISIBLE | ChunkBits.ONCE_POSSESSED : 0));
      chunk
          .replicas()
          .forEach((worker, replica) ->
              input.replica(at, positions.getOrDefault(worker, -1), replica.holding().bits()));
    }
    return input.build();
  }
}
