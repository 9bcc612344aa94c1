package dev.stowage.transfers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.pressure.PressureSnapshot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MendingTest {
  /** Seconds of the whole copy, permille that came, strain of memory and processors. */
  @ParameterizedTest
  @CsvSource({
    "1, 47, 0, 0, false",
    "1, 48, 0, 0, true",
    "0.05, 999, 0, 0, true",
    "0.025, 999, 0, 0, false",
    "100, 599, 0.84, 0, true",
    "100, 599, 0.85, 0, false",
    "100, 600, 0.85, 0, true",
    "100, 599, 0, 0.9, false",
    "100, 600, 0, 0.9, true",
    "100, 999, 0.6, 0.6, false"
  })
  void rest_isWorthwhile_ifTheTimeSavedIs_andTheHostIsNotStrained(
      double seconds, long permille, double memory, double cpu, boolean isWorthwhile) {
    PressureSnapshot host = new PressureSnapshot(0, 0, cpu, memory, 0);
    assertThat(Mending.isWorthwhile(seconds, 1_000, permille, host)).isEqualTo(isWorthwhile);
  }
}
