package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The example of the page on adopting a fleet: nothing is copied, moved or deleted for it. */
class AdoptingGuideTest {

  private final List<Chunk> existing =
      IntStream.range(0, 12)
          .mapToObj(i -> Chunk.of(key(i), BlockRange.of(i * 10L, i * 10L + 9), 1 << 20))
          .toList();
  private final Map<ChunkKey, ChunkNumber> numbers = new TreeMap<>();

  @Test
  void fleetWithData_isTakenOverAsItLies() {
    Map<WorkerId, List<ChunkKey>> found = new TreeMap<>();
    for (int i = 0; i < 4; i++) {
      found.put(WorkerId.of("old-" + i), new ArrayList<>());
    }
    for (int i = 0; i < 12; i++) { // uneven: what balance would undo
      found.get(WorkerId.of("old-0")).add(key(i));
      found.get(WorkerId.of("old-" + (1 + i % 2))).add(key(i));
    }
    long now = 0;
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).build()) {
      stowage.claim(now);
      Result.Scheduled first = adopt(stowage, found, now);
      stowage.publish(now);

      assertThat(first.deferred()).isEmpty();
      found.forEach((worker, keys) ->
          assertThat(stowage.fleet().slice(worker).orElseThrow().entries())
              .extracting(SliceEntry::key)
              .containsExactlyInAnyOrderElementsOf(keys));
      for (int i = 0; i < 12; i++) {
        Route route =
            stowage.fleet().portalAssignment().route(DatasetId.of("logs"), i * 10L).orElseThrow();
        assertThat(route.workers())
            .containsExactly(WorkerId.of("old-0"), WorkerId.of("old-" + (1 + i % 2)));
      }
      assertThat(stowage.audit()).isEmpty();
    }
  }

  private Result.Scheduled adopt(Stowage stowage, Map<WorkerId, List<ChunkKey>> found, long now) {
    stowage.freeze(now); // no growth and no moves until you allow them

    // in the process that leads: name what exists, and keep the numbers
    for (Result.Item item : stowage.ingest(existing, now).items()) {
      if (item.code() == ResultCode.ACCEPTED) {
        numbers.put(item.key(), item.number());
      }
    }

    // before the first cycle: say who holds what
    for (Map.Entry<WorkerId, List<ChunkKey>> each : found.entrySet()) {
      WorkerId worker = each.getKey();
      stowage.describe(Worker.of(worker, 1L << 30), now);
      Result.Registered life = stowage.register(worker, diskId(worker), now);
      long number = life.lastReport() + 1;
      var report = new ReportHeader(worker, life.incarnation(), life.lineage(), number);
      stowage.inventory(report, each.getValue().stream().map(numbers::get).toList(), now);
    }

    Result.Scheduled first = stowage.schedule(now); // takes the inventories in
    return first;
  }

  private static ChunkKey key(int at) {
    return ChunkKey.of("logs", "day-" + at);
  }

  private static String diskId(WorkerId worker) {
    return "the id on the disk of " + worker;
  }
}
