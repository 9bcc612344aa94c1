package dev.stowage.rebalance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.columns.Micros;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MetricScorers.MetricScorer;
import dev.stowage.rebalance.MetricScorers.WorkerMetrics;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The ready scorers, and the reports that feed them. */
class MetricScorersTest {
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");
  private static final WorkerId C = WorkerId.of("c");
  private static final ExcludedWorkers NOBODY = worker -> false;
  private static final ScoredChunk HOT = new ScoredChunk(ChunkKey.of("d", "hot"), 100);
  private static final ScoredChunk COLD = new ScoredChunk(ChunkKey.of("d", "cold"), 100);

  private final WorkerMetrics metrics = new WorkerMetrics();

  @Test
  void diskFill_countsWhatANewcomerWouldBring() {
    metrics.report(A, WorkerMetrics.Report.idle(1_000).withUsedBytes(900));
    metrics.report(B, WorkerMetrics.Report.idle(1_000).withUsedBytes(300));
    metrics.report(C, WorkerMetrics.Report.idle(1_000).withUsedBytes(2_000));
    MetricScorer scorer = MetricScorers.diskFill(metrics);
    assertThat(micros(scorer.score(HOT, A))).isEqualTo(100_000);
    assertThat(micros(scorer.score(HOT, C))).as("never below 0").isZero();
    assertThat(scorer.score(HOT, WorkerId.of("mute"))).isEmpty();
    Alternative best = scorer.bestAlternative(HOT, NOBODY).orElseThrow();
    assertThat(best.worker()).isEqualTo(B);
    assertThat(Micros.of(best.score())).isEqualTo(600_000);
    assertThat(scorer.bestAlternative(HOT, worker -> true)).isEmpty();
  }

  @Test
  void readLoad_letsTheHottestGoFirst() {
    metrics.report(
        A,
        WorkerMetrics.Report.idle(1_000).withReads(900, 1_000),
        Map.of(HOT.key(), 600.0, COLD.key(), 60.0));
    metrics.report(B, WorkerMetrics.Report.idle(1_000).withReads(100, 1_000));
    MetricScorer scorer = MetricScorers.readLoad(metrics);
    assertThat(micros(scorer.score(HOT, A))).isEqualTo(100_000);
    assertThat(micros(scorer.score(COLD, A))).as("a tenth as hot").isEqualTo(505_000);
    Alternative best = scorer.bestAlternative(HOT, NOBODY).orElseThrow();
    assertThat(best.worker()).isEqualTo(B);
    assertThat(Micros.of(best.score())).as("with the 600 reads it brings").isEqualTo(300_000);
    assertThat(micros(scorer.score(HOT, B))).as("told apart by no chunk").isEqualTo(900_000);
  }

  @Test
  void latency_isAStraightLine() {
    MetricScorer scorer = MetricScorers.latency(metrics, 10, 110);
    long[] expected = {1_000_000, 1_000_000, 500_000, 0, 0};
    double[] millis = {0, 10, 60, 110, 5_000};
    for (int i = 0; i < millis.length; i++) {
      metrics.report(A, WorkerMetrics.Report.idle(1).withReadLatencyMillis(millis[i]));
      assertThat(micros(scorer.score(HOT, A))).isEqualTo(expected[i]);
    }
    assertThatThrownBy(() -> MetricScorers.latency(metrics, 10, 10))
        .hasMessageContaining("worstMillis is 10.0");
    assertThatThrownBy(() -> MetricScorers.latency(metrics, Double.NaN, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void badReports_areRefusedAndCounted() {
    WorkerMetrics.Report good = WorkerMetrics.Report.idle(1_000).withUsedBytes(500);
    assertThat(metrics.report(A, good)).isTrue();
    List<WorkerMetrics.Report> bad =
        List.of(
            good.withUsedBytes(-1),
            WorkerMetrics.Report.idle(0),
            good.withReads(Double.NaN, 1),
            good.withReads(-1, 1),
            good.withReads(1, 0),
            good.withReads(1, Double.POSITIVE_INFINITY),
            good.withReadLatencyMillis(Double.NEGATIVE_INFINITY));
    for (WorkerMetrics.Report report : bad) {
      assertThat(metrics.report(A, report)).as("%s", report).isFalse();
    }
    assertThat(metrics.report(A, good, Map.of(HOT.key(), Double.NaN))).isFalse();
    assertThat(metrics.refused()).isEqualTo(bad.size() + 1);
    assertThat(micros(MetricScorers.diskFill(metrics).score(HOT, A))).isEqualTo(500_000);
  }

  @Test
  void fingerprint_changesWithNewsOnly() {
    MetricScorer scorer = MetricScorers.diskFill(metrics);
    OptionalLong unknown = scorer.nodeFingerprint(A);
    metrics.report(A, WorkerMetrics.Report.idle(1));
    OptionalLong first = scorer.nodeFingerprint(A);
    assertThat(first).isNotEqualTo(unknown);
    metrics.report(A, WorkerMetrics.Report.idle(1));
    assertThat(scorer.nodeFingerprint(A)).isEqualTo(first);
    metrics.report(A, WorkerMetrics.Report.idle(2));
    assertThat(scorer.nodeFingerprint(A)).isNotEqualTo(first);
  }

  @Test
  void copySpeed_makesMovesCostTheirTime() {
    MetricScorer scorer = MetricScorers.diskFill(metrics);
    assertThat(scorer.migrationCost(HOT, A)).isEmpty();
    assertThat(scorer.withCopySpeed(50).migrationCost(HOT, A))
        .contains(new MigrationCost(Duration.ofSeconds(2), Duration.ZERO, 100, 1));
    assertThatThrownBy(() -> scorer.withCopySpeed(0)).hasMessageContaining("0.0");
  }

  private static long micros(OptionalDouble score) {
    return Micros.of(score.orElseThrow());
  }
}
