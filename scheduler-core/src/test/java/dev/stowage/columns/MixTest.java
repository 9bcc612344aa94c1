package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The mixing function, which formats rest on, against published outputs and the platform. */
class MixTest {
  /** The published outputs of SplitMix64 from seed 0, which scrambles multiples of its step. */
  @Test
  void mix_isTheScramblerOfSplitMix() {
    assertThat(Mix.mix(0)).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(Mix.mix(Mix.GOLDEN)).isEqualTo(0x6e789e6aa1b965f4L);
    assertThat(Mix.mix(Mix.GOLDEN << 1)).isEqualTo(0x06c45d188009454fL);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20; i++) {
      long value = random.nextLong();
      assertThat(Mix.mix(value)).isEqualTo(new SplittableRandom(value).nextLong());
    }
  }
}
