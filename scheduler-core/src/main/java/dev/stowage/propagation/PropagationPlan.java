package dev.stowage.propagation;

import static dev.stowage.shape.RecordShapes.list;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.propagation.PropagationRecords.Outcome;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;

/**
 * A planned update: its number among the updates of all states, the decisions in order of sending,
 * and the nodes for which it replaced one that waited.
 */
public record PropagationPlan(
    long version, List<PropagationDecision> decisions, List<NodeId> superseded) implements Outcome {
  static final Shape<PropagationPlan> SHAPE =
      shape(
          "propagation_planned",
          number("version", PropagationPlan::version),
          list("decisions", PropagationPlan::decisions, Forms.row(PropagationDecision.SHAPE)),
          list("superseded", PropagationPlan::superseded, NodeId.FORM),
          PropagationPlan::new);

  /** Copies the lists. */
  public PropagationPlan {
    decisions = List.copyOf(decisions);
    superseded = List.copyOf(superseded);
  }

  /** Returns the decisions to send, in order. */
  public List<PropagationDecision> sends() {
    return decisions.stream().filter(PropagationDecision::shouldSend).toList();
  }

  /** Deliveries in order, and the decisions on waiting updates that are not sent after all. */
  public record Outgoing(List<Delivery> deliveries, List<PropagationDecision> dropped)
      implements Outcome {
    static final Outgoing NONE = new Outgoing(List.of(), List.of());

    static final Shape<Outgoing> SHAPE =
        shape(
            "propagation_released",
            list("deliveries", Outgoing::deliveries, Forms.row(Delivery.SHAPE)),
            list("dropped", Outgoing::dropped, Forms.row(PropagationDecision.SHAPE)),
            Outgoing::new);

    /** Copies the lists. */
    public Outgoing {
      deliveries = List.copyOf(deliveries);
      dropped = List.copyOf(dropped);
    }
  }
}
