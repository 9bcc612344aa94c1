package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests the growth of arrays and its end, without taking that much memory. */
class GrowthTest {
  @Test
  void growth_isByAnEighth_atLeastSixteen_andEndsBelowTheLargestArray() {
    assertThat(ArrayGrowth.next(0)).isEqualTo(16);
    assertThat(ArrayGrowth.next(128)).isEqualTo(144);
    assertThat(ArrayGrowth.next(136)).isEqualTo(153);
    assertThat(ArrayGrowth.next(800)).isEqualTo(900);
    assertThat(ArrayGrowth.next(Integer.MAX_VALUE - 9)).isEqualTo(Integer.MAX_VALUE - 8);
    assertRefused(() -> ArrayGrowth.next(ArrayGrowth.LARGEST), "2147483640", "2147483639");
  }

  @Test
  void capacity_isAsWished_atLeastAsNeeded_andAnArrayAtMost() {
    assertThat(ArrayGrowth.capacity(8, 5)).isEqualTo(8);
    assertThat(ArrayGrowth.capacity(8, 9)).isEqualTo(9);
    assertThat(ArrayGrowth.capacity(2L * ArrayGrowth.LARGEST, 9)).isEqualTo(ArrayGrowth.LARGEST);
    assertThat(ArrayGrowth.capacity(0, ArrayGrowth.LARGEST)).isEqualTo(ArrayGrowth.LARGEST);
    assertRefused(
        () -> ArrayGrowth.capacity(0, ArrayGrowth.LARGEST + 1L), "2147483640", "2147483639");
    assertRefused(() -> ArrayGrowth.capacity(0, 1L << 32), "4294967296", "2147483639");
  }

  @Test
  void rows_takeTheirWidthEach() {
    assertThat(ArrayGrowth.rows(6, 8, 5)).isEqualTo(8);
    assertThat(ArrayGrowth.rows(6, 1L << 40, 5)).isEqualTo(ArrayGrowth.LARGEST / 6);
    assertRefused(
        () -> ArrayGrowth.rows(6, 0, ArrayGrowth.LARGEST / 6 + 1), "357913940", "357913939");
  }

  @Test
  void table_isTwiceAsLong_upToThePowersOfTwoThatAnArrayHas() {
    assertThat(ArrayGrowth.table(16)).isEqualTo(32);
    assertThat(ArrayGrowth.table(1 << 29)).isEqualTo(1 << 30);
    assertRefused(() -> ArrayGrowth.table(1 << 30), "2147483648", "1073741824");
  }

  @Test
  void lists_thatCannotGrow_keepWhatTheyHave() {
    IntList list = new IntList();
    list.add(7);
    assertRefused(() -> list.expect(Integer.MAX_VALUE), "2147483648", "2147483639");
    assertThat(list.toArray()).containsExactly(7);
    KeyHeap heap = new KeyHeap();
    heap.put(3, 5);
    assertRefused(() -> heap.put(Integer.MAX_VALUE, 1), "2147483648", "2147483639");
    assertThat(heap.first()).isEqualTo(3);
  }

  private static void assertRefused(ThrowingCallable call, String needed, String most) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(needed + " elements are needed; one array holds at most " + most);
  }
}
