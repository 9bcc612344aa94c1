package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Ranges at both ends of the blocks, against arithmetic without a limit. */
class BlockRangeTest {
  private static final BlockRange ALL = BlockRange.of(0, Long.MAX_VALUE);

  @Example
  void range_of_all_blocks_counts_two_to_the_sixty_third() {
    assertThat(Long.toUnsignedString(ALL.blockCountUnsigned())).isEqualTo("9223372036854775808");
    assertThat(ALL.contains(0)).isTrue();
    assertThat(ALL.contains(Long.MAX_VALUE)).isTrue();
    assertThat(ALL.contains(-1)).isFalse();
  }

  @Example
  void range_of_one_block_at_either_end_is_legal() {
    assertThat(BlockRange.of(0, 0).blockCountUnsigned()).isEqualTo(1);
    assertThat(BlockRange.of(Long.MAX_VALUE, Long.MAX_VALUE).blockCountUnsigned()).isEqualTo(1);
  }

  @Example
  void nothing_follows_the_last_block() {
    assertThat(ALL.isFollowedBy(BlockRange.of(0, 0))).isFalse();
    assertThat(BlockRange.of(3, Long.MAX_VALUE).isFollowedBy(ALL)).isFalse();
    assertThat(
            BlockRange.of(3, Long.MAX_VALUE - 1)
                .isFollowedBy(BlockRange.of(Long.MAX_VALUE, Long.MAX_VALUE)))
        .isTrue();
  }

  @Example
  void negative_first_block_is_refused_with_the_value_and_the_bound() {
    assertThatThrownBy(() -> BlockRange.of(-1, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first block is -1; at least 0 is accepted");
  }

  @Example
  void empty_range_is_refused_with_both_blocks() {
    assertThatThrownBy(() -> BlockRange.of(5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("last block is 4, below the first block 5");
    assertThatThrownBy(() -> BlockRange.of(Long.MAX_VALUE, Long.MIN_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(seed = "1")
  void count_is_exact(@ForAll("ranges") BlockRange range) {
    BigInteger count =
        BigInteger.valueOf(range.last())
            .subtract(BigInteger.valueOf(range.first()))
            .add(BigInteger.ONE);

    assertThat(Long.toUnsignedString(range.blockCountUnsigned())).isEqualTo(count.toString());
  }

  @Property(seed = "1")
  void ranges_overlap_when_the_later_start_lies_in_both(
      @ForAll("ranges") BlockRange left, @ForAll("ranges") BlockRange right) {
    long start = Math.max(left.first(), right.first());
    boolean share = left.contains(start) && right.contains(start);

    assertThat(left.overlaps(right)).isEqualTo(share);
    assertThat(right.overlaps(left)).isEqualTo(share);
  }

  @Property(seed = "1")
  void range_that_follows_does_not_overlap_and_leaves_no_gap(
      @ForAll("ranges") BlockRange left, @ForAll("ranges") BlockRange right) {
    BigInteger next = BigInteger.valueOf(left.last()).add(BigInteger.ONE);
    boolean follows = next.equals(BigInteger.valueOf(right.first()));

    assertThat(left.isFollowedBy(right)).isEqualTo(follows);
    assertThat(follows && left.overlaps(right)).isFalse();
  }

  @Property(seed = "1")
  void order_is_by_first_and_then_by_last_block(
      @ForAll("ranges") BlockRange left, @ForAll("ranges") BlockRange right) {
    int expected =
        left.first() != right.first()
            ? Long.compare(left.first(), right.first())
            : Long.compare(left.last(), right.last());

    assertThat(Integer.signum(left.compareTo(right))).isEqualTo(expected);
    assertThat(left.compareTo(right) == 0).isEqualTo(left.equals(right));
  }

  @Example
  void text_is_first_and_last() {
    assertThat(BlockRange.of(3, 7)).hasToString("3-7");
  }

  @Provide
  Arbitrary<BlockRange> ranges() {
    Arbitrary<Long> blocks =
        Arbitraries.oneOf(
            Arbitraries.of(0L, 1L, 2L, 3L, Long.MAX_VALUE - 2, Long.MAX_VALUE - 1, Long.MAX_VALUE),
            Arbitraries.longs().greaterOrEqual(0));
    return Combinators.combine(blocks, blocks)
        .as((a, b) -> BlockRange.of(Math.min(a, b), Math.max(a, b)))
        .withoutEdgeCases();
  }
}
