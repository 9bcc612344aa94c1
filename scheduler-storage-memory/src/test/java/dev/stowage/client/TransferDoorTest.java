package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.Transfers;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferDoorTest {
  private static final long SECOND = 1_000_000_000L;

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong clock = new AtomicLong(SECOND);
  private final Stowage stowage =
      SmallFleet.facade(
          MemoryChunkStore.builder().twin().leaseClock(clock::get).fixedLineages().build(),
          "first");
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final Transfers transfers =
      stowage
          .transfers(ContentScheduler.of(ContentConfig.DEFAULT), (worker, bytes) -> 1)
          .copiesOnly();
  private final StowageService service =
      new StowageService(stowage, executor, clock::get, Pace.DEFAULT);
  private final TransferDoor door = new TransferDoor(service, transfers);

  @AfterEach
  void stopThreads() {
    executor.shutdownNow();
    stowage.close();
  }

  private void turn() {
    clock.addAndGet(SECOND);
    fleet.pass(1);
    service.turn();
  }

  private void beginTransfers() {
    service.transferring(transfers, door);
    turn();
    fleet.join(10_000, "a", "b");
    fleet.ingest(SmallFleet.chunk("c1", 0));
    for (int turns = 0; door.size() < 2 && turns < 10; turns++) {
      turn();
    }
    assertThat(door.size()).isEqualTo(2);
  }

  private Wire.ToldTransfers ask(String worker) {
    return door.ask(
        new Wire.AskTransfers(WorkerId.of(worker), 10, List.of(), List.of()), clock.get());
  }

  private long lookedByUnknown(int names) {
    long before = door.looked();
    for (int name = 0; name < names; name++) {
      assertThat(ask("unknown-" + name).jobs()).isEmpty();
    }
    return door.looked() - before;
  }

  @Test
  void unknownNames_leaveNothing_andCostTheSameEach() {
    assertThat(lookedByUnknown(1_000)).isZero();
    assertThat(door.size()).isZero();
    beginTransfers();
    lookedByUnknown(1);
    assertThat(lookedByUnknown(2_000)).isEqualTo(2 * lookedByUnknown(1_000)).isEqualTo(2_000);
    assertThat(door.size()).isEqualTo(2);
    assertThat(ask("a").jobs()).hasSize(1);
  }

  @Test
  void workersThatFallSilent_leaveNothing() {
    beginTransfers();
    ask("a");
    ask("b");
    clock.addAndGet(20 * SECOND);
    assertThat(ask("a").jobs()).hasSize(1);
    clock.addAndGet(20 * SECOND);
    ask("unknown");
    assertThat(door.size()).as("b was silent for 40 s, a for 20").isEqualTo(1);
    clock.addAndGet(20 * SECOND);
    ask("unknown");
    assertThat(door.size()).isZero();
  }
}
