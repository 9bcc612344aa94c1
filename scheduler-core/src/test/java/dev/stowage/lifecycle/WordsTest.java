package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Result.Movement;
import dev.stowage.config.ConfirmationPolicy;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests the small value types of the lifecycle. */
class WordsTest {
  @Test
  void movement_addsUpTheBytesOfAllCauses() {
    var bytes = new TreeMap<>(Map.of("floor", 3L, "growth", 4L));
    assertThat(new Movement(2, 0, 0, 0, 0, 0, bytes).bytesAdded()).isEqualTo(7);
    assertThat(Movement.NONE.bytesAdded()).isZero();
  }

  /** At 0 % nobody has to confirm; that is not the same as each for itself. */
  @Test
  void quorumOfNobody_isAQuorum() {
    assertThat(ConfirmationPolicy.quorum(0).isPerWorker()).isFalse();
    assertThat(ConfirmationPolicy.perWorker().isPerWorker()).isTrue();
  }
}
