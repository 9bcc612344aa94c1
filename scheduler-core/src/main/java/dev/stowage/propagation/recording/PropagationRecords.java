package dev.stowage.propagation.recording;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.Subject;
import dev.stowage.propagation.Delivery;
import dev.stowage.propagation.InterestDeclaration;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationDecision;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerdict;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.outbox.Subscription;
import dev.stowage.propagation.topology.PropagationTopology;
import dev.stowage.propagation.topology.PropagationTopology.TopologyChange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What a {@link PropagationScheduler} writes into the evidence, and how it reads. */
public final class PropagationRecords {
  static final RecordType TOPOLOGY = RecordType.input(0x0500, "PROPAGATION_TOPOLOGY");
  static final RecordType TOPOLOGY_CHANGED =
      RecordType.input(0x0501, "PROPAGATION_TOPOLOGY_CHANGED");
  static final RecordType AUTHORITY = RecordType.input(0x0502, "PROPAGATION_AUTHORITY");
  static final RecordType GRANTED = RecordType.input(0x0503, "PROPAGATION_GRANTED");
  static final RecordType REVOKED = RecordType.input(0x0504, "PROPAGATION_REVOKED");
  static final RecordType DECLARED = RecordType.input(0x0505, "PROPAGATION_DECLARED");
  static final RecordType UNREGISTERED = RecordType.input(0x0506, "PROPAGATION_UNREGISTERED");
  static final RecordType NODE_REMOVED = RecordType.input(0x0507, "PROPAGATION_NODE_REMOVED");
  static final RecordType EXPIRING = RecordType.input(0x0508, "PROPAGATION_EXPIRING");
  static final RecordType PAUSED = RecordType.input(0x0509, "PROPAGATION_PAUSED");
  static final RecordType UPDATE = RecordType.input(0x050A, "PROPAGATION_UPDATE");
  static final RecordType ASKED = RecordType.input(0x050B, "PROPAGATION_ASKED");
  static final RecordType SENT = RecordType.input(0x050C, "PROPAGATION_SENT");
  static final RecordType LOST = RecordType.input(0x050D, "PROPAGATION_LOST");
  static final RecordType PULLED = RecordType.input(0x050E, "PROPAGATION_PULLED");
  static final RecordType FORGOTTEN = RecordType.input(0x050F, "PROPAGATION_FORGOTTEN");

  static final RecordType PLANNED = RecordType.outcome(0x0520, "PROPAGATION_PLANNED");
  static final RecordType REFUSED = RecordType.outcome(0x0521, "PROPAGATION_REFUSED");
  static final RecordType RELEASED = RecordType.outcome(0x0522, "PROPAGATION_RELEASED");
  static final RecordType DROPPED = RecordType.outcome(0x0523, "PROPAGATION_DROPPED");
  static final RecordType EXPIRED = RecordType.outcome(0x0524, "PROPAGATION_EXPIRED");

  private static final int ADDED = 0;
  private static final int REMOVED = 1;
  private static final int LINKED = 2;
  private static final int CONNECTED = 3;
  private static final int DISCONNECTED = 4;

  private PropagationRecords() {}

  /** What a node is called in explanations. */
  public static Subject subject(NodeId node) {
    return new Subject("node", Long.toUnsignedString(node.value()));
  }

  /** What a state is called in explanations. */
  public static Subject subject(StateId state) {
    return new Subject("state", Long.toUnsignedString(state.value()));
  }

