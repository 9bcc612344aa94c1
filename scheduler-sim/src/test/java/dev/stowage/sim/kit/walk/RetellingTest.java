package dev.stowage.sim.kit.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetellingTest {
  private static final List<String> RESTLESS =
      List.of(
          "config drain_window=6 saturation=0.7 scorer=65655",
          "worker w1 capacity=11MiB",
          "worker w2 capacity=8MiB",
          "worker w3 capacity=9MiB",
          "ingest d/c1 50-59 size=1MiB",
          "ingest d/c3 30-39 size=1MiB",
          "ingest e/c6 60-69 size=1MiB",
          "ingest f/c7 440-449 size=1MiB",
          "ingest f/c8 420-429 size=1MiB",
          "swap d: c1 -> c9 50-54 size=1MiB weight=1 ; c10 55-59 size=1MiB weight=12",
          "ingest d/c12 20-29 size=1MiB",
          "settle");

  /** A scorer that is never content moves replicas for ever: that is no finding. */
  @Test
  void settling_whileAScorerWantsReplicasElsewhere_isOwedByNoFleet() {
    assertThat(Retelling.of(RESTLESS, WalkBackend.memory()).finding()).isEmpty();
  }

  @Test
  void settling_whileTheScorerIsSilent_isJudged() {
    List<String> silent = new ArrayList<>(RESTLESS);
    silent.add(RESTLESS.size() - 1, "scorer off");
    Retelling told = Retelling.of(silent, WalkBackend.memory());
    assertThat(told.finding()).isEmpty();
    assertThat(told.steps()).endsWith("scorer off", "settle");
  }

  @Test
  void expectation_ofEvidenceAndReload_isOwedAtAnyTime() {
    List<String> steps =
        List.of("config floor=1", "worker a capacity=9MiB", "expect evidence", "expect reloaded");
    Retelling told = Retelling.of(steps, WalkBackend.memory());
    assertThat(told.finding()).isEmpty();
    assertThat(told.written()).endsWith("expect evidence", "expect reloaded");
  }
}
