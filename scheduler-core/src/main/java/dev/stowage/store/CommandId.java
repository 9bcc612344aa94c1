package dev.stowage.store;

import java.util.Comparator;

/**
 * The name of a command in the log, by which it is decided once however often it is sent.
 *
 * @param sender the token of the sender, drawn at random when it begins
 * @param count the sender's count of its commands, from 1; they are decided in this order
 */
public record CommandId(long sender, long count) implements Comparable<CommandId> {
  private static final Comparator<CommandId> ORDER =
      Comparator.comparingLong(CommandId::sender).thenComparingLong(CommandId::count);

  /** Throws {@link IllegalArgumentException} if the count is below 1. */
  public CommandId {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + "; at least 1 is accepted");
    }
  }

  /**
   * Returns the name that {@link #toString} printed, perhaps behind other words and a space, as in
   * the reasons of an answer; throws {@link IllegalArgumentException} if there is none.
   */
  public static CommandId parse(String reason) {
    String words = reason.substring(reason.lastIndexOf(' ') + 1);
    int dot = words.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException(
          "name is '" + words + "'; hexadecimal digits, a dot and a count are accepted");
    }
    return new CommandId(
        Long.parseUnsignedLong(words.substring(0, dot), 16),
        Long.parseLong(words.substring(dot + 1)));
  }

  @Override
  public int compareTo(CommandId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return Long.toHexString(sender) + "." + count;
  }
}
