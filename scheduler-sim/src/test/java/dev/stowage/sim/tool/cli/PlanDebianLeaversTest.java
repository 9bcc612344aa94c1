package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.Chunk;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanRequest;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.csv.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whichever of the sixty mirrors leaves, the planner copies what is missing and not a byte more,
 * although the largest packages are ten times as large as the room that a leaver's bytes are to be
 * spread over. Planned through the API: sixty leavers take as long as two runs of the command.
 */
class PlanDebianLeaversTest {
  private static final int WORKERS = 60;
  private static final long GIB = 1L << 30;
  private static final int HELD = ReplicaBits.POSSESSED | ReplicaBits.READABLE | ReplicaBits.ROUTED;
  private static final int SEEN =
      ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED;

  private final List<Chunk> chunks;
  private final long[] hashes;
  private final List<Worker> workers = new ArrayList<>();

  PlanDebianLeaversTest() throws BadInputException {
    chunks = CatalogueReader.debian12(Optional.empty()).chunks();
    hashes = chunks.stream().mapToLong(chunk -> KeyHash.of(chunk.key())).toArray();
    for (int i = 0; i < WORKERS; i++) {
      String id = String.format(Locale.ROOT, "mirror-%02d", i);
      workers.add(Worker.of(WorkerId.of(id), (4L << i % 3) * GIB).withZone("zone-" + i % 4));
    }
  }

  private PlacementInput input(List<Worker> fleet, Optional<PlacementPlan> before) {
    PlacementInputBuilder input =
        PlacementInput.builder(PlacementConfig.builder().saturation(0.9).build());
    fleet.forEach(input::addWorker);
    for (int at = 0; at < hashes.length; at++) {
      Chunk chunk = chunks.get(at);
      input.addChunk(hashes[at], chunk.sizeBytes());
      input.set(at, ChunkColumn.WEIGHT, chunk.weight().orElse(1));
      input.set(at, ChunkColumn.FLOOR, 2).set(at, ChunkColumn.CAP, WeightPolicy.UNCAPPED);
      if (before.isPresent()) {
        input.bits(at, SEEN);
        for (int worker : before.get().wantedWorkers(at)) {
          input.replica(at, worker, HELD);
        }
      }
    }
    PlanRequest.Builder wishes = PlanRequest.builder();
    for (PoolFactor factor : before.map(PlacementPlan::factors).orElse(List.of())) {
      wishes.previousFactor(factor.weight(), factor.targetMillionths());
    }
    return input.request(wishes.build()).build();
  }

  private PlacementPlan plan(List<Worker> fleet, Optional<PlacementPlan> before) {
    return PlacementPlanner.sticky().plan(input(fleet, before));
  }

  /** Bytes copied over the bytes that any plan has to copy, in thousandths. */
  private static long movedOverMinimum(PlanFigures figures) {
    return figures.bytesAdded() * 1000 / figures.bytesMinimum();
  }

  @Tag("deep")
  @Test
  void debian12_whoeverLeaves_movesWhatIsMissingAndNothingElse() {
    PlacementPlan base = plan(workers, Optional.empty());
    assertThat(base.figures().maxOverMeanFill()).isLessThanOrEqualTo(1_020_000);
    List<String> wrong = new ArrayList<>();
    for (int leaver = 0; leaver < WORKERS; leaver++) {
      List<Worker> fleet = new ArrayList<>(workers);
      WorkerStatus status = leaver % 2 == 0 ? WorkerStatus.DEPARTED : WorkerStatus.LEAVING;
      fleet.set(leaver, fleet.get(leaver).withStatus(status));
      PlacementPlan plan = plan(fleet, Optional.of(base));
      long ratio = movedOverMinimum(plan.figures());
      if (ratio != 1000 || !plan.shortfalls().isEmpty()) {
        wrong.add(fleet.get(leaver).id() + " " + status + " moves " + ratio);
      }
      if (leaver % 20 == 5) {
        int left = plan(fleet, Optional.of(plan)).actionCount();
        assertThat(left).as("actions of a second plan once %s is gone", leaver).isZero();
      }
    }
    assertThat(wrong).as("leavers whose bytes moved are not 1.000 of the minimum").isEmpty();
  }

  @Test
  void debian12_afterACapacityIsHalved_isLevelAgainInOneStep() {
    PlacementPlan base = plan(workers, Optional.empty());
    for (int cut : new int[] {8, 31, 44}) {
      List<Worker> fleet = new ArrayList<>(workers);
      fleet.set(cut, workers.get(cut).withCapacityBytes(workers.get(cut).capacityBytes() / 2));
      PlacementPlan plan = plan(fleet, Optional.of(base));
      assertThat(plan.figures().maxOverMeanFill()).as("with %d cut", cut).isBetween(0L, 1_020_000L);
      assertThat(plan.figures().minOverMeanFill()).isGreaterThanOrEqualTo(990_000);
      assertThat(plan(fleet, Optional.of(plan)).actionCount()).isZero();
    }
  }

  /** A replica too large for anybody's room leaves its worker above the level, alone. */
  @Test
  void debian12_afterALeaverWithTheLargestPackages_isLevelButForTheirHolders() {
    PlacementPlan base = plan(workers, Optional.empty());
    List<Worker> fleet = new ArrayList<>(workers);
    fleet.set(44, fleet.get(44).withStatus(WorkerStatus.DEPARTED));
    PlacementPlan plan = plan(fleet, Optional.of(base));
    assertThat(plan.figures().minOverMeanFill()).isGreaterThanOrEqualTo(990_000);

    fleet.set(44, workers.get(44));
    PlacementPlan returned = plan(fleet, Optional.of(plan));
    assertThat(returned.figures().maxOverMeanFill()).isLessThanOrEqualTo(1_020_000);
    assertThat(movedOverMinimum(returned.figures())).isLessThanOrEqualTo(1020);
  }
}
