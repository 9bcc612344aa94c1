package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Throttled;
import dev.stowage.Transfers.Transfer;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleReason;
import dev.stowage.content.lanes.ContentLanes;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transfers whose items go out on lanes. */
class TransferLanesTest {
  private static final ContentConfig CONFIG =
      ContentConfig.DEFAULT.withRetries(new Retries(0, 1, 1));
  private static final int LANES = 2;

  private final Stowage stowage =
      SmallFleet.facade(MemoryChunkStore.builder().twin().fixedLineages().build(), "a");
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final EvidenceLog log = EvidenceLog.of(ContentLanes.header(CONFIG, LANES, "test"));
  private final ContentLanes lanes = ContentLanes.recording(CONFIG, LANES, log);
  private final Transfers transfers =
      stowage.transfers(lanes, (worker, bytes) -> bytes / 1e6).copiesOnly();

  @AfterEach
  void record_replaysFromItsInputsAlone() {
    Replayer.run(log.header(), log.records(), ContentLanes.factory()).requireSame();
    stowage.close();
  }

  private void begin() {
    stowage.claim(fleet.now());
    fleet.join(1_000, "w1", "w2", "w3").ingest(SmallFleet.chunk("c1", 0));
    fleet.pass(1);
    stowage.schedule(fleet.now());
  }

  private List<Transfer> drain() {
    List<Transfer> all = new ArrayList<>();
    Optional<Transfer> next = transfers.next(fleet.now()).transfer();
    while (next.isPresent()) {
      all.add(next.get());
      next = transfers.next(fleet.now()).transfer();
    }
    return all;
  }

  private static PriorityClass classOf(Transfer transfer) {
    return transfer.decision().item().priorityClass();
  }

  @Test
  void workerWithoutALane_waits_untilOneIsGivenBack() {
    begin();
    assertThat(transfers.follow(fleet.now())).isEqualTo(3);
    List<Transfer> sent = drain();
    assertThat(sent).hasSize(LANES);
    assertThat(transfers.next(fleet.now()))
        .isInstanceOfSatisfying(
            Throttled.class,
            it -> assertThat(it.decision().evidence().reason()).isEqualTo(ScheduleReason.NO_LANE));
    assertThat(transfers.arrived(sent.get(0).id())).isTrue();
    assertThat(drain()).hasSize(1).noneMatch(it -> sent.get(0).worker().equals(it.worker()));
  }

  @Test
  void copyThatWaitsForALane_isGivenTheClassOfItsChunk() {
    begin();
    transfers.follow(fleet.now());
    List<Transfer> sent = drain();
    assertThat(sent).as("the floor is 2").allMatch(it -> classOf(it) == PriorityClass.DATA);
    fleet.fetch(sent.get(0).worker().value());
    stowage.publish(fleet.now());
    transfers.follow(fleet.now());
    transfers.arrived(sent.get(0).id());
    assertThat(drain())
        .as("one copy is there, and this may be the second")
        .singleElement()
        .matches(it -> classOf(it) == PriorityClass.DATA);
  }

  @Test
  void chunkThatIsRemoved_takesWhatWaitsForALaneAlong() {
    begin();
    transfers.follow(fleet.now());
    List<Transfer> sent = drain();
    stowage.remove(SmallFleet.key("c1"), fleet.now());
    for (int i = 0; i < 8; i++) {
      fleet.pass(1);
      stowage.schedule(fleet.now());
      stowage.publish(fleet.now());
    }
    transfers.follow(fleet.now());
    sent.forEach(it -> transfers.arrived(it.id()));
    assertThat(drain()).isEmpty();
    assertThat(lanes.pendingCount()).isZero();
    assertThat(lanes.activeStreams()).isZero();
  }

  @Test
  void transferThatIsGivenUp_givesItsLaneBack() {
    begin();
    transfers.follow(fleet.now());
    drain().forEach(it -> transfers.failed(it.id(), "reset", fleet.now()));
    assertThat(transfers.givenUpCount()).isEqualTo(2);
    assertThat(lanes.activeStreams()).isZero();
    assertThat(transfers.follow(fleet.now())).isEqualTo(2);
    assertThat(drain()).hasSize(2);
  }
}
