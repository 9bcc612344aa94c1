package dev.stowage.propagation;

import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.evidence.parts.Records;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationScheduler.StateUpdate;
import dev.stowage.propagation.Recipient.InterestLevel;
import dev.stowage.shape.Shape;

/** Declares the records of a {@link PropagationScheduler}, whose times are plausible ones. */
final class PropagationRecords {
  static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(0x0500, Registered.class, Registered.SHAPE)
          .input(0x0501, Removed.class, Removed.SHAPE)
          .input(0x0502, Updated.class, Updated.SHAPE)
          .input(0x0503, Asked.class, Asked.SHAPE)
          .input(0x0504, Sent.class, Sent.SHAPE)
          .outcome(0x0520, PropagationPlan.class, PropagationPlan.SHAPE)
          .outcome(0x0521, Outgoing.class, Outgoing.SHAPE)
          .build();

  private PropagationRecords() {}

  sealed interface Input {}

  sealed interface Outcome permits PropagationPlan, Outgoing {}

  record Registered(NodeId node, long state, InterestLevel level, Link link) implements Input {
    static final Shape<Registered> SHAPE =
        Shape.of(
            "propagation_registered",
            row -> {
              var node = row.value("node", Registered::node, NodeId.FORM).subject();
              var state = row.number("state", Registered::state).unsigned().subject();
              var level = row.oneOf("level", InterestLevel.class, Registered::level);
              var link = row.nested("link", Registered::link, Link.SHAPE).orElse(Link.DEFAULT);
              return v -> new Registered(node.of(v), state.of(v), level.of(v), link.of(v));
            });
  }

  record Removed(NodeId node) implements Input {
    static final Shape<Removed> SHAPE =
        shape(
            "propagation_removed",
            row -> row.value("node", Removed::node, NodeId.FORM).subject()::of,
            Removed::new);
  }

  record Updated(long atNanos, StateUpdate update) implements Input {
    static final Shape<Updated> SHAPE =
        shape(
            "propagation_update",
            number("at_nanos", Updated::atNanos),
            nested("update", Updated::update, StateUpdate.SHAPE),
            Updated::new);
  }

  record Asked(long atNanos) implements Input {
    static final Shape<Asked> SHAPE =
        shape("propagation_asked", number("at_nanos", Asked::atNanos), Asked::new);
  }

  /** Records what the host sent by itself, with whether it is the newest version of the state. */
  record Sent(long atNanos, NodeId node, long bytes, long latencyNanos, boolean isNewest)
      implements Input {
    static final Shape<Sent> SHAPE =
        Shape.of(
            "propagation_sent",
            row -> {
              var at = row.number("at_nanos", Sent::atNanos);
              var node = row.value("node", Sent::node, NodeId.FORM).subject();
              var bytes = row.number("bytes", Sent::bytes).atLeast(0);
              var latency = row.number("latency_nanos", Sent::latencyNanos).atLeast(0);
              var newest = row.flag("newest", Sent::isNewest);
              return v -> new Sent(at.of(v), node.of(v), bytes.of(v), latency.of(v), newest.of(v));
            });

    Sent(long atNanos, NodeId node, long bytes, long latencyNanos, boolean isNewest) {
      this.atNanos = atNanos;
      this.node = node;
      this.bytes = bytes;
      this.latencyNanos = latencyNanos;
      this.isNewest = isNewest;
      SHAPE.checked(this);
    }
  }
}
