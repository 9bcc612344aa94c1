package dev.stowage.content.queue;

import dev.stowage.columns.IntOrder;

/** Earliest deadline first, then by rank. */
record DeadlineOrder(ItemTable table, RankOrder rank) implements IntOrder {
  @Override
  public boolean before(int a, int b) {
    long first = table.item(a).details().deadlineOrNever();
    long second = table.item(b).details().deadlineOrNever();
    return first != second ? first < second : rank.before(a, b);
  }
}
