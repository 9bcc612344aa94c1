package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Indices of changed replicas, whose new values are equal if {@code isAlike}. */
record AlikeRows(int[] rows, boolean isAlike) {
  /** The fewest rows that are worth a statement of their own. */
  private static final int FEWEST = 64;

  /** The most kinds that are distinguished; rows of other kinds form the rest. */
  private static final int MOST_KINDS = 4;

  /** Returns the rows that existed before, each in one group. */
  static List<AlikeRows> of(ReplicaRows rows) {
    int[] kindOf = new int[rows.size()];
    int[] first = new int[MOST_KINDS];
    int[] count = new int[MOST_KINDS + 1];
    int kinds = 0;
    for (int row = 0; row < rows.size(); row++) {
      if (rows.isFresh(row)) {
        kindOf[row] = -1;
        continue;
      }
      int kind = 0;
      while (kind < kinds && !isSame(rows, first[kind], row)) {
        kind++;
      }
      if (kind == kinds && kinds < MOST_KINDS) {
        first[kinds++] = row;
      }
      kindOf[row] = kind;
      count[kind]++;
    }
    return grouped(kindOf, count);
  }

  private static List<AlikeRows> grouped(int[] kindOf, int[] count) {
    List<AlikeRows> groups = new ArrayList<>();
    boolean[] isRest = new boolean[count.length];
    int rest = 0;
    for (int kind = 0; kind < count.length; kind++) {
      isRest[kind] = kind == MOST_KINDS || count[kind] < FEWEST;
      if (isRest[kind]) {
        rest += count[kind];
      } else {
        boolean[] only = new boolean[count.length];
        only[kind] = true;
        groups.add(new AlikeRows(select(kindOf, only, count[kind]), true));
      }
    }
    if (rest > 0) {
      groups.add(new AlikeRows(select(kindOf, isRest, rest), false));
    }
    return groups;
  }

  private static int[] select(int[] kindOf, boolean[] wanted, int count) {
    int[] selected = new int[count];
    int at = 0;
    for (int row = 0; row < kindOf.length; row++) {
      if (kindOf[row] >= 0 && wanted[kindOf[row]]) {
        selected[at++] = row;
      }
    }
    return Arrays.copyOf(selected, at);
  }

  private static boolean isSame(ReplicaRows rows, int one, int other) {
    return rows.since(one) == rows.since(other)
        && rows.supersededAt(one) == rows.supersededAt(other)
        && rows.releasedAt(one) == rows.releasedAt(other)
        && rows.readableUntil(one) == rows.readableUntil(other)
        && rows.missingSince(one) == rows.missingSince(other)
        && rows.flags(one) == rows.flags(other);
  }
}
