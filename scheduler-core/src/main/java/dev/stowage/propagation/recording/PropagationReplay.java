package dev.stowage.propagation.recording;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordType;
import dev.stowage.propagation.InterestMap;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.topology.EdgeTopology;
import dev.stowage.propagation.topology.PropagationTopology;
import dev.stowage.propagation.topology.PropagationTopology.TopologyChange;
import dev.stowage.propagation.topology.StarTopology;
import dev.stowage.propagation.topology.TreeTopology;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Tells a scheduler again what it was told. */
public final class PropagationReplay {
  private final PropagationScheduler scheduler;
  private final ReplayedProofs proofs;
  private final Map<Integer, Consumer<CanonicalReader>> inputs = new TreeMap<>();

  public PropagationReplay(PropagationScheduler scheduler, ReplayedProofs proofs) {
    this.scheduler = scheduler;
    this.proofs = proofs;
    on(PropagationRecords.TOPOLOGY, in -> scheduler.use(PropagationCodec.topology(in)));
    on(PropagationRecords.TOPOLOGY_CHANGED, in -> change(PropagationRecords.change(in)));
    on(PropagationRecords.AUTHORITY, in -> scheduler.use(PropagationCodec.authority(in)));
    on(PropagationRecords.GRANTED, in -> set(in).grant(node(in), node(in)));
    on(PropagationRecords.REVOKED, in -> set(in).revoke(node(in), node(in)));
    on(PropagationRecords.DECLARED, this::declare);
    on(PropagationRecords.UNREGISTERED, in -> interests().unregister(node(in), state(in)));
    on(PropagationRecords.NODE_REMOVED, in -> interests().removeNode(node(in)));
    on(PropagationRecords.EXPIRING, in -> interests().expire(in.u64()));
    on(PropagationRecords.PAUSED, this::pause);
    on(PropagationRecords.UPDATE, this::update);
    on(PropagationRecords.ASKED, in -> scheduler.due(in.u64()));
    on(PropagationRecords.SENT, this::sent);
    on(PropagationRecords.LOST, in -> scheduler.lost(node(in), state(in)));
    on(PropagationRecords.PULLED, this::pulled);
    on(PropagationRecords.FORGOTTEN, in -> scheduler.forget(state(in)));
  }

  private void on(RecordType type, Consumer<CanonicalReader> input) {
    inputs.put(type.wire(), input);
  }

  public void replay(EvidenceRecord input) {
    Consumer<CanonicalReader> told = inputs.get(input.wire());
    if (told == null) {
      throw new EvidenceException.UnknownType(input.index(), input.wire());
    }
    try {
      told.accept(input.reader());
    } catch (IllegalArgumentException | IllegalStateException refused) {
      throw new EvidenceException.Malformed(
          0, "record " + input.index() + " is no input: " + refused.getMessage());
    }
  }

  private InterestMap interests() {
    return scheduler.interests();
  }

  private AuthoritySet set(CanonicalReader in) {
    StateId state = state(in);
    return scheduler
        .authority(state)
        .orElseThrow(() -> new IllegalArgumentException("no authority over " + state));
  }

  private void declare(CanonicalReader in) {
    long now = in.u64();
    interests().register(PropagationCodec.declaration(in), now);
  }

  private void pause(CanonicalReader in) {
    StateId state = state(in);
    if (in.flag()) {
      scheduler.pause(state);
    } else {
      scheduler.resume(state);
    }
  }

  private void update(CanonicalReader in) {
    long now = in.u64();
    StateUpdate update = PropagationCodec.update(in);
    var proof = in.optional(PropagationCodec::proof);
    proofs.expect(in.flag());
    if (proof.isPresent()) {
      scheduler.schedule(update, proof.get(), now);
    } else {
      scheduler.schedule(update, now);
    }
  }

  private void sent(CanonicalReader in) {
    long now = in.u64();
    scheduler.recordSend(node(in), in.u64(), in.u64(), now);
  }

  private void pulled(CanonicalReader in) {
    long now = in.u64();
    scheduler.pulled(node(in), state(in), in.u64(), now);
  }

  private void change(TopologyChange change) {
    PropagationTopology topology = scheduler.topology();
    if (change instanceof TopologyChange.Added added) {
      topology.add(added.node(), added.link());
    } else if (change instanceof TopologyChange.Removed removed) {
      topology.remove(removed.node());
    } else if (change instanceof TopologyChange.Linked linked) {
      if (topology instanceof StarTopology star) {
        star.link(linked.node(), linked.link());
      } else if (topology instanceof TreeTopology tree) {
        tree.link(linked.node(), linked.link());
      }
    } else if (topology instanceof EdgeTopology edges) {
      if (change instanceof TopologyChange.Connected connected) {
        edges.connect(connected.edge());
      } else if (change instanceof TopologyChange.Disconnected gone) {
        edges.disconnect(gone.from(), gone.to());
      }
    }
  }

  private static NodeId node(CanonicalReader in) {
    return PropagationCodec.node(in);
  }

  private static StateId state(CanonicalReader in) {
    return StateId.of(in.u64());
  }
}
