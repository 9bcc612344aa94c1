package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ChanceTest {
  @Test
  void next_ofSeedZero_isTheKnownSequence() {
    Chance chance = Chance.ofSeed(0);
    assertThat(chance.next()).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(chance.next()).isEqualTo(0x6E789E6AA1B965F4L);
    assertThat(chance.next()).isEqualTo(0x06C45D188009454FL);
  }

  @Test
  void below_anyBound_staysBelowAndReachesAll() {
    Chance chance = Chance.ofSeed(5);
    boolean[] seen = new boolean[7];
    for (int i = 0; i < 1000; i++) {
      seen[chance.below(7)] = true;
    }
    assertThat(seen).doesNotContain(false);
    assertThat(chance.below(1)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> chance.below(0));
  }

  @Test
  void happens_atTheEnds_neverAndAlways() {
    Chance chance = Chance.ofSeed(9);
    for (int i = 0; i < 100; i++) {
      assertThat(chance.happens(0)).isFalse();
      assertThat(chance.happens(100)).isTrue();
    }
  }

  @Test
  void split_doesNotDependOnWhatTheOtherDrawsLater() {
    Chance one = Chance.ofSeed(3);
    Chance other = Chance.ofSeed(3);
    Chance branch = one.split();
    Chance same = other.split();
    one.next();
    assertThat(branch.next()).isEqualTo(same.next());
  }
}
