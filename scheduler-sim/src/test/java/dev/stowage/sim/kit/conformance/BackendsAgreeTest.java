package dev.stowage.sim.kit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the comparison of the answers of two backends. */
class BackendsAgreeTest {
  @Test
  void backends_thatAnswerAlike_agree() {
    List<BackendsAgree.Answer> run = List.of(new BackendsAgree.Answer("ingest", "ACCEPTED", "1f"));
    assertThat(BackendsAgree.check(run, List.copyOf(run))).isEmpty();
  }

  @Test
  void backends_thatDifferInADigest_doNotAgree() {
    List<BackendsAgree.Answer> one = List.of(new BackendsAgree.Answer("ingest", "ACCEPTED", "1f"));
    List<BackendsAgree.Answer> other =
        List.of(new BackendsAgree.Answer("ingest", "ACCEPTED", "2f"));
    assertThat(BackendsAgree.check(one, other)).hasSize(1);
    assertThat(BackendsAgree.check(one, List.of())).as("one stopped early").hasSize(1);
  }
}
