package dev.stowage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetInForceTest {
  private static final long MAX = Long.MAX_VALUE;

  private static LifecycleConfig config(long bytes, long maxInFlight) {
    PlacementConfig placement =
        PlacementConfig.builder().budget(MovementBudget.ofBytes(bytes)).build();
    return LifecycleConfig.builder().placement(placement).maxInFlightBytes(maxInFlight).build();
  }

  /** Columns: configured, bound, band, in flight, failed; left, and held by each of the three. */
  @ParameterizedTest
  @CsvSource({
    "100, max, NORMAL,   500, 0,  100, 0,  0,  0",
    "100, 500, NORMAL,   500, 0,  100, 0,  0,  0",
    "100, 500, NORMAL,   530, 0,  70,  0,  30, 0",
    "100, 500, ELEVATED, 530, 5,  15,  50, 30, 5",
    "100, 500, ELEVATED, 580, 5,  0,   50, 50, 0",
    "100, 500, HIGH,     0,   50, 0,   87, 0,  13",
    "100, 500, CRITICAL, 900, 50, 0,   100, 0, 0",
    "max, max, ELEVATED, 900, 50, max, 0,  0,  0",
    "max, 500, ELEVATED, 100, 50, 350, 0,  100, 50",
    "max, 500, NORMAL,   900, 50, 0,   0,  500, 0",
    "max, max, CRITICAL, 900, 50, 0,   max, 0, 0",
    "max, 0,   NORMAL,   0,   0,  0,   0,  0,  0",
    "0,   0,   NORMAL,   0,   9,  0,   0,  0,  0"
  })
  void budget_isWhatEachOfThreeLeaves(
      String configured,
      String most,
      PressureBand band,
      long inFlight,
      long failed,
      String left,
      String byPressure,
      long byFlight,
      long byFailures) {
    LifecycleConfig config = config(bytes(configured), bytes(most));
    BudgetInForce budget = BudgetInForce.of(config, band, inFlight, failed, false);
    assertThat(budget)
        .isEqualTo(
            new BudgetInForce(band, bytes(left), bytes(byPressure), byFlight, byFailures, 0));
  }

  private static long bytes(String text) {
    return text.equals("max") ? MAX : Long.parseLong(text);
  }

  @Test
  void lines_nameWhatHoldsBack_andWhatIsLeft() {
    BudgetInForce budget = BudgetInForce.of(config(100, 500), PressureBand.ELEVATED, 530, 5, false);
    assertThat(budget.lines())
        .containsExactly(
            "the movement budget holds back 50 B, because pressure is ELEVATED; it leaves 15 B",
            "the movement budget holds back 30 B, because copies in flight are not confirmed yet;"
                + " it leaves 15 B",
            "the movement budget holds back 5 B, because transfers failed and wait; it leaves 15"
                + " B");
    assertThat(budget.heldBytes()).isEqualTo(85);
    assertThat(BudgetInForce.of(config(100, 500), PressureBand.NORMAL, 500, 0, false).lines())
        .isEmpty();
    assertThat(BudgetInForce.of(config(MAX, MAX), PressureBand.CRITICAL, 0, 0, false).lines())
        .containsExactly(
            "the movement budget holds back all, because pressure is CRITICAL; it leaves 0 B");
  }

  @Test
  void planAboutSomeOfTheNewChunks_hasNoBudget() {
    BudgetInForce budget = BudgetInForce.of(config(100, 500), PressureBand.ELEVATED, 530, 5, true);
    assertThat(budget).isEqualTo(new BudgetInForce(PressureBand.ELEVATED, 0, 50, 30, 5, 15));
    assertThat(budget.heldBytes()).isEqualTo(100);
    assertThat(BudgetInForce.of(config(MAX, MAX), PressureBand.NORMAL, 0, 0, true).lines())
        .containsExactly(
            "the movement budget holds back all, because new chunks wait for the next cycle; it"
                + " leaves 0 B");
  }
}
