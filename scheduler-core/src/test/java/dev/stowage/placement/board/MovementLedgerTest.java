package dev.stowage.placement.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.placement.Fleets;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.World;
import org.junit.jupiter.api.Test;

/** When the search for further copies ends, although the rest of a bound is above zero. */
class MovementLedgerTest {
  private static MovementLedger ledger(MovementBudget budget) {
    World world = new World();
    world.workers.add(Fleets.worker(0, 1_000));
    world.workers.add(Fleets.worker(1, 1_000));
    world.config = world.config.toBuilder().budget(budget).build();
    return new MovementLedger(world.flat());
  }

  private static void refuse(MovementLedger ledger, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(ledger.take(0, 1, 30)).isFalse();
    }
  }

  @Test
  void rest_thatRefusesManyInARow_isExhausted() {
    MovementLedger ledger = ledger(MovementBudget.ofBytes(45));
    assertThat(ledger.take(0, 1, 20)).isTrue();
    refuse(ledger, 63);
    assertThat(ledger.isExhausted()).isFalse();
    assertThat(ledger.take(0, 1, 5)).isTrue();
    refuse(ledger, 63);
    assertThat(ledger.isExhausted()).isFalse();
    refuse(ledger, 1);
    assertThat(ledger.isExhausted()).isTrue();
    assertThat(ledger.refusals()).isEqualTo(127);
  }

  @Test
  void worker_thatIsRefusedManyInARow_isExhausted_andOthersAreNot() {
    MovementLedger ledger =
        ledger(new MovementBudget(Long.MAX_VALUE, Long.MAX_VALUE, 45, Long.MAX_VALUE));
    assertThat(ledger.take(0, 1, 20)).isTrue();
    refuse(ledger, 64);
    assertThat(ledger.isExhausted(1)).isTrue();
    assertThat(ledger.isExhausted(0)).isFalse();
    assertThat(ledger.isExhausted()).isFalse();
    assertThat(ledger.take(1, 0, 30)).isTrue();
  }
}
