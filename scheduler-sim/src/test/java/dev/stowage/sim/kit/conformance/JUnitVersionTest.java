package dev.stowage.sim.kit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JUnit that the kit runs on, and others. */
class JUnitVersionTest {
  @Test
  void version_ofThisBuild_isKnown() {
    JUnitVersion.requireKnown();
    assertThat(JUnitVersion.present()).as("it is found, not guessed").isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10.0", "5.14.1", "5.15.0-M1", "5.100", "6.0.0", "6.1.3"})
  void version_thatTheKitRunsOn_passes(String version) {
    assertThat(JUnitVersion.complaint(Optional.of(version))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.0.0", "10.14.0", "5.9.3", "5.8.2", "4.13.2"})
  void version_thatTheKitDoesNotRunOn_isNamedWithWhatToWrite(String version) {
    assertThat(JUnitVersion.complaint(Optional.of(version)).orElseThrow())
        .contains(
            "JUnit " + version + " is on the path", "need JUnit 5.10 to 6", "junit-bom:5.14.1");
  }

  @Test
  void version_thatNobodySays_passes() {
    assertThat(JUnitVersion.complaint(Optional.empty())).isEmpty();
    assertThat(JUnitVersion.complaint(Optional.of("unknown"))).isEmpty();
  }
}
