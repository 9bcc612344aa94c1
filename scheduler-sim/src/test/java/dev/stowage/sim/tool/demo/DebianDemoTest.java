package dev.stowage.sim.tool.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.model.Worker;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.report.LastPlan;
import dev.stowage.sim.tool.report.RunRecord;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The README's main job: the whole of Debian 12 on sixty mirrors. */
class DebianDemoTest {
  @Test
  void tell_debian12OnSixtyMirrors_meetsEveryFigureThatIsPromised() throws BadInputException {
    DemoSettings settings = new DemoSettings(12, 60, "Debian 12", "demo");
    RunRecord run =
        DemoRun.of(CatalogueReader.debian12(Optional.empty()), settings, () -> 0, EvidenceSink.NONE)
            .tell((share, title, cycle) -> {});
    assertThat(run.violations()).isEmpty();
    assertThat(run.totals().chunks()).isEqualTo(63_436);
    assertThat(run.totals().correctionsFired()).isEqualTo(1_028);
    assertThat(run.totals().deferred() + run.totals().shortfalls()).isZero();
    assertThat(run.totals().maxOverMeanFill()).isLessThanOrEqualTo(1.05);
    assertThat(run.lastPlan().stuck()).isEmpty();
    assertThat(run.lastPlan().domains())
        .containsExactly(new LastPlan.DomainLimit(2, 22, DemoRules.MOST_IN_A_RACK, 2));
    assertThat(run.workers().stream().filter(each -> each.maxReplicas() != Worker.UNLIMITED))
        .singleElement()
        .satisfies(each -> assertThat(each.replicas()).isBetween(9_000L, 10_000L));
    assertThat(run.weights())
        .allSatisfy(each -> assertThat(each.fewest()).isEqualTo(each.target()));
    // The packages of 1.5 GB that leave the cut mirror put whoever takes them above the level, and
    // others below it have to be filled all the same (decision 9): no other event moves such bytes.
    assertThat(run.events())
        .allSatisfy(each ->
            assertThat(each.movedOverMinimum())
                .as("bytes moved over the minimum: " + each.name())
                .isBetween(1.0, each.name().equals("capacity-cut") ? 1.02 : 1.01));
  }
}
