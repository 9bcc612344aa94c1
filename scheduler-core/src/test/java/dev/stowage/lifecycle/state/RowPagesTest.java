package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Rows in pages grow without end until there are as many as an int counts. */
class RowPagesTest {
  @Test
  void rows_keepWhatIsWritten_whenMoreCome() {
    RowPages rows = new RowPages();
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
    RowPages rows = new RowPages();
    for (int row : new int[] {Integer.MAX_VALUE - 1023, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> rows.reserve(row))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("row " + row + "; a table has room for 2147482624");
    }
    assertThat(rows.capacity()).isEqualTo(16);
  }
}
