package dev.stowage.propagation.recording;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.propagation.InterestDeclaration;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.StateUpdate.StateTime;
import dev.stowage.propagation.StateUpdate.UpdateSizes;
import dev.stowage.propagation.authority.AuthorityProof;
import dev.stowage.propagation.authority.AuthorityProof.ProofPolicy;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.authority.AuthoritySet.AuthorityLevel;
import dev.stowage.propagation.paths.NodeColumns;
import dev.stowage.propagation.topology.EdgeTopology;
import dev.stowage.propagation.topology.MeshTopology;
import dev.stowage.propagation.topology.PropagationTopology;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.StarTopology;
import dev.stowage.propagation.topology.TreeTopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The canonical bytes of what goes into a scheduler. */
public final class PropagationCodec {
  private static final int STAR = 0;
  private static final int TREE = 1;
  private static final int MESH = 2;
  private static final int EDGES = 3;
  private static final int LINKED_NODE_BYTES = 18;

  private PropagationCodec() {}

  public static CanonicalWriter config(PropagationConfig config) {
    CanonicalWriter out = new CanonicalWriter();
    out.u64(config.budgetBytesPerSecond()).u64(config.mostBackgroundWaitNanos());
    out.u32(config.majorFrom()).u64(config.retainedVersions()).u64(config.longestStepNanos());
    out.optional(config.proofs().orElse(null), (o, p) -> o.u64(p.validNanos()).u64(p.aheadNanos()));
    return out;
  }

  public static PropagationConfig config(CanonicalReader in) {
    return new PropagationConfig(
        in.u64(),
        in.u64(),
        (int) in.u32(),
        in.u64(),
        in.u64(),
        in.optional(PropagationCodec::proofPolicy));
  }

  private static ProofPolicy proofPolicy(CanonicalReader in) {
    return new ProofPolicy(in.u64(), in.u64());
  }

  static void update(CanonicalWriter out, StateUpdate update) {
    UpdateSizes sizes = update.sizes();
    out.u64(update.state().value()).u64(update.source().value()).u64(update.sequence());
    out.u64(update.time().micros()).u8(update.priority().ordinal());
    out.u64(sizes.best()).u64(sizes.good()).u64(sizes.fair()).u64(sizes.poor());
    out.u8(update.keyframe() ? 1 : 0).u32(update.significance());
  }

  static StateUpdate update(CanonicalReader in) {
    return new StateUpdate(
        StateId.of(in.u64()),
        NodeId.of(in.u64()),
        in.u64(),
        new StateTime(in.u64()),
        in.oneOf(PropagationPriority.values()),
        new UpdateSizes(in.u64(), in.u64(), in.u64(), in.u64()),
        in.flag(),
        (int) in.u32());
  }

  static void proof(CanonicalWriter out, AuthorityProof proof) {
    out.u64(proof.claimer().value()).u64(proof.state().value());
    out.u64(proof.timestampNanos()).bytes(proof.signature());
  }

  static AuthorityProof proof(CanonicalReader in) {
    return AuthorityProof.of(NodeId.of(in.u64()), StateId.of(in.u64()), in.u64(), in.bytes());
  }

  static void declaration(CanonicalWriter out, InterestDeclaration declaration) {
    out.u64(declaration.node().value()).u64(declaration.state().value());
    out.u8(declaration.level().ordinal());
    out.u64(declaration.declaredAtNanos()).u64(declaration.ttlNanos());
  }

  static InterestDeclaration declaration(CanonicalReader in) {
    return new InterestDeclaration(
        NodeId.of(in.u64()),
        StateId.of(in.u64()),
        in.oneOf(InterestLevel.values()),
        in.u64(),
        in.u64());
  }

  static void authority(CanonicalWriter out, AuthoritySet set) {
    List<NodeId> founders = new ArrayList<>();
    List<NodeId[]> grants = new ArrayList<>();
    set.creator().ifPresent(founders::add);
    for (NodeId member : set.members()) {
      Optional<NodeId> granter = set.granter(member);
      if (granter.isPresent()) {
        grants.add(new NodeId[] {granter.get(), member});
      } else if (!founders.contains(member)) {
        founders.add(member);
      }
    }
    out.u64(set.state().value()).u8(set.level().ordinal());
    out.u8(set.creator().isPresent() ? 1 : 0);
    out.list(founders, PropagationCodec::node);
    out.list(grants, (o, grant) -> o.u64(grant[0].value()).u64(grant[1].value()));
  }

