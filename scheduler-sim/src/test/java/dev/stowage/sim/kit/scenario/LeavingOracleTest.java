package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.Leaving.Part;
import dev.stowage.answer.Leaving.Verdict;
import dev.stowage.answer.Leaving.Verdict.Code;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
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

  private LeavingOracle oracle() {
    return new LeavingOracle(SmallFleet.state(stowage), stowage.fleet().portalAssignment());
  }

  private static Verdict verdict(String worker, boolean isSafe) {
    return isSafe
        ? new Verdict(WorkerId.of(worker), Code.SAFE, Optional.empty())
        : new Verdict(WorkerId.of(worker), Code.FLOOR, Optional.of(SmallFleet.key("c")));
  }

  private Optional<Finding> judge(Part wanted, boolean safeToStop) {
    Leaving said = stowage.leaving(A).orElseThrow();
    return oracle()
        .wrong(
            new Leaving(
                said.worker(),
                said.status(),
                said.tick(),
                said.planned(),
                Part.NONE,
                Part.NONE,
                Part.NONE,
                Part.NONE,
                Part.NONE,
                List.of(),
                wanted,
                verdict("a", safeToStop)));
  }

  private void leave(String worker) {
    stowage.setStatus(WorkerId.of(worker), WorkerStatus.LEAVING, fleet.now());
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
  void safeToStop_whileRoutesNameIt_isFound() {
    leave("a");
    assertThat(judge(new Part(1, 100), true).map(Finding::text))
        .contains("a is reported as safe to stop, but its answers about d/c would be missed");
  }

  @Test
  void safeToStop_isJudgedByRoutesAndThenByWindows() {
    fleet.join(1_000, "e", "f").settle();
    leave("a");
    stowage.schedule(fleet.now());
    assertThat(judge(new Part(1, 100), true)).isPresent();
    stowage.publish(fleet.now());
    assertThat(judge(new Part(1, 100), true).map(Finding::text))
        .contains(
            "a is reported as safe to stop, but its answers to late portals about d/c would be"
                + " missed");
    stowage.publish(fleet.pass(3).now());
    assertThat(judge(new Part(1, 100), true)).isEmpty();
    assertThat(judge(new Part(1, 100), false)).isPresent();
    leave("e");
    leave("f");
    assertThat(judge(new Part(1, 100), true).map(Finding::text))
        .contains("a is reported as safe to stop, but its copy of d/c would be missed");
  }

  @Test
  void safeToStop_ofAWorkerInService_isFound() {
    fleet.join(1_000, "e", "f").settle();
    assertThat(oracle().wrong(verdict("a", true))).isPresent();
    assertThat(oracle().wrong(verdict("a", false))).isEmpty();
    assertThat(oracle().wrong(new Verdict(A, Code.UNKNOWN_WORKER, Optional.empty()))).isPresent();
  }

  @Test
  void safeToStop_thatIsTrueOnlyAlone_isFoundTogether() {
    fleet.join(1_000, "e").settle();
    leave("a");
    leave("b");
    stowage.schedule(fleet.now());
    stowage.publish(fleet.now());
    stowage.publish(fleet.pass(3).now());
    List<Verdict> both = List.of(verdict("a", true), verdict("b", true));
    assertThat(oracle().wrongTogether(both, (id, chunk) -> false)).isPresent();
  }

  @Test
  void safeToStop_whileAPortalAsks_isFoundTogether() {
    fleet.join(1_000, "e", "f").settle();
    leave("a");
    stowage.schedule(fleet.now());
    stowage.publish(fleet.now());
    stowage.publish(fleet.pass(3).now());
    List<Verdict> one = List.of(verdict("a", true));
    assertThat(oracle().wrongTogether(one, (id, chunk) -> false)).isEmpty();
    assertThat(oracle().wrongTogether(one, (id, chunk) -> true)).isPresent();
  }
}
