package dev.stowage.sim.tool.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.catalogue.ChunkCatalogue;
import dev.stowage.sim.tool.catalogue.Correction;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.report.LastPlan;
import dev.stowage.sim.tool.report.RunRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The README's main job: Debian 12 on sixty mirrors. */
class DebianDemoTest {
  private static final int SOME = 1_500;

  /** Tests the story of some packages, with their corrections. */
  @Test
  void tell_somePackagesOnSixtyMirrors_keepsEveryInvariant() throws BadInputException {
    ChunkCatalogue all = CatalogueReader.debian12(Optional.empty());
    int step = all.chunks().size() / SOME;
    List<Chunk> chunks = new ArrayList<>();
    Set<ChunkKey> keys = new HashSet<>();
    for (int at = 0; at < all.chunks().size(); at += step) {
      chunks.add(all.chunks().get(at));
      keys.add(all.chunks().get(at).key());
    }
    List<Correction> corrections = new ArrayList<>();
    for (Correction each : all.corrections()) {
      if (keys.contains(each.replaced())) {
        corrections.add(each);
        keys.add(each.replacement().key());
      }
    }
    RunRecord run =
        DemoRun.of(
                new ChunkCatalogue(chunks, corrections),
                new DemoSettings(12, 60, "Some of Debian 12", "demo"),
                () -> 0,
                EvidenceSink.NONE)
            .withoutExperiment()
            .tell((share, title, cycle) -> {});
    assertThat(run.violations()).isEmpty();
    assertThat(run.totals().chunks()).isEqualTo(chunks.size());
    assertThat(run.totals().correctionsFired()).isEqualTo(corrections.size()).isPositive();
    assertThat(run.totals().deferred() + run.totals().shortfalls()).isZero();
    assertThat(run.cycles()).allSatisfy(each -> assertThat(each.unreadable()).isZero());
    assertThat(run.lastPlan().stuck()).isEmpty();
    assertThat(run.lastPlan().domains())
        .allSatisfy(each -> assertThat(each.reached()).isLessThanOrEqualTo(each.most()));
    assertThat(run.events())
        .allSatisfy(
            each -> assertThat(each.bytesMoved()).isGreaterThanOrEqualTo(each.bytesMinimum()));
  }

  @Tag("deep")
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
    assertThat(run.cycles()).allSatisfy(each -> assertThat(each.unreadable()).isZero());
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
