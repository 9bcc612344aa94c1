package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests the growth of arrays and its end, without taking that much memory. */
class GrowthTest {
  @Test
  void growth_isByAnEighth_atLeastSixteen_andEndsBelowTheLargestArray() {
    assertThat(Growth.next(0)).isEqualTo(16);
    assertThat(Growth.next(128)).isEqualTo(144);
    assertThat(Growth.next(136)).isEqualTo(153);
    assertThat(Growth.next(800)).isEqualTo(900);
    assertThat(Growth.next(Integer.MAX_VALUE - 9)).isEqualTo(Integer.MAX_VALUE - 8);
    assertRefused(() -> Growth.next(Growth.LARGEST), "2147483640", "2147483639");
  }

  @Test
  void capacity_isAsWished_atLeastAsNeeded_andAnArrayAtMost() {
    assertThat(Growth.capacity(8, 5)).isEqualTo(8);
    assertThat(Growth.capacity(8, 9)).isEqualTo(9);
    assertThat(Growth.capacity(2L * Growth.LARGEST, 9)).isEqualTo(Growth.LARGEST);
    assertThat(Growth.capacity(0, Growth.LARGEST)).isEqualTo(Growth.LARGEST);
    assertRefused(() -> Growth.capacity(0, Growth.LARGEST + 1L), "2147483640", "2147483639");
    assertRefused(() -> Growth.capacity(0, 1L << 32), "4294967296", "2147483639");
  }

  @Test
  void rows_takeTheirWidthEach() {
    assertThat(Growth.rows(6, 8, 5)).isEqualTo(8);
    assertThat(Growth.rows(6, 1L << 40, 5)).isEqualTo(Growth.LARGEST / 6);
    assertRefused(() -> Growth.rows(6, 0, Growth.LARGEST / 6 + 1), "357913940", "357913939");
  }

  @Test
  void table_isTwiceAsLong_upToThePowersOfTwoThatAnArrayHas() {
    assertThat(Growth.table(16)).isEqualTo(32);
    assertThat(Growth.table(1 << 29)).isEqualTo(1 << 30);
    assertRefused(() -> Growth.table(1 << 30), "2147483648", "1073741824");
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
    assertThat(heap.takeUpTo(9)).containsExactly(3);
  }

  private static void assertRefused(ThrowingCallable call, String needed, String most) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(needed + " elements are needed; one array holds at most " + most);
  }
}
