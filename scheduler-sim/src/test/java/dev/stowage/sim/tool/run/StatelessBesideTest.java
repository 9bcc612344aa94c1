package dev.stowage.sim.tool.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.ChunkColumn;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatelessBesideTest {
  private static final long SIZE = 1_000;
  private static final int CHUNKS = 90;

  @Test
  void moved_ofTheFirstFleet_areTheBytesOfAllReplicas() {
    assertThat(new StatelessBeside().moved(fleet(3), List.of())).isEqualTo(2 * CHUNKS * SIZE);
  }

  @Test
  void moved_whereNothingChanged_areNone() {
    StatelessBeside beside = new StatelessBeside();
    beside.moved(fleet(3), List.of());
    assertThat(beside.moved(fleet(3), List.of())).isZero();
  }

  @Test
  void moved_afterADiskWasLost_areItsBytes() {
    StatelessBeside beside = new StatelessBeside();
    beside.moved(fleet(2), List.of());
    assertThat(beside.moved(fleet(2), List.of(WorkerId.of("w1")))).isEqualTo(CHUNKS * SIZE);
  }

  @Test
  void moved_afterAWorkerJoined_areAtLeastItsShare() {
    StatelessBeside beside = new StatelessBeside();
    beside.moved(fleet(2), List.of());
    assertThat(beside.moved(fleet(3), List.of()))
        .isBetween(CHUNKS * SIZE / 2, 2 * CHUNKS * SIZE - 1);
  }

  private static PlacementInput fleet(int workers) {
    PlacementInputBuilder fleet = PlacementInput.builder(PlacementConfig.builder().build());
    for (int i = 1; i <= workers; i++) {
      fleet.addWorker(Worker.of(WorkerId.of("w" + i), 10 * CHUNKS * SIZE));
    }
    for (int i = 0; i < CHUNKS; i++) {
      int chunk = fleet.addChunk(i * 0x9E3779B97F4A7C15L, SIZE);
      fleet.set(chunk, ChunkColumn.FLOOR, 2).set(chunk, ChunkColumn.CAP, 2);
    }
    return fleet.build();
  }
}
