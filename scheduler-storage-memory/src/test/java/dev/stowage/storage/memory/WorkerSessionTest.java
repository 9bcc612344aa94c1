package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.client.ClientMemory;
import dev.stowage.client.WorkerSession;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests sessions of workers, and the clock of a facade, which they go by. */
class WorkerSessionTest {
  private final MemoryChunkStore store = MemoryChunkStore.builder().twin().fixedLineages().build();
  private final Worker worker = Worker.of(WorkerId.of("a"), 1_000);
  private Instant now = Instant.ofEpochSecond(100);
  private final Stowage stowage = facade("me");

  @TempDir Path folder = Path.of("unset");

  private Stowage facade(String holder) {
    LifecycleConfig one = SmallFleet.config().fleet().toBuilder().minReplication(1).build();
    return Stowage.builder(store)
        .config(SmallFleet.config().withFleet(one).withHolder(holder))
        .clock(() -> now)
        .build();
  }

  @BeforeEach
  void lead() {
    stowage.claim(stowage.now());
  }

  @AfterEach
  void close() {
    stowage.close();
  }

  private WorkerSession open() {
    return WorkerSession.open("f", worker, stowage, ClientMemory.at(folder.resolve("memory")));
  }

  private void cycles() {
    now = now.plusSeconds(1);
    stowage.schedule(stowage.now());
    stowage.publish(stowage.now());
  }

  private List<ChunkNumber> applied(WorkerSession session) {
    var slice = session.slice().orElseThrow();
    assertThat(session.applied(slice.id(), List.of()).code()).isEqualTo(ResultCode.ACCEPTED);
    return slice.entries().stream().map(SliceEntry::number).toList();
  }

  private int possessed() {
    return stowage.status(List.of(SmallFleet.key("c1"))).get(0).possessed();
  }

  @Test
  void session_describesAndReports_andGoesOnAfterARestart() {
    WorkerSession session = open();
    assertThat(session.isInventoryWanted()).isFalse();
    stowage.ingest(List.of(SmallFleet.chunk("c1", 0)), stowage.now());
    cycles();
    List<ChunkNumber> disk = applied(session);
    assertThat(disk).hasSize(1);
    assertThat(possessed()).isEqualTo(1);
    WorkerSession again = open();
    assertThat(again.isInventoryWanted()).as("it is the known disk").isFalse();
    assertThat(again.heartbeat().code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(possessed()).isEqualTo(1);
    assertThat(session.heartbeat().code()).as("the former process").isEqualTo(ResultCode.STALE);
    assertThat(again.lost(disk).code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(possessed()).isZero();
    assertThat(applied(again)).isEqualTo(disk);
    assertThat(possessed()).isEqualTo(1);
  }

  @Test
  void session_withoutAMemory_isANewDisk() {
    WorkerSession session = open();
    stowage.ingest(List.of(SmallFleet.chunk("c1", 0)), stowage.now());
    cycles();
    applied(session);
    WorkerSession other = WorkerSession.open("f", worker, stowage, ClientMemory.ofProcess());
    assertThat(possessed()).isZero();
    assertThat(session.heartbeat().code()).isEqualTo(ResultCode.OLD_INCARNATION);
    cycles();
    assertThat(applied(other)).hasSize(1);
  }

  @Test
  void session_thatDeparted_obeysNothingBeforeItsInventoryIsTakenIn_evenAfterARestart() {
    WorkerSession session = open();
    stowage.ingest(List.of(SmallFleet.chunk("c1", 0)), stowage.now());
    cycles();
    List<ChunkNumber> disk = applied(session);
    stowage.setStatus(worker.id(), WorkerStatus.DEPARTED, stowage.now());
    cycles();
    assertThat(session.slice()).isEmpty();
    session = open();
    assertThat(session.isInventoryWanted()).isTrue();
    assertThat(session.inventory(disk).code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(session.isInventoryWanted()).isFalse();
    assertThat(session.slice()).isEmpty();
    assertThat(session.sliceToFetch()).as("not taken in").isEmpty();
    session = open();
    assertThat(session.isInventoryWanted()).as("a registration makes it stale").isTrue();
    assertThat(session.slice()).isEmpty();
    session.inventory(disk);
    cycles();
    assertThat(applied(session)).isEqualTo(disk);
    assertThat(possessed()).isEqualTo(1);
    session = open();
    assertThat(session.isInventoryWanted()).isFalse();
    session.inventory(disk); // of its own accord
    session = open();
    assertThat(session.isInventoryWanted()).isTrue();
    session.inventory(disk);
    cycles();
    assertThat(applied(session)).isEqualTo(disk);
  }

  @Test
  void session_inANewLineage_registersByItself_andOwesAnInventory() {
    WorkerSession session = open();
    stowage.ingest(List.of(SmallFleet.chunk("c1", 0)), stowage.now());
    cycles();
    List<ChunkNumber> disk = applied(session);
    store.restore(store.checkpoint());
    stowage.claim(stowage.now());
    assertThat(session.slice()).isEmpty();
    assertThat(session.heartbeat().code()).isEqualTo(ResultCode.FOREIGN_LINEAGE);
    assertThat(session.isInventoryWanted()).isTrue();
    session.inventory(disk);
    cycles();
    assertThat(session.slice()).as("the lineage pauses").isEmpty();
    assertThat(session.sliceToFetch().orElseThrow().entries())
        .as("downloads go on")
        .extracting(SliceEntry::number)
        .isEqualTo(disk);
    now = now.plusSeconds(10);
    cycles();
    assertThat(applied(session)).isEqualTo(disk);
    assertThat(possessed()).isEqualTo(1);
  }

  @Test
  void session_ofAnotherFleet_orADamagedMemory_isRefused() throws IOException {
    open();
    assertThatThrownBy(() ->
            WorkerSession.open("g", worker, stowage, ClientMemory.at(folder.resolve("memory"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the memory belongs to fleet f, not to g");
    Files.write(folder.resolve("memory"), new byte[] {1, 2, 3});
    assertThatThrownBy(this::open).isInstanceOf(DocumentException.class);
  }

  @Test
  void clock_isReadWhereTheHostSaysNow_andByAServiceWithoutOneOfItsOwn() {
    assertThat(stowage.now()).isEqualTo(100_000_000_000L);
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    now = Instant.ofEpochSecond(200, 5);
    try (StowageService service = new StowageService(stowage, executor, Pace.DEFAULT);
        Stowage bare = SmallFleet.facade(store, "bare")) {
      service.turn();
      assertThat(stowage.fleet().tick().value()).isEqualTo(200);
      assertThatThrownBy(bare::now)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the facade was built without Builder.clock");
      assertThatThrownBy(() -> new StowageService(bare, executor, Pace.DEFAULT))
          .isInstanceOf(IllegalStateException.class);
    }
    executor.shutdownNow();
  }
}
