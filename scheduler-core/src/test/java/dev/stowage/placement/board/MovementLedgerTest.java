package dev.stowage.placement.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.MovementBudget;
import dev.stowage.placement.World;
import org.junit.jupiter.api.Test;

/** When the search for further copies ends, although the rest of a bound is above zero. */
class MovementLedgerTest {
  private static MovementLedger refusing(MovementBudget budget, int times) {
    World world = World.of(1_000, 1_000);
    world.configure(config -> config.budget(budget));
    MovementLedger ledger = new MovementLedger(world.flat());
    assertThat(ledger.take(0, 1, 20)).isTrue();
    for (int i = 0; i < times; i++) {
      assertThat(ledger.take(0, 1, 30)).isFalse();
    }
    return ledger;
  }

  @Test
  void rest_thatRefuses64InARow_isExhausted() {
    MovementLedger ledger = refusing(MovementBudget.ofBytes(45), 63);
    assertThat(ledger.take(0, 1, 5)).isTrue();
    assertThat(ledger.take(0, 1, 30) || ledger.isExhausted()).isFalse();
    assertThat(refusing(MovementBudget.ofBytes(45), 64).isExhausted()).isTrue();
  }

  @Test
  void worker_thatIsRefused64InARow_isExhausted_andOthersAreNot() {
    long most = Long.MAX_VALUE;
    MovementLedger ledger = refusing(new MovementBudget(most, most, 45, most), 64);
    assertThat(ledger.isExhausted(1)).isTrue();
    assertThat(ledger.isExhausted(0)).isFalse();
  }
}
