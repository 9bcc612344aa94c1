package dev.stowage.propagation;

import dev.stowage.evidence.parts.Records;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.outbox.ClockGate;
import dev.stowage.propagation.outbox.Subscription;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.PropagationTopology.TopologyChange;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Declares the records of a {@link PropagationScheduler}. */
final class PropagationRecords {
  static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(0x0500, TopologyUsed.class, TopologyUsed.SHAPE)
          .input(0x0501, TopologyChanged.class, TopologyChanged.SHAPE)
          .input(0x0505, Declared.class, Declared.SHAPE)
          .input(0x0506, Unregistered.class, Unregistered.SHAPE)
          .input(0x0507, NodeRemoved.class, NodeRemoved.SHAPE)
          .input(0x0508, Expiring.class, Expiring.SHAPE)
          .input(0x0509, Paused.class, Paused.SHAPE)
          .input(0x050A, Updated.class, Updated.SHAPE)
          .input(0x050B, Asked.class, Asked.SHAPE)
          .input(0x050C, Sent.class, Sent.SHAPE)
          .input(0x050D, Lost.class, Lost.SHAPE)
          .input(0x050E, Pulled.class, Pulled.SHAPE)
          .input(0x050F, Forgotten.class, Forgotten.SHAPE)
          .outcome(0x0520, Planned.class, Planned.SHAPE)
          .outcome(0x0521, Refused.class, Refused.SHAPE)
          .outcome(0x0522, Released.class, Released.SHAPE)
          .outcome(0x0523, Dropped.class, Dropped.SHAPE)
          .outcome(0x0524, Expired.class, Expired.SHAPE)
          .build();

  private PropagationRecords() {}

  sealed interface Input {
    /** Returns the time given to the scheduler, or {@link ClockGate#NO_TIME}. */
    default long atNanos() {
      return ClockGate.NO_TIME;
    }
  }

  sealed interface Outcome {}

  record TopologyUsed(RecordedTopology topology) implements Input {
    static final Shape<TopologyUsed> SHAPE =
        Shape.of(
            "propagation_topology",
            row -> {
              var topology = row.nested("topology", TopologyUsed::topology, RecordedTopology.SHAPE);
              return v -> new TopologyUsed(topology.of(v));
            });
  }

  enum Change {
    ADDED,
    REMOVED,
    LINKED,
    CONNECTED,
    DISCONNECTED
  }

  record TopologyChanged(Change change, NodeId node, @Nullable NodeId to, @Nullable Link link)
      implements Input {
    static final Shape<TopologyChanged> SHAPE =
        Shape.of(
            "propagation_topology_changed",
            row -> {
              var change = row.oneOf("change", Change.class, TopologyChanged::change);
              var node = row.value("node", TopologyChanged::node, NodeId.FORM).subject();
              var to = row.value("to", TopologyChanged::to, NodeId.FORM).orNone().subject("node");
              var link = row.nested("link", TopologyChanged::link, Link.SHAPE).orNone();
              return v ->
                  new TopologyChanged(change.of(v), node.of(v), to.orNull(v), link.orNull(v));
            });

    static TopologyChanged of(TopologyChange change) {
      if (change instanceof TopologyChange.Added added) {
        return new TopologyChanged(Change.ADDED, added.node(), null, added.link());
      } else if (change instanceof TopologyChange.Linked linked) {
        return new TopologyChanged(Change.LINKED, linked.node(), null, linked.link());
      } else if (change instanceof TopologyChange.Connected connected) {
        PropagationEdge edge = connected.edge();
        return new TopologyChanged(Change.CONNECTED, edge.from(), edge.to(), edge.link());
      } else if (change instanceof TopologyChange.Disconnected gone) {
        return new TopologyChanged(Change.DISCONNECTED, gone.from(), gone.to(), null);
      }
      return new TopologyChanged(
          Change.REMOVED, ((TopologyChange.Removed) change).node(), null, null);
    }

    NodeId other() {
      return Objects.requireNonNull(to, "to");
    }

    Link linkOrDefault() {
      return link == null ? Link.DEFAULT : link;
    }
  }

