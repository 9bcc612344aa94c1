package dev.stowage.lifecycle.state;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The rare stamps of replicas, in rows of 32 bytes; setters return the new row. */
final class RareStamps {
  static final int NONE_SET = 0;

  private static final int SUPERSEDED = 0;
  private static final int RELEASED = 2;
  private static final int READABLE_UNTIL = 4;

  /** One more than the tick, so that a zero row has no stamp. */
  private static final int MISSING_SINCE = 6;

  private static final int COLUMNS = 8;

  private final RowPages rows;
  private int limit = 1;
  private int freeHead;
  private @Nullable RareStamps copied;

  RareStamps() {
    rows = new RowPages(COLUMNS);
  }

  private RareStamps(RareStamps from, RowPages rows) {
    this.rows = rows;
    limit = from.limit;
    freeHead = from.freeHead;
  }

  long superseded(int row) {
    return rows.readLong(row, SUPERSEDED);
  }

  int superseded(int row, long assignment) {
    return put(row, SUPERSEDED, assignment);
  }

  long released(int row) {
    return rows.readLong(row, RELEASED);
  }

  int released(int row, long assignment) {
    return put(row, RELEASED, assignment);
  }

  long readableUntil(int row) {
    return rows.readLong(row, READABLE_UNTIL);
  }

  int readableUntil(int row, long tick) {
    return put(row, READABLE_UNTIL, tick);
  }

  long missingSince(int row) {
    return rows.readLong(row, MISSING_SINCE) - 1;
  }

  int missingSince(int row, long tick) {
    return put(row, MISSING_SINCE, tick + 1);
  }

  void free(int row) {
    if (row == NONE_SET) {
      return;
    }
    for (int column = 0; column < COLUMNS; column++) {
      rows.write(row, column, 0);
    }
    rows.write(row, 0, freeHead);
    freeHead = row;
  }

  BitSet changedSince(RareStamps older) {
    BitSet changed = new BitSet(limit);
    rows.forEachChanged(older.rows, changed::set);
    return changed;
  }

  /** Returns stamps to write that share all pages with this copy. */
  RareStamps fork() {
    return new RareStamps(this, rows.fork());
  }

  /** Returns a copy for reading: the former one if nothing was written since. */
  RareStamps copy() {
    RareStamps known = copied;
    if (known == null || known.rows != rows.copy()) {
      known = new RareStamps(this, rows.copy());
      copied = known;
    }
    return known;
  }

  private int put(int row, int column, long value) {
    if (row == NONE_SET) {
      return value == 0 ? NONE_SET : begin(column, value);
    }
    rows.writeLong(row, column, value);
    if (value == 0 && isClear(row)) {
      free(row);
      return NONE_SET;
    }
    return row;
  }

  private int begin(int column, long value) {
    int row = freeHead;
    if (row == NONE_SET) {
      row = limit;
      rows.reserve(row);
      limit++;
    } else {
      freeHead = rows.read(row, 0);
      rows.write(row, 0, 0);
    }
    rows.writeLong(row, column, value);
    return row;
  }

  private boolean isClear(int row) {
    int bits = 0;
    for (int column = 0; column < COLUMNS; column++) {
      bits |= rows.read(row, column);
    }
    return bits == 0;
  }
}
