package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000L);

  @Test
  void item_largerThanTheBurst_goesWhenFullAndLeavesADebt() {
    TokenBucket bucket = new TokenBucket(1_000, 500, 0);
    assertThat(bucket.allows(5_000, 0)).isTrue();
    bucket.take(5_000, 0);
    assertThat(bucket.tokens(0)).isEqualTo(-4_500);
    assertThat(bucket.nanosUntil(5_000, 0)).isEqualTo(5_000_000_000L);
    assertThat(bucket.allows(5_000, 4_999_999_999L)).isFalse();
    assertThat(bucket.allows(5_000, 5_000_000_000L)).isTrue();
  }

  /** The bucket against exact rational arithmetic, however often it is asked. */
  @Property(seed = "1")
  void tokens_afterAnyHistory_areExactlyWhatTimeBrought(
      @ForAll @LongRange(min = 1) long rate,
      @ForAll @LongRange(min = 1) long burst,
      @ForAll @Size(max = 30) List<@LongRange(min = 0, max = 4_000_000_000L) Long> steps) {
    TokenBucket bucket = new TokenBucket(rate, burst, 0);
    BigInteger full = BigInteger.valueOf(burst).multiply(BILLION);
    BigInteger level = full;
    long now = 0;
    for (long step : steps) {
      now += step;
      BigInteger refill = BigInteger.valueOf(step).multiply(BigInteger.valueOf(rate));
      level = level.add(refill).min(full);
      assertThat(bucket.tokens(now)).isEqualTo(level.divide(BILLION).longValueExact());
      long bytes = Math.min(burst, Math.max(0, level.divide(BILLION).longValueExact()) / 2 + 1);
      if (bucket.allows(bytes, now)) {
        bucket.take(bytes, now);
        level = level.subtract(BigInteger.valueOf(bytes).multiply(BILLION));
      }
    }
  }

  @Property(seed = "1")
  void waiting_asLongAsTold_isEnoughAndOneNanosecondLessIsNot(
      @ForAll @LongRange(min = 1_024, max = 1L << 40) long rate,
      @ForAll @LongRange(min = 1, max = 1L << 40) long burst,
      @ForAll @LongRange(min = 0, max = 1L << 41) long taken,
      @ForAll @LongRange(min = 0, max = 3_000_000_000L) long at,
      @ForAll @LongRange(min = 0, max = 1L << 41) long bytes) {
    long wait = drained(rate, burst, taken).nanosUntil(bytes, at);
    assertThat(drained(rate, burst, taken).allows(bytes, Nanos.plus(at, wait))).isTrue();
    if (wait > 0) {
      assertThat(drained(rate, burst, taken).allows(bytes, at + wait - 1)).isFalse();
    }
  }

  private static TokenBucket drained(long rate, long burst, long taken) {
    TokenBucket bucket = new TokenBucket(rate, burst, 0);
    bucket.take(taken, 0);
    return bucket;
  }
}
