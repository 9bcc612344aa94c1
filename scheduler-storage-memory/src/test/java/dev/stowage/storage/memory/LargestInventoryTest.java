package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A worker with twenty million replicas reports them through one call, in the heap of all tests.
 * The fleet knows almost none of them: it stands where a restored store stands that lost their
 * admission, and must keep every one (lifecycle design, section 8).
 */
@Tag("deep")
class LargestInventoryTest {
  private static final int REPLICAS = 20_000_000;
  private static final WorkerId A = WorkerId.of("a");

  @Test
  void worker_withTwentyMillionScatteredReplicas_reportsThemInOneCall() {
    MemoryFixture fixture = new MemoryFixture();
    Stowage leader = facade(fixture, "first");
    SmallFleet fleet = new SmallFleet(leader);
    leader.claim(fleet.now());
    fleet.join(1L << 60, "a", "b", "c").ingest(SmallFleet.chunk("c", 0)).settle();
    ChunkNumber known = fleet.disk("b").iterator().next();
    leader.setStatus(A, WorkerStatus.DEPARTED, fleet.now());
    assertThat(fleet.register("a").inventoryWanted()).isTrue();

    var header = fleet.header("a");
    Stowage writer = facade(fixture, "writer");
    assertThat(writer.inventory(header, scattered(known), fleet.now()).code())
        .isEqualTo(ResultCode.REQUESTED);
    leader.schedule(fleet.now());
    leader.publish(fleet.now());

    WorkerSlice slice = leader.fleet().slice(A).orElseThrow();
    assertThat(slice.isInventoryWanted()).isFalse();
    assertThat(slice.inventoryReport()).isEqualTo(header.number());
    assertThat(slice.keep().size()).isEqualTo(REPLICAS - 1);
    assertThat(slice.keep().contains(number(REPLICAS - 1))).isTrue();
    assertThat(slice.entries()).extracting(entry -> entry.number()).contains(known);
    for (int at = 0; at < 100; at++) {
      // What only says that the worker lives goes through none of the numbers.
      assertThat(leader.heartbeat(fleet.header("a"), fleet.now()).isAccepted()).isTrue();
    }
    WorkerAssignmentId newest = slice.id();
    assertThat(leader.applied(fleet.header("a"), newest, List.of(), fleet.now()).isAccepted())
        .isTrue();

    fixture.expireLease();
    Stowage next = facade(fixture, "next");
    next.claim(fleet.now());
    next.schedule(fleet.now());
    assertThat(next.fleet().slice(A).orElseThrow().keep().size()).isEqualTo(REPLICAS - 1);
    fixture.close();
  }

  /** No two of them follow one another; made as they are asked for, and in no order. */
  private static List<ChunkNumber> scattered(ChunkNumber known) {
    return new AbstractList<>() {
      @Override
      public ChunkNumber get(int index) {
        return index == 0 ? known : number((int) ((index * 7_368_787L) % REPLICAS));
      }

      @Override
      public int size() {
        return REPLICAS;
      }
    };
  }

  private static ChunkNumber number(int at) {
    return new ChunkNumber(Lineage.of(77), 1 + 11L * at + at % 5);
  }

  private static Stowage facade(MemoryFixture fixture, String holder) {
    return Stowage.builder(fixture.connect())
        .config(SmallFleet.config().withHolder(holder).withAudit(AuditLevel.OFF))
        .build();
  }
}
