package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Rows in pages grow without end until there are as many as an int counts. */
class RowPagesTest {
  @Test
  void rows_keepWhatIsWritten_whenMoreCome() {
    RowPages rows = new RowPages(8);
    for (int row = 0; row < 5_000; row++) {
      rows.reserve(row);
      rows.write(row, 7, row);
      rows.writeLong(row, 0, -row);
    }
    RowPages copy = rows.copy();
    rows.write(3, 7, -1);
    for (int row = 0; row < 5_000; row++) {
      assertThat(copy.read(row, 7)).isEqualTo(row);
      assertThat(copy.readLong(row, 0)).isEqualTo(-row);
    }
  }

  @Test
  void rows_thatAnIntCannotCount_areRefused_andNothingGrows() {
    RowPages rows = new RowPages(8);
    for (int row : new int[] {Integer.MAX_VALUE - 255, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> rows.reserve(row))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("row " + row + "; a table has room for 2147483392");
    }
    assertThat(rows.capacity()).isEqualTo(16);
  }

  @Test
  void copy_isTheFormerOne_untilARowIsWritten() {
    RowPages rows = new RowPages(4);
    rows.reserve(1_000);
    RowPages first = rows.copy();
    assertThat(rows.copy()).isSameAs(first);
    rows.write(700, 3, 5);
    RowPages second = rows.copy();
    assertThat(second).isNotSameAs(first);
    assertThat(first.read(700, 3)).isZero();
    assertThat(second.read(700, 3)).isEqualTo(5);
    second.fork().write(700, 3, 6);
    assertThat(rows.copy()).isSameAs(second);
    assertThat(second.read(700, 3)).isEqualTo(5);
  }

  /** Original and copy write to rows that they share, and grow, in any order. */
  @Test
  void copies_differInWhatWasWrittenSince_andInNothingElse() {
    SplittableRandom random = new SplittableRandom(1);
    for (int story = 0; story < 200; story++) {
      int count = 1 + random.nextInt(3_000);
      RowPages rows = new RowPages(8);
      rows.reserve(count - 1);
      for (int row = 0; row < count; row++) {
        rows.write(row, row & 7, row + 1);
      }
      RowPages copy = rows.copy().fork();
      assertThat(changed(rows, copy)).isEmpty();
      TreeSet<Integer> written = new TreeSet<>();
      for (int write = random.nextInt(20); write > 0; write--) {
        RowPages to = random.nextBoolean() ? rows : copy;
        int row = random.nextInt(count + random.nextInt(2_000));
        to.reserve(row);
        to.writeLong(row, 2 * random.nextInt(4), -1L - write);
        written.add(row);
      }
      assertThat(changed(rows, copy)).isEqualTo(written);
      assertThat(changed(copy, rows)).isEqualTo(written);
    }
  }

  private static TreeSet<Integer> changed(RowPages rows, RowPages other) {
    TreeSet<Integer> changed = new TreeSet<>();
    rows.forEachChanged(other, row -> assertThat(changed.add(row)).isTrue());
    return changed;
  }
}
