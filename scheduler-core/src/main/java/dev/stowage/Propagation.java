package dev.stowage;

import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationScheduler;
import java.util.Objects;

/** Joins the propagation of assignments to a facade and to its service. */
public final class Propagation {
  private Propagation() {}

  /** Creates a propagation without recipients, for leaders and followers, until the facade ends. */
  public static AssignmentPropagation of(Stowage stowage, PropagationConfig budgets) {
    Objects.requireNonNull(budgets, "budgets");
    return stowage
        .openEngine()
        .parts()
        .begin(version -> PropagationScheduler.header(budgets, version), true)
        .map(part -> AssignmentPropagation.recording(stowage::fleet, budgets, part.log()))
        .orElseGet(() -> AssignmentPropagation.of(stowage::fleet, budgets));
  }

  /** Takes messages to workers and portals. Called by the thread of the turn. */
  @FunctionalInterface
  public interface Courier {
    /** Sends a message. An exception counts as a host's failure and as a refused message. */
    void send(Message message);

    /**
     * Hears that the service begins to lead, does so no longer, or is over, which another thread
     * may say. An exception counts as a host's failure.
     */
    default void leads(boolean isLeading) {}
  }

  /**
   * Follows and sends the propagation in each leading turn; the host uses it only in {@link
   * StowageService#submit} afterwards. Throws {@link IllegalStateException} at a second call.
   */
  public static void send(AssignmentPropagation news, StowageService service, Courier courier) {
    Objects.requireNonNull(news, "news");
    Objects.requireNonNull(service, "service");
    service.deliveries().propagate(news, Objects.requireNonNull(courier, "courier"));
  }
}
