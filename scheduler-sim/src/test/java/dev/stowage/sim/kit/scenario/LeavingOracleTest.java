package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.Leaving.Part;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.LeavingOracle;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that the least difference in a report about a leaving worker is found. */
class LeavingOracleTest {
  private static final WorkerId A = WorkerId.of("a");

  private final Stowage stowage = SmallFleet.facade(MemoryChunkStore.create(), "one");
  private final SmallFleet fleet = new SmallFleet(stowage);

  /** Two copies for a floor of two: nobody may be switched off. */
  @BeforeEach
  void begin() {
    stowage.claim(fleet.now());
    fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c", 0)).settle();
  }

  @AfterEach
  void end() {
    stowage.close();
  }

  private Optional<Finding> judge(Part wanted, boolean safeToStop) {
    Leaving said = stowage.leaving(A, fleet.now()).orElseThrow();
    return LeavingOracle.wrong(
        new Leaving(
            said.worker(),
            said.status(),
            Part.NONE,
            Part.NONE,
            Part.NONE,
            Part.NONE,
            List.of(),
            wanted,
            safeToStop),
        stowage.snapshot(),
        stowage.fleet().portalAssignment());
  }

  @Test
  void whatIsSo_isNothing() {
    assertThat(judge(new Part(1, 100), false)).isEmpty();
  }

  @Test
  void oneByteOrReplicaAmiss_isFound() {
    assertThat(judge(new Part(1, 99), false)).isPresent();
    assertThat(judge(new Part(2, 100), false)).isPresent();
    assertThat(judge(Part.NONE, false)).isPresent();
  }

  @Test
  void safeToStop_whileAFloorRestsOnIt_isFound() {
    assertThat(judge(new Part(1, 100), true).map(Finding::text))
        .contains("a is reported as safe to stop, but its copy of d/c would be missed");
  }

  @Test
  void notSafeToStop_whereNobodyWouldMissIt_isFound() {
    fleet.join(1_000, "e").settle();
    assertThat(judge(new Part(1, 100), true)).isEmpty();
    assertThat(judge(new Part(1, 100), false)).isPresent();
  }
}
