package dev.stowage.storage.memory;

import dev.stowage.Stowage;
import dev.stowage.command.ReportHeader;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;

/** The example of the README; its imports, and the one of the store, are part of the page. */
final class EmbeddingExample {
  private EmbeddingExample() {}

  static Route run() {
    Route route;
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).build()) {
      long now = 0; // nanoseconds since an epoch of your choice: Stowage reads no clock
      stowage.claim(now); // this process leads the fleet; others may follow

      var reports = new ArrayList<ReportHeader>();
      for (String name : List.of("mirror-1", "mirror-2", "mirror-3")) {
        var worker = WorkerId.of(name);
        stowage.describe(Worker.of(worker, 1L << 30), now);
        var life = stowage.register(worker, "the id on the disk of " + name, now);
        reports.add(new ReportHeader(worker, life.incarnation(), life.lineage(), 1));
      }

      var chunk = Chunk.of(ChunkKey.of("logs", "2026-11-20"), BlockRange.of(0, 99), 1 << 20);
      stowage.ingest(List.of(chunk), now); // accepted, duplicate, overlap, ...
      stowage.schedule(now); // decides who shall hold it

      for (ReportHeader report : reports) {
        var slice = stowage.fleet().slice(report.worker()).orElseThrow();
        // here the worker deletes what the slice does not name, and downloads what it does
        stowage.applied(report, slice.id(), List.of(), now); // none is missing
      }

      stowage.publish(now); // only now readers see it
      route = stowage.fleet().portalAssignment().route(DatasetId.of("logs"), 42).orElseThrow();
    }
    return route;
  }
}