  record Declared(long atNanos, InterestDeclaration declaration) implements Input {
    private static final Shape<InterestDeclaration> DECLARATION =
        Shape.of(
            "interest_declaration",
            row -> {
              var node = row.value("node", InterestDeclaration::node, NodeId.FORM).subject();
              var state = row.value("state", InterestDeclaration::state, StateId.FORM).subject();
              var level = row.oneOf("level", InterestLevel.class, InterestDeclaration::level);
              var at = row.number("declared_at_nanos", InterestDeclaration::declaredAtNanos);
              var ttl =
                  row.number("ttl_nanos", InterestDeclaration::ttlNanos).orElse(0, "unlimited");
              return v ->
                  new InterestDeclaration(
                      node.of(v), state.of(v), level.of(v), at.of(v), ttl.of(v));
            });

    static final Shape<Declared> SHAPE =
        Shape.of(
            "propagation_declared",
            row -> {
              var at = row.number("at_nanos", Declared::atNanos);
              var declaration = row.nested("declaration", Declared::declaration, DECLARATION);
              return v -> new Declared(at.of(v), declaration.of(v));
            });
  }

  record Unregistered(NodeId node, StateId state) implements Input {
    static final Shape<Unregistered> SHAPE =
        Shape.of(
            "propagation_unregistered",
            row -> {
              var node = row.value("node", Unregistered::node, NodeId.FORM).subject();
              var state = row.value("state", Unregistered::state, StateId.FORM).subject();
              return v -> new Unregistered(node.of(v), state.of(v));
            });
  }

  record NodeRemoved(NodeId node) implements Input {
    static final Shape<NodeRemoved> SHAPE =
        Shape.of(
            "propagation_node_removed",
            row -> {
              var node = row.value("node", NodeRemoved::node, NodeId.FORM).subject();
              return v -> new NodeRemoved(node.of(v));
            });
  }

  record Expiring(long atNanos) implements Input {
    static final Shape<Expiring> SHAPE =
        Shape.of(
            "propagation_expiring",
            row -> {
              var at = row.number("at_nanos", Expiring::atNanos);
              return v -> new Expiring(at.of(v));
            });
  }

  record Paused(StateId state, boolean paused) implements Input {
    static final Shape<Paused> SHAPE =
        Shape.of(
            "propagation_paused",
            row -> {
              var state = row.value("state", Paused::state, StateId.FORM).subject();
              var paused = row.flag("paused", Paused::paused);
              return v -> new Paused(state.of(v), paused.of(v));
            });
  }

  record Updated(long atNanos, StateUpdate update) implements Input {
    static final Shape<Updated> SHAPE =
        Shape.of(
            "propagation_update",
            row -> {
              var at = row.number("at_nanos", Updated::atNanos);
              var update = row.nested("update", Updated::update, StateUpdate.SHAPE);
              return v -> new Updated(at.of(v), update.of(v));
            });
  }

  record Asked(long atNanos) implements Input {
    static final Shape<Asked> SHAPE =
        Shape.of(
            "propagation_asked",
            row -> {
              var at = row.number("at_nanos", Asked::atNanos);
              return v -> new Asked(at.of(v));
            });
  }

  record Sent(long atNanos, NodeId node, long bytes, long latencyNanos) implements Input {
    static final Shape<Sent> SHAPE =
        Shape.of(
            "propagation_sent",
            row -> {
              var at = row.number("at_nanos", Sent::atNanos);
              var node = row.value("node", Sent::node, NodeId.FORM).subject();
              var bytes = row.number("bytes", Sent::bytes);
              var latency = row.number("latency_nanos", Sent::latencyNanos);
              return v -> new Sent(at.of(v), node.of(v), bytes.of(v), latency.of(v));
            });
  }

  record Lost(NodeId node, StateId state) implements Input {
    static final Shape<Lost> SHAPE =
        Shape.of(
            "propagation_lost",
            row -> {
              var node = row.value("node", Lost::node, NodeId.FORM).subject();
              var state = row.value("state", Lost::state, StateId.FORM).subject();
              return v -> new Lost(node.of(v), state.of(v));
            });
  }

  record Pulled(long atNanos, NodeId node, StateId state, long bytes) implements Input {
    static final Shape<Pulled> SHAPE =
        Shape.of(
            "propagation_pulled",
            row -> {
              var at = row.number("at_nanos", Pulled::atNanos);
              var node = row.value("node", Pulled::node, NodeId.FORM).subject();
              var state = row.value("state", Pulled::state, StateId.FORM).subject();
              var bytes = row.number("bytes", Pulled::bytes);
              return v -> new Pulled(at.of(v), node.of(v), state.of(v), bytes.of(v));
            });
  }

