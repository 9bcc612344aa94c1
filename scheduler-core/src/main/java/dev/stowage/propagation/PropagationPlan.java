package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerdict;
import java.util.List;
import java.util.Objects;

/** What is to become of an update. */
public sealed interface PropagationPlan {
  /** The update. */
  StateUpdate update();

  /**
   * It was accepted; every interested node has a decision.
   *
   * @param update the update
   * @param version the state's number of accepted updates, this one included
   * @param decisions in the order of sending, those that are not sent among them
   * @param superseded earlier updates that waited and whose place this one took
   */
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

    /** Those that are sent, in order. */
    public List<PropagationDecision> sends() {
      return decisions.stream().filter(PropagationDecision::shouldSend).toList();
    }
  }

  /**
   * It was refused as a whole, and changed nothing.
   *
   * @param update the update
   * @param reason why
   * @param verdict what the claim of authority was found to be; {@link ProofVerdict#GOOD} where
   *     that is not the reason
   */
  record Refused(StateUpdate update, PropagationReason reason, ProofVerdict verdict)
      implements PropagationPlan {
    /** Refuses nulls. */
    public Refused {
      Objects.requireNonNull(update, "update");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(verdict, "verdict");
    }
  }

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
}