  /** Every type with its decoder, for explanations. */
  public static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .add(TOPOLOGY, PropagationRecords::topologyText)
        .add(TOPOLOGY_CHANGED, in -> Decoded.of(change(in).toString()))
        .add(AUTHORITY, PropagationRecords::authorityText)
        .add(GRANTED, in -> passed(in, " gives authority to "))
        .add(REVOKED, in -> passed(in, " takes authority from "))
        .add(DECLARED, PropagationRecords::declaredText)
        .add(UNREGISTERED, in -> pair(in, "wants to hear no more of"))
        .add(NODE_REMOVED, PropagationRecords::nodeText)
        .add(EXPIRING, in -> Decoded.of("at " + in.u64()))
        .add(PAUSED, PropagationRecords::pausedText)
        .add(UPDATE, PropagationRecords::updateText)
        .add(ASKED, in -> Decoded.of("at " + in.u64()))
        .add(SENT, PropagationRecords::sentText)
        .add(LOST, in -> pair(in, "has lost what it held of"))
        .add(PULLED, PropagationRecords::pulledText)
        .add(FORGOTTEN, in -> about(StateId.of(in.u64()), " is over"))
        .add(PLANNED, PropagationRecords::plannedText)
        .add(REFUSED, PropagationRecords::refusedText)
        .add(RELEASED, PropagationRecords::releasedText)
        .add(DROPPED, PropagationRecords::droppedText)
        .add(EXPIRED, in -> pair(in, "is not interested any more in"))
        .build();
  }

  // ---- changes of a topology ----

  static void change(CanonicalWriter out, TopologyChange change) {
    if (change instanceof TopologyChange.Added added) {
      PropagationCodec.node(out.u8(ADDED), added.node());
      PropagationCodec.link(out, added.link());
    } else if (change instanceof TopologyChange.Removed removed) {
      PropagationCodec.node(out.u8(REMOVED), removed.node());
    } else if (change instanceof TopologyChange.Linked linked) {
      PropagationCodec.node(out.u8(LINKED), linked.node());
      PropagationCodec.link(out, linked.link());
    } else if (change instanceof TopologyChange.Connected connected) {
      PropagationCodec.edge(out.u8(CONNECTED), connected.edge());
    } else if (change instanceof TopologyChange.Disconnected gone) {
      PropagationCodec.node(out.u8(DISCONNECTED), gone.from());
      PropagationCodec.node(out, gone.to());
    }
  }

  static TopologyChange change(CanonicalReader in) {
    int kind = in.u8();
    return switch (kind) {
      case ADDED -> new TopologyChange.Added(PropagationCodec.node(in), PropagationCodec.link(in));
      case REMOVED -> new TopologyChange.Removed(PropagationCodec.node(in));
      case LINKED ->
          new TopologyChange.Linked(PropagationCodec.node(in), PropagationCodec.link(in));
      case CONNECTED -> new TopologyChange.Connected(PropagationCodec.edge(in));
      case DISCONNECTED ->
          new TopologyChange.Disconnected(PropagationCodec.node(in), PropagationCodec.node(in));
      default -> throw new EvidenceException.Malformed(1, "topology change of kind " + kind);
    };
  }

  // ---- parts of outcomes ----

  static void decision(CanonicalWriter out, PropagationDecision decision) {
    out.u64(decision.target().value()).u8(decision.reason().ordinal());
    out.u8(decision.priority().ordinal()).u64(decision.delayNanos());
    out.u8(decision.quality()).u64(decision.pathLatencyNanos());
  }

  private static PropagationDecision decision(CanonicalReader in) {
    NodeId target = NodeId.of(in.u64());
    PropagationReason reason = in.oneOf(PropagationReason.values());
    PropagationPriority priority = in.oneOf(PropagationPriority.values());
    return new PropagationDecision(target, reason, priority, in.u64(), in.u8(), in.u64());
  }

  static void delivery(CanonicalWriter out, Delivery delivery) {
    out.u64(delivery.target().value()).u64(delivery.state().value());
    OptionalLong from = delivery.fromVersion();
    out.u64(from.orElse(Subscription.HOLDS_NOTHING)).u64(delivery.toVersion());
    out.u8(delivery.keyframe() ? 1 : 0).u8(delivery.priority().ordinal());
    out.u8(delivery.quality()).u64(delivery.bytes());
  }

  private static String deliveryText(CanonicalReader in, List<Subject> subjects) {
    NodeId target = NodeId.of(in.u64());
    StateId state = StateId.of(in.u64());
    long from = in.u64();
    subjects.add(subject(target));
    subjects.add(subject(state));
    String base = from == Subscription.HOLDS_NOTHING ? "nothing" : Long.toString(from);
    String text = target + " " + state + " from " + base + " to " + in.u64();
    String kind = in.flag() ? " keyframe" : "";
    PropagationPriority priority = in.oneOf(PropagationPriority.values());
    return text + kind + ", " + priority + ", quality " + in.u8() + ", " + in.u64() + " bytes";
  }

  static void dropped(CanonicalWriter out, Outgoing.Dropped dropped) {
    decision(out.u64(dropped.state().value()), dropped.decision());
  }

  // ---- texts ----

  private static Decoded about(StateId state, String text) {
    return Decoded.of(state + text, subject(state));
  }

  private static Decoded pair(CanonicalReader in, String what) {
    NodeId node = NodeId.of(in.u64());
    StateId state = StateId.of(in.u64());
    return Decoded.of(node + " " + what + " " + state, subject(node), subject(state));
  }

  private static Decoded nodeText(CanonicalReader in) {
    NodeId node = NodeId.of(in.u64());
    return Decoded.of(node + " is gone", subject(node));
  }

  private static Decoded passed(CanonicalReader in, String what) {
    StateId state = StateId.of(in.u64());
    NodeId by = NodeId.of(in.u64());
    NodeId whom = NodeId.of(in.u64());
    return Decoded.of(
        by + what + whom + " over " + state, subject(state), subject(by), subject(whom));
  }

  private static Decoded topologyText(CanonicalReader in) {
    PropagationTopology topology = PropagationCodec.topology(in);
    String kind = topology.getClass().getSimpleName();
    return Decoded.of(kind + " of " + topology.size() + " nodes, " + topology.edgeCount());
  }

  private static Decoded authorityText(CanonicalReader in) {
    AuthoritySet set = PropagationCodec.authority(in);
    return about(set.state(), ": " + set.level() + " " + set.members());
  }

  private static Decoded declaredText(CanonicalReader in) {
    long at = in.u64();
    InterestDeclaration declaration = PropagationCodec.declaration(in);
    return Decoded.of(
        "at " + at + ": " + declaration, subject(declaration.node()), subject(declaration.state()));
  }

  private static Decoded pausedText(CanonicalReader in) {
    StateId state = StateId.of(in.u64());
    return about(state, in.flag() ? " is paused" : " goes on");
  }

  private static Decoded updateText(CanonicalReader in) {
    long at = in.u64();
    StateUpdate update = PropagationCodec.update(in);
    String proof = in.optional(PropagationCodec::proof).map(p -> ", " + p).orElse("");
    String signed = in.flag() ? ", signature good" : "";
    return Decoded.of(
        "at " + at + ": " + update + proof + signed,
        subject(update.state()),
        subject(update.source()));
  }

  private static Decoded sentText(CanonicalReader in) {
    long at = in.u64();
    NodeId node = NodeId.of(in.u64());
    String text = node + " was sent " + in.u64() + " bytes in " + in.u64() + " ns, at " + at;
    return Decoded.of(text, subject(node));
  }

  private static Decoded pulledText(CanonicalReader in) {
    long at = in.u64();
    NodeId node = NodeId.of(in.u64());
    StateId state = StateId.of(in.u64());
    String text = node + " pulled " + state + ", " + in.u64() + " bytes, at " + at;
    return Decoded.of(text, subject(node), subject(state));
  }

  private static Decoded plannedText(CanonicalReader in) {
    StateId state = StateId.of(in.u64());
    long version = in.u64();
    List<Subject> subjects = new ArrayList<>(List.of(subject(state)));
    StringBuilder text = new StringBuilder(state + " version " + version + ":");
    for (PropagationDecision decision : in.list(PropagationRecords::decision)) {
      subjects.add(subject(decision.target()));
      text.append(' ').append(decision.target()).append(' ').append(decision.reason());
      text.append(' ').append(decision.priority()).append(" in ");
      text.append(decision.delayNanos()).append(" ns, quality ").append(decision.quality());
      text.append(';');
    }
    for (NodeId node : in.list(PropagationCodec::node)) {
      subjects.add(subject(node));
      text.append(' ').append(node).append(" superseded;");
    }
    return new Decoded(text.toString(), subjects);
  }

  private static Decoded refusedText(CanonicalReader in) {
    StateId state = StateId.of(in.u64());
    NodeId source = NodeId.of(in.u64());
    String sequence = Long.toUnsignedString(in.u64());
    PropagationReason reason = in.oneOf(PropagationReason.values());
    ProofVerdict verdict = in.oneOf(ProofVerdict.values());
    String text = state + " sequence " + sequence + " of " + source + ": " + reason;
    return Decoded.of(text + ", proof " + verdict, subject(state), subject(source));
  }

  private static Decoded releasedText(CanonicalReader in) {
    List<Subject> subjects = new ArrayList<>();
    List<String> texts = in.list(each -> deliveryText(each, subjects));
    return new Decoded(String.join("; ", texts), subjects);
  }

  private static Decoded droppedText(CanonicalReader in) {
    List<Subject> subjects = new ArrayList<>();
    List<String> texts =
        in.list(each -> {
          StateId state = StateId.of(each.u64());
          PropagationDecision decision = decision(each);
          subjects.add(subject(state));
          subjects.add(subject(decision.target()));
          return decision.target() + " " + state + " " + decision.reason();
        });
    return new Decoded(String.join("; ", texts), subjects);
  }
}
