package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Outcome;
import dev.stowage.Transfers.Transfer;
import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.ContentScheduler;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.Replayer;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.replay.EngineReplay;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the advice of transfers to plans of a facade without a rebalancer. */
class TransferAdviceTest {
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");
  private static final WorkerId C = WorkerId.of("c");
  private static final WorkerId D = WorkerId.of("d");

  private final Stowage stowage =
      SmallFleet.facade(MemoryChunkStore.builder().twin().fixedLineages().build(), "first");
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final Transfers transfers =
      Transfers.of(
              stowage,
              ContentScheduler.of(ContentConfig.DEFAULT.withRetries(new Retries(0, 1, 1))),
              (worker, bytes) -> 1e-4)
          .copiesOnly();

  private void begin() {
    stowage.claim(fleet.now());
    fleet.join(10_000, "a", "b", "c", "d").ingest(SmallFleet.chunk("c1", 0)).settle();
    transfers.follow(fleet.now());
  }

  private List<WorkerId> holders(String chunk) {
    return Stream.of(A, B, C, D)
        .filter(it ->
            stowage.fleet().slice(it).orElseThrow().entries().stream()
                .anyMatch(entry -> entry.key().equals(SmallFleet.key(chunk))))
        .toList();
  }

  private void requireReplay() {
    Replayer.run(
            Evidence.of(stowage).header(),
            Evidence.of(stowage).records(),
            EngineReplay.with(PlacementPlanner.sticky()))
        .requireSame();
  }

  @Test
  void workerThatNothingReaches_takesNothingNew_untilItIsTriedAgain() {
    begin();
    for (WorkerId source : List.of(A, B)) {
      for (int i = 0; i < 3; i++) {
        transfers.observed(source, D, 0, 0, Outcome.FAILED, fleet.now());
      }
    }
    transfers.follow(fleet.now());
    fleet.ingest(SmallFleet.chunk("new", 500));
    assertThat(stowage.preview(fleet.now()).movement().added()).isEqualTo(3);
    fleet.settle();
    assertThat(holders("new")).containsExactly(A, B, C);
    fleet.pass(30);
    transfers.follow(fleet.now());
    fleet.settle();
    assertThat(holders("new")).as("nothing else has changed").containsExactly(A, B, C, D);
    requireReplay();
  }

  @Test
  void copyThatFailed_takesFromTheMovementBudget_untilItGoesAgain() {
    begin();
    LifecycleConfig bounded =
        SmallFleet.config().fleet().toBuilder()
            .placement(
                SmallFleet.config().fleet().placement().toBuilder()
                    .budget(MovementBudget.ofBytes(250))
                    .build())
            .build();
    assertThat(stowage.configure(1, bounded, fleet.now()).isAccepted()).isTrue();
    stowage.lost(fleet.header("d"), List.copyOf(fleet.disk("d")), fleet.now());
    fleet.pass(1);
    stowage.schedule(fleet.now());
    transfers.follow(fleet.now());
    Transfer copy = transfers.next(fleet.now()).transfer().orElseThrow();
    assertThat(copy.worker()).isEqualTo(D);
    transfers.failed(copy.id(), "reset", fleet.now());
    transfers.follow(fleet.now());
    Result.Scheduled held = stowage.schedule(fleet.pass(1).now());
    assertThat(held.budget()).isEqualTo(new BudgetInForce(PressureBand.NORMAL, 150, 0, 0, 100, 0));
    assertThat(stowage.explainPlacement(D, fleet.now()).orElseThrow().text())
        .contains("holds back 100 B, because transfers failed and wait; it leaves 150 B");
    transfers.next(fleet.now()).transfer().orElseThrow();
    transfers.follow(fleet.now());
    assertThat(stowage.schedule(fleet.pass(1).now()).budget())
        .isEqualTo(new BudgetInForce(PressureBand.NORMAL, 250, 0, 0, 0, 0));
    requireReplay();
  }
}