  record Forgotten(StateId state) implements Input {
    static final Shape<Forgotten> SHAPE =
        Shape.of(
            "propagation_forgotten",
            row -> {
              var state = row.value("state", Forgotten::state, StateId.FORM).subject();
              return v -> new Forgotten(state.of(v));
            });
  }

  record Planned(
      StateId state, long version, List<PropagationDecision> decisions, List<NodeId> superseded)
      implements Outcome {
    static final Shape<Planned> SHAPE =
        Shape.of(
            "propagation_planned",
            row -> {
              var state = row.value("state", Planned::state, StateId.FORM).subject();
              var version = row.number("version", Planned::version);
              var decisions =
                  row.list("decisions", Planned::decisions, Forms.row(PropagationDecision.SHAPE));
              var superseded =
                  row.list("superseded", Planned::superseded, NodeId.FORM)
                      .orElse(List.of())
                      .subject("node");
              return v ->
                  new Planned(state.of(v), version.of(v), decisions.of(v), superseded.of(v));
            });
  }

  record Refused(StateId state, NodeId source, long sequence, PropagationReason reason)
      implements Outcome {
    static final Shape<Refused> SHAPE =
        Shape.of(
            "propagation_refused",
            row -> {
              var state = row.value("state", Refused::state, StateId.FORM).subject();
              var source = row.value("source", Refused::source, NodeId.FORM).subject("node");
              var sequence = row.number("sequence", Refused::sequence).unsigned();
              var reason = row.oneOf("reason", PropagationReason.class, Refused::reason);
              return v -> new Refused(state.of(v), source.of(v), sequence.of(v), reason.of(v));
            });
  }

  record Delivered(
      NodeId node,
      StateId state,
      long from,
      long to,
      boolean keyframe,
      PropagationPriority priority,
      int quality,
      long bytes) {
    static final Shape<Delivered> SHAPE =
        Shape.of(
            "delivery",
            row -> {
              var node = row.value("node", Delivered::node, NodeId.FORM).subject();
              var state = row.value("state", Delivered::state, StateId.FORM).subject();
              var from =
                  row.number("from", Delivered::from).word(Subscription.HOLDS_NOTHING, "nothing");
              var to = row.number("to", Delivered::to);
              var keyframe = row.flag("keyframe", Delivered::keyframe);
              var priority = row.oneOf("priority", PropagationPriority.class, Delivered::priority);
              var quality = row.number("quality", Delivered::quality).narrow();
              var bytes = row.number("bytes", Delivered::bytes);
              return v ->
                  new Delivered(
                      node.of(v),
                      state.of(v),
                      from.of(v),
                      to.of(v),
                      keyframe.of(v),
                      priority.of(v),
                      quality.intOf(v),
                      bytes.of(v));
            });

    static Delivered of(Delivery delivery) {
      return new Delivered(
          delivery.target(),
          delivery.state(),
          delivery.fromVersion().orElse(Subscription.HOLDS_NOTHING),
          delivery.toVersion(),
          delivery.keyframe(),
          delivery.priority(),
          delivery.quality(),
          delivery.bytes());
    }
  }

  record Released(List<Delivered> deliveries) implements Outcome {
    static final Shape<Released> SHAPE =
        Shape.of(
            "propagation_released",
            row -> {
              var deliveries =
                  row.list("deliveries", Released::deliveries, Forms.row(Delivered.SHAPE));
              return v -> new Released(deliveries.of(v));
            });
  }

  record Dropped(List<Outgoing.Dropped> dropped) implements Outcome {
    private static final Shape<Outgoing.Dropped> EACH =
        Shape.of(
            "dropped",
            row -> {
              var state = row.value("state", Outgoing.Dropped::state, StateId.FORM).subject();
              var decision =
                  row.nested("decision", Outgoing.Dropped::decision, PropagationDecision.SHAPE);
              return v -> new Outgoing.Dropped(state.of(v), decision.of(v));
            });

    static final Shape<Dropped> SHAPE =
        Shape.of(
            "propagation_dropped",
            row -> {
              var dropped = row.list("dropped", Dropped::dropped, Forms.row(EACH));
              return v -> new Dropped(dropped.of(v));
            });
  }

  record Expired(NodeId node, StateId state) implements Outcome {
    static final Shape<Expired> SHAPE =
        Shape.of(
            "propagation_expired",
            row -> {
              var node = row.value("node", Expired::node, NodeId.FORM).subject();
              var state = row.value("state", Expired::state, StateId.FORM).subject();
              return v -> new Expired(node.of(v), state.of(v));
            });
  }
}
