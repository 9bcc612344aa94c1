package dev.stowage.client.transfers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.Transfers;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferDoorTest {
  private static final long SECOND = 1_000_000_000L;

  /** Less than twenty windows. */
  private static final int MOST_IN_FLIGHT = 140;

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong clock = new AtomicLong(SECOND);
  private final Stowage stowage =
      Stowage.builder(
              MemoryChunkStore.builder().twin().leaseClock(clock::get).fixedLineages().build())
          .config(SmallFleet.config().withFleet(fleet -> fleet.maxReplication(2)))
          .build();
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final ContentScheduler queue =
      ContentScheduler.of(ContentConfig.DEFAULT.withInFlightLimit(MOST_IN_FLIGHT));
  private final Transfers transfers =
      Transfers.of(stowage, queue, (worker, bytes) -> 1).copiesOnly();
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
    transfers.send(service, door);
    turn();
    fleet.join(10_000, "a", "b");
    fleet.ingest(SmallFleet.chunk("c1", 0));
    for (int turns = 0; door.size() < 2 && turns < 10; turns++) {
      turn();
    }
    assertThat(door.size()).isEqualTo(2);
  }

  private TransferWire.ToldTransfers ask(String worker) {
    return ask(worker, 10, List.of());
  }

  private TransferWire.ToldTransfers ask(String worker, int room, List<TransferWire.Job> arrived) {
    List<TransferWire.Ended> ended =
        arrived.stream()
            .map(job ->
                new TransferWire.Ended(
                    job.id(), Transfers.Outcome.ARRIVED, Optional.empty(), 100, 1_000_000, ""))
            .toList();
    return door.ask(
        new TransferWire.AskTransfers(WorkerId.of(worker), room, List.of(), ended), clock.get());
  }

  private void ingest(int chunks) {
    fleet.ingest(
        IntStream.range(0, chunks)
            .mapToObj(at -> SmallFleet.chunk("bulk" + at, 10L * (at + 1)))
            .toArray(Chunk[]::new));
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

  @Test
  void workersOfAProcessThatStoodStill_areNotSilent() {
    beginTransfers();
    ask("a");
    ask("b");
    clock.addAndGet(600 * SECOND);
    assertThat(ask("a").jobs()).hasSize(1);
    assertThat(ask("b").jobs()).hasSize(1);
  }

  @Test
  void copyAtRisk_isAtMostOneJobBehindTheWindow() {
    transfers.send(service, door);
    turn();
    fleet.join(1L << 40, "a", "b");
    fleet.ingest(SmallFleet.chunk("precious", 0));
    for (int turns = 0; turns < 8; turns++) {
      turn();
      fleet.fetch();
    }
    ChunkNumber precious = fleet.disk("a").iterator().next();
    fleet.join(1L << 40, "c");
    ingest(300);
    turn();
    turn();
    stowage.setStatus(WorkerId.of("b"), WorkerStatus.DEPARTED, fleet.now());
    List<TransferWire.Job> told = new ArrayList<>();
    List<TransferWire.Job> last = List.of();
    for (int turns = 0;
        turns < 100 && !last.stream().anyMatch(it -> it.number().equals(precious));
        turns++) {
      turn();
      service.deliver();
      last = ask("c", 4, last).jobs();
      told.addAll(last);
    }
    assertThat(told.stream().map(TransferWire.Job::number).toList().indexOf(precious))
        .isBetween(0, ContentConfig.DEFAULT.destinationWindow());
  }

  @Test
  void workerThatRunsManyDownloads_isKeptBusy_besideOneThatSaysNothing() {
    int downloads = 64;
    transfers.send(service, door);
    turn();
    fleet.join(1L << 40, "a", "silent");
    ingest(1_000);
    turn();
    List<TransferWire.Job> running = ask("a", downloads, List.of()).jobs();
    int came = 0;
    for (int turns = 0; turns < 15; turns++) {
      service.deliver();
      came += running.size();
      running = ask("a", downloads, running).jobs();
      assertThat(running).hasSize(downloads);
    }
    assertThat(came).isGreaterThan(14 * downloads);
  }

  /**
   * Returns the seconds after a loss in which a repair came to one of two workers beside a third.
   */
  private List<Integer> repairs(int downloads, List<String> asking) {
    turn();
    fleet.join(1L << 40, "a", "b", "c", "lost");
    ingest(600);
    for (int turns = 0; turns < 4; turns++) {
      turn();
      fleet.fetch();
    }
    transfers.send(service, door);
    stowage.setStatus(WorkerId.of("lost"), WorkerStatus.DEPARTED, fleet.now());
    List<Integer> came = new ArrayList<>();
    Map<String, List<TransferWire.Job>> running = new HashMap<>();
    for (int second = 1; second < 150; second++) {
      turn();
      stowage.heartbeat(fleet.header("c"), fleet.now());
      for (String worker : asking) {
        List<TransferWire.Job> ended = running.getOrDefault(worker, List.of());
        came.addAll(Collections.nCopies(worker.equals("c") ? 0 : ended.size(), second));
        running.put(worker, ask(worker, downloads, ended).jobs());
      }
    }
    stopThreads();
    return came;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void repairs_comeInTheSameSeconds_besideAWorkerThatOnlySendsHeartbeats(int downloads) {
    List<Integer> usual = repairs(downloads, List.of("a", "b", "c"));
    List<Integer> besideSilent = new TransferDoorTest().repairs(downloads, List.of("a", "b"));
    assertThat(besideSilent).isEqualTo(usual).hasSizeGreaterThan(150);
    assertThat(usual.get(150)).as("a, b run all they can").isEqualTo(2 + 150 / (2 * downloads));
  }

  @Test
  void workerThatIdlesBetweenTwoTurns_getsMoreAtOnce() {
    transfers.send(service, door);
    turn();
    fleet.join(1L << 40, "a", "b");
    ingest(1_000);
    turn();
    List<TransferWire.Job> running = List.of();
    for (int asked = 0; asked < 2; asked++) {
      running = ask("a", 4, running).jobs();
      assertThat(running).hasSize(4);
    }
    assertThat(ask("a", 4, running).jobs()).isEmpty();
    service.deliver();
    assertThat(ask("a", 100, List.of()).jobs()).hasSize(32);
  }

  @Test
  void whatWaitsForManyWorkers_isNotLost() {
    transfers.send(service, door);
    turn();
    String[] names = IntStream.range(0, 20).mapToObj(at -> "w" + (10 + at)).toArray(String[]::new);
    fleet.join(1L << 40, names);
    ingest(1_000);
    for (int turns = 0; turns < 5; turns++) {
      turn();
    }
    assertThat(queue.stats().inFlight()).isEqualTo(MOST_IN_FLIGHT);
    assertThat(transfers.givenUpCount()).isZero();
    WorkerId last = WorkerId.of(names[19]);
    SliceEntry lacking = stowage.fleet().slice(last).orElseThrow().entries().get(0);
    assertThat(transfers.whyLacking(lacking.key(), last).lines())
        .anyMatch(it -> it.contains("until the end of something on the way"));
  }
}
