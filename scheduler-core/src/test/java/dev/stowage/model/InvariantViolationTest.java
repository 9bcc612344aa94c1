package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** A broken promise names itself and what was found. */
class InvariantViolationTest {
  @Test
  void violation_names_the_invariant_and_what_was_found() {
    InvariantViolation violation = new InvariantViolation("I-01", "3 replicas, 2 expected");

    assertThat(violation.invariant()).isEqualTo("I-01");
    assertThat(violation).hasMessage("I-01: 3 replicas, 2 expected");
  }

  @Test
  void violation_without_a_name_is_refused() {
    assertThatThrownBy(() -> new InvariantViolation(null, "found"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("invariant");
  }
}
