package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.command.Result;
import dev.stowage.config.PlacementConfig;
import dev.stowage.contract.AuditExtension;
import dev.stowage.contract.FaultyStore;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.StorageException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Offers beside a plan that is made again within its cycle. */
class OffersBesidePlansTest {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final MemoryChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
  private final FaultyStore faulty = new FaultyStore(store);
  private final ArrayDeque<Runnable> beside = new ArrayDeque<>();
  private final Stowage stowage =
      audit.watch(Stowage.builder(faulty).config(SmallFleet.config()).with(new Hooked()).build());
  private final SmallFleet fleet = new SmallFleet(stowage);

  /** A planner beside whose next plans something happens. */
  private final class Hooked implements PlacementPlanner {
    private final PlacementPlanner planner = PlacementPlanner.sticky();

    @Override
    public PlacementPlan plan(PlacementInput input) {
      return planner.plan(input);
    }

    @Override
    public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
      Optional<WarmPlanner> warm = planner.warm(config, order);
      warm.ifPresent(it -> it.beforeEachPlan(this::act));
      return warm;
    }

    private void act() {
      Runnable next = beside.poll();
      if (next != null) {
        next.run();
      }
    }
  }

  private void offerInDoubt() {
    faulty.failNext(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN).loseOutcomes(1);
    assertThatThrownBy(() -> stowage.offer(List.of(chunk("offered", 100)), fleet.now()))
        .isInstanceOf(StorageException.Transient.class);
  }

  @Test
  void offerInDoubtBesideAPlan_isAdmittedBeforeThePlanIsMadeAgain() {
    stowage.claim(fleet.now());
    fleet.join(1_000_000, "a", "b");
    fleet.ingest(chunk("first", 0));
    beside.add(this::offerInDoubt);
    beside.add(() -> fleet.ingest(chunk("later", 200)));
    Result.Scheduled cycle = stowage.schedule(fleet.now());
    assertThat(beside).isEmpty();
    assertThat(cycle.admitted()).containsExactly(key("offered"));
    assertThat(cycle.struck()).isZero();
    assertThat(stowage.status(List.of(key("offered"))).get(0).replicas()).isEqualTo(2);
    ReplayResult replayed =
        Replayer.run(
            Evidence.of(stowage).header(),
            store.evidence(0, Integer.MAX_VALUE),
            EngineReplay.with(PlacementPlanner.sticky()));
    assertThat(replayed).isInstanceOf(ReplayResult.Same.class);
  }
}
