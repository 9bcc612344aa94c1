package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WideSumTest {
  private static final long[] SIZES = {0, 1, 1L << 62, Long.MAX_VALUE - 1, Long.MAX_VALUE};

  @Test
  void sum_isExact_beyondALong() {
    Random random = new Random(7);
    WideSum sum = new WideSum();
    BigInteger expected = BigInteger.ZERO;
    for (int i = 0; i < 1_000; i++) {
      long value = SIZES[random.nextInt(SIZES.length)];
      if (random.nextBoolean()) {
        sum.add(value);
        expected = expected.add(BigInteger.valueOf(value));
      } else {
        sum.subtract(value);
        expected = expected.subtract(BigInteger.valueOf(value));
      }
      assertThat(sum.value()).isEqualTo(expected);
      assertThat(sum.isNegative()).isEqualTo(expected.signum() < 0);
      assertThat(sum.isAbove(Long.MAX_VALUE))
          .isEqualTo(expected.compareTo(BigInteger.valueOf(Long.MAX_VALUE)) > 0);
      assertThat(sum.copy()).hasToString(expected.toString());
    }
  }

  @Test
  void sum_lessAnother_isExact() {
    WideSum sum = new WideSum();
    sum.addProduct(Long.MAX_VALUE, 5);
    WideSum other = new WideSum();
    other.addProduct(Long.MAX_VALUE, 3);
    other.add(9);
    BigInteger expected = sum.value().subtract(other.value());
    sum.subtract(other);
    assertThat(sum.value()).isEqualTo(expected);
    sum.subtract(sum.copy());
    assertThat(sum.isZero()).isTrue();
  }
}
