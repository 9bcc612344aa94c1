package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.contract.SmallFleet;
import dev.stowage.engine.MoveForesight;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalancePass.MoveIntent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers under read load cool down by what they report, without code of the host. */
class StrainedWorkersTest {
  private static final int WORKERS = 24;
  private static final int ROUNDS_OF_A_REPORT = 10;
  private static final WorkerId HOT = worker(0);
  private static final WorkerId WARM = worker(1);

  private final Stowage stowage =
      Stowage.builder(new MemoryFixture().connect())
          .config(SmallFleet.config().withFleet(frugal()))
          .with(RebalanceConfig.defaults().withPressureScorer(true))
          .build();
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final Map<ChunkKey, Double> loads = new HashMap<>();
  private final List<MoveIntent> moves = new ArrayList<>();

  private static LifecycleConfig frugal() {
    return SmallFleet.config().fleet().toBuilder()
        .minReplication(1)
        .placement(PlacementConfig.builder().saturation(0.001).build())
        .build();
  }

  private static WorkerId worker(int number) {
    return WorkerId.of("w" + number);
  }

  @Test
  void twoHotWorkers_coolDown_andTheirCopiesSayWhy() {
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    for (int number = 0; number < WORKERS; number++) {
      fleet.join(10_000, worker(number).value());
    }
    for (int each = 0; each < 10 * WORKERS; each++) {
      fleet.ingest(chunk("c" + each, 10L * each));
    }
    fleet.settle();
    rounds(20);
    assertThat(moves).as("moves of a cool fleet").isEmpty();
    stowage.fleet().portalAssignment().routes().stream()
        .filter(route -> route.workers().contains(HOT) || route.workers().contains(WARM))
        .forEach(route -> loads.put(route.key(), .093));
    report();
    assertThat(List.of(band(HOT), band(WARM))).containsOnly(PressureBand.HIGH);
    List<ChunkKey> foreseen = foreseen();
    round();
    assertThat(moves).extracting(MoveIntent::chunk).isNotEmpty().containsAll(foreseen);
    assertThat(foreseen).hasSameSizeAs(moves);
    rounds(40);
    assertThat(moves).as("no more than cools them").hasSize(4);
    for (int number = 0; number < WORKERS; number++) {
      assertThat(band(worker(number))).isLessThan(PressureBand.HIGH);
    }
    MoveIntent move = moves.get(0);
    String why = String.join("\n", stowage.ask(Questions.whyHere(move.chunk(), move.to())).lines());
    assertThat(why).contains("in place of the one on " + move.from() + ": its disk was at 93 %");
    assertThat(stowage.audit()).isEmpty();
    stowage.close();
  }

  private PressureBand band(WorkerId worker) {
    LifecycleSnapshot state = SmallFleet.state(stowage);
    return state.workerRow(state.workerPosition(worker)).pressure().band();
  }

  /** Returns the chunks that would be moved by what another process reads. */
  private List<ChunkKey> foreseen() {
    return stowage.fleet().portalAssignment().routes().stream()
        .map(Route::key)
        .filter(key ->
            MoveForesight.foresee(SmallFleet.state(stowage), key, Duration.ofSeconds(1))
                .filter(why -> why.verdict() == Verdict.MOVE)
                .isPresent())
        .toList();
  }

  private void rounds(int count) {
    for (int round = 1; round <= count; round++) {
      round();
      if (round % ROUNDS_OF_A_REPORT == 0) {
        report();
      }
    }
  }

  private void round() {
    fleet.round();
    Rebalancing.of(stowage).lastPass().ifPresent(pass -> moves.addAll(pass.moves()));
  }

  private void report() {
    Map<WorkerId, Double> strain = new HashMap<>();
    for (Route route : stowage.fleet().portalAssignment().routes()) {
      double each = loads.getOrDefault(route.key(), .02) / route.workers().size();
      route.workers().forEach(worker -> strain.merge(worker, each, Double::sum));
    }
    for (int number = 0; number < WORKERS; number++) {
      WorkerId worker = worker(number);
      double disk = Math.min(1, strain.getOrDefault(worker, 0.0));
      PressureSnapshot sample = new PressureSnapshot(0, disk, 0, 0, fleet.now());
      stowage.heartbeat(fleet.header(worker.value()), sample, fleet.now());
    }
  }
}
