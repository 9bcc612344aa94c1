package dev.stowage.propagation;

import java.util.List;
import java.util.Objects;

/**
 * What goes out to recipients at a moment.
 *
 * @param news to be sent, in this order
 * @param dropped what waited and is not sent after all; it is planned again
 * @param clock what the time was taken for; nothing goes out if it was refused
 */
public record MessageBatch(List<Message> news, List<Outgoing.Dropped> dropped, ClockVerdict clock) {
  /** Copies the lists. */
  public MessageBatch {
    news = List.copyOf(news);
    dropped = List.copyOf(dropped);
    Objects.requireNonNull(clock, "clock");
  }
}