  static AuthoritySet authority(CanonicalReader in) {
    StateId state = StateId.of(in.u64());
    AuthorityLevel level = in.oneOf(AuthorityLevel.values());
    boolean hasCreator = in.flag();
    List<NodeId> founders = in.list(PropagationCodec::node);
    List<NodeId[]> grants = in.list(PropagationCodec::grant);
    AuthoritySet set = AuthoritySet.restored(state, level, founders, grants);
    if (!hasCreator) {
      set.withoutCreator();
    }
    return set;
  }

  private static NodeId[] grant(CanonicalReader in) {
    return new NodeId[] {NodeId.of(in.u64()), NodeId.of(in.u64())};
  }

  static void node(CanonicalWriter out, NodeId node) {
    out.u64(node.value());
  }

  static NodeId node(CanonicalReader in) {
    return NodeId.of(in.u64());
  }

  static void link(CanonicalWriter out, Link link) {
    out.u64(link.latencyNanos()).u8(link.bandwidth()).u8(link.active() ? 1 : 0);
  }

  static Link link(CanonicalReader in) {
    return new Link(in.u64(), in.u8(), in.flag());
  }

  static void edge(CanonicalWriter out, PropagationEdge edge) {
    out.u64(edge.from().value()).u64(edge.to().value());
    link(out, edge.link());
  }

  static PropagationEdge edge(CanonicalReader in) {
    return new PropagationEdge(NodeId.of(in.u64()), NodeId.of(in.u64()), link(in));
  }

  static void topology(CanonicalWriter out, PropagationTopology topology) {
    if (topology instanceof StarTopology star) {
      columns(out.u8(STAR), star.columns());
    } else if (topology instanceof TreeTopology tree) {
      columns(out.u8(TREE).u32(tree.fanOut()), tree.columns());
    } else if (topology instanceof MeshTopology mesh) {
      columns(out.u8(MESH), mesh.columns());
    } else {
      out.u8(EDGES).list(topology.nodes(), PropagationCodec::node);
      out.list(topology.edges(), PropagationCodec::edge);
    }
  }

  private static void columns(CanonicalWriter out, NodeColumns columns) {
    out.u32(columns.size());
    for (int position = 0; position < columns.size(); position++) {
      node(out, columns.node(position));
      link(out, columns.linkOf(position));
    }
  }

  static PropagationTopology topology(CanonicalReader in) {
    int kind = in.u8();
    return switch (kind) {
      case STAR -> nodes(in, StarTopology::new);
      case TREE -> {
        int fanOut = (int) in.u32();
        yield nodes(in, root -> new TreeTopology(root, fanOut));
      }
      case MESH -> {
        MeshTopology mesh = new MeshTopology();
        yield nodes(in, first -> mesh);
      }
      case EDGES -> {
        EdgeTopology edges = new EdgeTopology();
        in.list(PropagationCodec::node).forEach(edges::add);
        in.list(PropagationCodec::edge).forEach(edges::connect);
        yield edges;
      }
      default -> throw new EvidenceException.Malformed(1, "topology of kind " + kind);
    };
  }

  private interface Beginning {
    PropagationTopology with(NodeId first);
  }

  /** Nodes in the order of their positions; whoever begins it has the first or none. */
  private static PropagationTopology nodes(CanonicalReader in, Beginning beginning) {
    int count = in.count(LINKED_NODE_BYTES);
    @Nullable PropagationTopology topology = count == 0 ? new MeshTopology() : null;
    for (int i = 0; i < count; i++) {
      NodeId node = node(in);
      Link link = link(in);
      topology = topology == null ? beginning.with(node) : topology;
      if (!topology.contains(node)) {
        topology.add(node, link);
      }
    }
    return Objects.requireNonNull(topology);
  }
}
