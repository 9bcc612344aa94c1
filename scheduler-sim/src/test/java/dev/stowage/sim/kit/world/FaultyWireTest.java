package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FaultyWireTest {
  private static final byte[] ASKED = {1, 2, 3, 4};

  private int arrived;
  private int damaged;

  private void send(WorldFaults faults) {
    Chance chance = Chance.ofSeed(1);
    FaultyWire wire =
        new FaultyWire(
            chance::below,
            faults,
            (asked, route) -> {
              arrived++;
              damaged += Arrays.equals(asked, ASKED) ? 0 : 1;
              return ASKED;
            });
    for (int i = 0; i < 100; i++) {
      try {
        wire.transport().send(ASKED, 0);
      } catch (IllegalStateException noRoute) {
        arrived++; // as one that came once, so that the counts below are exact
      }
    }
    while (wire.waiting() > 0) {
      wire.deliver();
    }
  }

  @Test
  void messages_withoutFaults_arriveOnce() {
    send(WorldFaults.NONE);
    assertThat(arrived).isEqualTo(100);
    assertThat(damaged).isZero();
  }

  @Test
  void messages_thatAreRepeated_arriveTwice() {
    send(new WorldFaults(0, 0, 50, 0, 0, 0, 0, 0));
    assertThat(arrived).isBetween(120, 180);
    assertThat(damaged).isZero();
  }

  @Test
  void messages_thatAreLostOrDamaged_arriveLessOrOtherwise() {
    send(new WorldFaults(40, 0, 0, 0, 0, 0, 0, 0));
    assertThat(arrived).isBetween(40, 80);
    arrived = 0;
    send(new WorldFaults(0, 0, 0, 40, 0, 0, 0, 0));
    assertThat(arrived).isEqualTo(100);
    assertThat(damaged).isBetween(20, 60);
  }

  @Test
  void faults_outOfRange_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WorldFaults(101, 0, 0, 0, 0, 0, 101, 0))
        .withMessageContainingAll("loss is 101", "disk_loss is 101");
  }
}
