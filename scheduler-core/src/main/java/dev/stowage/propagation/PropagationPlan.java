package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationReason;
import java.util.List;
import java.util.Objects;

/** The result of scheduling an update. */
public sealed interface PropagationPlan {
  /** Returns the update. */
  StateUpdate update();

  /** An accepted update: version, decisions in order of sending, and replaced waiting updates. */
  record Planned(
      StateUpdate update,
      long version,
      List<PropagationDecision> decisions,
      List<PropagationDecision> superseded)
      implements PropagationPlan {
    /** Copies the lists. */
    public Planned {
      Objects.requireNonNull(update, "update");
      decisions = List.copyOf(decisions);
      superseded = List.copyOf(superseded);
    }

    /** Returns the decisions to send, in order. */
    public List<PropagationDecision> sends() {
      return decisions.stream().filter(PropagationDecision::shouldSend).toList();
    }
  }

  /** A refusal without effect. */
  record Refused(StateUpdate update, PropagationReason reason) implements PropagationPlan {
    /** Throws {@link NullPointerException} for a null component. */
    public Refused {
      Objects.requireNonNull(update, "update");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Deliveries in order, and dropped updates; none at a refused time. */
  public record Outgoing(List<Delivery> deliveries, List<Dropped> dropped, ClockVerdict clock) {
    /** Copies the lists. */
    public Outgoing {
      deliveries = List.copyOf(deliveries);
      dropped = List.copyOf(dropped);
      Objects.requireNonNull(clock, "clock");
    }

    /** A waiting update that is not sent after all. */
    public record Dropped(StateId state, PropagationDecision decision) {
      /** Throws {@link NullPointerException} for a null component. */
      public Dropped {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(decision, "decision");
      }
    }
  }
}
