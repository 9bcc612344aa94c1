package dev.stowage.store;

import dev.stowage.lifecycle.Command;
import dev.stowage.model.Tick;
import java.util.List;
import java.util.Objects;

/**
 * What other processes wrote and no commit has consumed yet. Found by a mark on each unconsumed
 * row, never by "rows above the largest id seen": a row that became visible late is still found.
 *
 * @param items in the order of consumption, no more than the store likes to hand out at once
 * @param more whether further news waits behind them: it must be taken in, by commits of its own,
 *     before the leader decides anything itself
 */
public record News(List<Item> items, boolean more) {
  /** Nothing. */
  public static final News NONE = new News(List.of(), false);

  /** Copies the list. */
  public News {
    items = List.copyOf(items);
  }

  /**
   * One command that the store has accepted on its own.
   *
   * @param mark names it until it is consumed
   * @param tick the tick at which it was executed
   * @param command the command
   */
  public record Item(long mark, Tick tick, Command<?> command) {
    /** Refuses nulls. */
    public Item {
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(command, "command");
    }
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return items.isEmpty();
  }
}
