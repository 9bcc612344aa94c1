package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet that was imported is put on the books as it lies: nothing is copied for it. */
class AdoptedImportTest {
  private static final String COPIES =
      """
      dataset,chunk_id,size_bytes,worker_id,capacity_bytes,zone,floor
      video,a,64MiB,h1,1GiB,east,2
      video,a,64MiB,h2,1GiB,west,2
      video,b,10MB,h2,1GiB,west,2
      video,b,10MB,h3,1GiB,west,2
      audio,x,1MiB,h1,1GiB,east,1
      """;

  @Test
  void firstCycle_afterAnImport_copiesNothing(@TempDir Path folder) throws BadInputException {
    PlanRunner stowage = new PlanRunner(folder);
    stowage.write("copies.csv", COPIES);
    int code =
        stowage.run(
            List.of("import", "csv", stowage.at("copies.csv"), "--out", stowage.at("fleet")));
    assertThat(code).as(stowage.err()).isZero();
    FleetFolder fleet = FleetFolder.read(folder.resolve("fleet"));

    Map<WorkerId, List<ChunkKey>> held = new HashMap<>();
    fleet.forEachAssigned(
        (chunk, worker) -> held.computeIfAbsent(worker, id -> new ArrayList<>()).add(chunk));
    long now = 0;
    try (Stowage adopted =
        Stowage.builder(MemoryChunkStore.create())
            .config(StowageConfig.defaults().withFleet(fleet.config()))
            .build()) {
      adopted.claim(now);
      Map<ChunkKey, ChunkNumber> numbers = new HashMap<>();
      adopted
          .ingest(fleet.chunks(), now)
          .items()
          .forEach(item -> numbers.put(item.key(), item.number()));
      for (Worker worker : fleet.workers()) {
        adopted.describe(worker, now);
        Result.Registered life = adopted.register(worker.id(), "disk of " + worker.id(), now);
        var report =
            new ReportHeader(
                worker.id(), life.incarnation(), life.lineage(), life.lastReport() + 1);
        List<ChunkKey> keys = held.getOrDefault(worker.id(), List.of());
        adopted.inventory(report, keys.stream().map(numbers::get).toList(), now);
      }
      Result.Scheduled first = adopted.schedule(now);

      assertThat(first.deferred()).isEmpty();
      assertThat(first.shortfalls()).isEmpty();
      assertThat(copied(adopted, fleet, held)).isZero();
      assertThat(adopted.audit()).isEmpty();
    }
  }

  /** Returns the bytes that slices name and their workers do not hold. */
  private static long copied(
      Stowage stowage, FleetFolder fleet, Map<WorkerId, List<ChunkKey>> held) {
    Map<ChunkKey, Long> sizes = new HashMap<>();
    for (Chunk chunk : fleet.chunks()) {
      sizes.put(chunk.key(), chunk.sizeBytes());
    }
    long bytes = 0;
    for (Worker worker : fleet.workers()) {
      List<ChunkKey> keys = held.getOrDefault(worker.id(), List.of());
      for (SliceEntry entry : stowage.fleet().slice(worker.id()).orElseThrow().entries()) {
        bytes += keys.contains(entry.key()) ? 0 : sizes.getOrDefault(entry.key(), 0L);
      }
    }
    return bytes;
  }
}
