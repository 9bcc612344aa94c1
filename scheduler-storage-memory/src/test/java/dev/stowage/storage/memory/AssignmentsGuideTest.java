package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.command.ReportHeader;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the page on assignments, run; and the page, held against this file. */
class AssignmentsGuideTest {

  private final Stowage stowage =
      Stowage.builder(MemoryChunkStore.builder().fixedLineages().build()).build();
  private long reports;

  byte[] sliceFor(WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    return stowage
        .fleet()
        .sliceSince(worker, lineage, known)
        .map(DocumentFormat.BINARY::toBytes)
        .orElse(new byte[0]); // it has departed, or nobody knows it: no slice
  }

  byte[] routesFor(Lineage lineage, PortalAssignmentId known) {
    var delta = stowage.fleet().portalSince(lineage, known);
    return DocumentFormat.BINARY.toBytes(delta);
  }

  SliceDocument worker(SliceDocument held) {
    WorkerId worker = held.header().worker();
    byte[] bytes = sliceFor(worker, held.lineage(), held.id());
    try {
      return DocumentFormat.BINARY.readSlice(bytes).after(held);
    } catch (DocumentException | IllegalArgumentException unusable) {
      // keep what is there and ask for everything
      return SliceDocument.of(stowage.fleet().slice(worker).orElseThrow());
    }
  }

  @Test
  void example_followsTheFleet() {
    stowage.claim(0);
    WorkerId one = WorkerId.of("one");
    for (WorkerId worker : List.of(one, WorkerId.of("two"))) {
      stowage.describe(Worker.of(worker, 1 << 30), 0);
      stowage.register(worker, "disk of " + worker, 0);
    }
    add("mon", 0);
    SliceDocument held = SliceDocument.of(stowage.fleet().slice(one).orElseThrow());
    RoutesDocument routes = stowage.fleet().portalAssignment().full();
    add("tue", 10);
    held = worker(held);
    assertThat(held).isEqualTo(SliceDocument.of(stowage.fleet().slice(one).orElseThrow()));
    assertThat(held.put()).extracting(entry -> entry.key().id()).containsExactly("mon", "tue");
    byte[] sent = routesFor(routes.lineage(), routes.id());
    RoutesDocument delta = DocumentFormat.BINARY.readRoutes(sent);
    assertThat(delta.isFull()).isFalse();
    assertThat(delta.after(routes)).isEqualTo(stowage.fleet().portalAssignment().full());
    stowage.close();
  }

  private void add(String id, long first) {
    BlockRange range = BlockRange.of(first, first + 9);
    stowage.ingest(List.of(Chunk.of(ChunkKey.of("logs", id), range, 1 << 20)), 0);
    stowage.schedule(0);
    reports++;
    for (String name : List.of("one", "two")) {
      var slice = stowage.fleet().slice(WorkerId.of(name)).orElseThrow();
      stowage.applied(
          new ReportHeader(slice.worker(), slice.incarnation(), slice.lineage(), reports),
          slice.id(),
          List.of(),
          0);
    }
    stowage.publish(0);
  }
}
