package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.contract.SmallFleet;
import dev.stowage.contract.StoreFixture;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.RebalanceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Avoided workers take nothing new, whoever leads and whether or not anything may be moved. */
class AvoidedWorkersTest {
  private final StoreFixture fixture = new MemoryFixture();
  private Stowage stowage = facade("first");
  private final SmallFleet fleet = new SmallFleet(stowage);

  private Stowage facade(String holder) {
    LifecycleConfig one =
        SmallFleet.config().fleet().toBuilder()
            .minReplication(1)
            .placement(PlacementConfig.builder().saturation(0.001).build())
            .build();
    return Stowage.builder(fixture.connect())
        .config(SmallFleet.config().withFleet(one).withHolder(holder))
        .with(RebalanceConfig.defaults())
        .build();
  }

  private List<String> holders(String chunk) {
    LifecycleSnapshot now = SmallFleet.state(stowage);
    List<String> found = new ArrayList<>();
    for (int slot = now.firstReplica(now.chunkPosition(key(chunk)));
        slot != LifecycleView.NONE;
        slot = now.nextReplica(slot)) {
      found.add(now.workerId(now.replicaWorker(slot)).value());
    }
    return found;
  }

  @Test
  void nextLeader_avoidsThemToo_untilTheirTimeIsOver() {
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    fleet.join(1_000, "a", "b");
    Rebalancing.of(stowage).avoid(WorkerId.of("a"), "slow", Duration.ofSeconds(60), fleet.now());
    fleet.round();
    stowage.close();
    stowage = facade("second");
    fixture.expireLease();
    fleet.through(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    fleet.ingest(chunk("c1", 0), chunk("c2", 10)).settle();
    assertThat(holders("c1")).containsExactly("b");
    assertThat(holders("c2")).containsExactly("b");
    fleet.pass(60).settle();
    assertThat(avoided()).isEmpty();
    assertThat(holders("c1")).as("levelled").isNotEqualTo(holders("c2"));
    assertThat(SmallFleet.state(stowage).kept(KeptValue.AVOIDED)).isEmpty();
  }

  @Test
  void avoidedWorker_isAvoidedForItsWholeTime_afterTheTimeWasSetBack() {
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    fleet.join(1_000, "a", "b").pass(900).round();
    Rebalancing.of(stowage).avoid(WorkerId.of("a"), "slow", Duration.ofSeconds(60), fleet.now());
    fleet.round();
    fleet.pass(-800);
    assertThat(stowage.resetTime(fleet.now()).isAccepted()).isTrue();
    fleet.round();
    fleet.pass(57).round();
    assertThat(avoided()).hasSize(1);
    fleet.round();
    assertThat(avoided()).isEmpty();
    assertThat(SmallFleet.state(stowage).kept(KeptValue.AVOIDED)).isEmpty();
  }

  private List<AvoidList.Entry> avoided() {
    return Rebalancing.of(stowage).avoided().entries(stowage.time().tickAt(fleet.now()));
  }

  @Test
  void frozenFleet_stillRepairsOntoOthersOnly() {
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    fleet.join(1_000, "a", "b");
    Rebalancing.of(stowage).avoid(WorkerId.of("a"), "slow", Duration.ofSeconds(60), fleet.now());
    fleet.round();
    assertThat(SmallFleet.state(stowage).annex(KeptValue.AVOIDED.kind())).isPresent();
    assertThat(stowage.freeze(fleet.now()).isAccepted()).isTrue();
    fleet.ingest(chunk("c1", 0), chunk("c2", 10), chunk("c3", 20)).settle();
    for (String each : List.of("c1", "c2", "c3")) {
      assertThat(holders(each)).containsExactly("b");
    }
  }
}
