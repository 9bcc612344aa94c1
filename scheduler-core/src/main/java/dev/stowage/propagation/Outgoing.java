package dev.stowage.propagation;

import java.util.List;
import java.util.Objects;

/**
 * What goes out at a moment.
 *
 * @param deliveries to be sent, in this order
 * @param dropped what waited and is not sent after all
 * @param clock what the time was taken for; nothing goes out if it was refused
 */
public record Outgoing(List<Delivery> deliveries, List<Dropped> dropped, ClockVerdict clock) {
  /** Copies the lists. */
  public Outgoing {
    deliveries = List.copyOf(deliveries);
    dropped = List.copyOf(dropped);
    Objects.requireNonNull(clock, "clock");
  }

  /**
   * An update that waited and is not sent after all.
   *
   * @param state of what
   * @param decision for whom, and why
   */
  public record Dropped(StateId state, PropagationDecision decision) {
    /** Refuses nulls. */
    public Dropped {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(decision, "decision");
    }
  }
}
