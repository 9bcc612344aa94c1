package dev.stowage.propagation.recording;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.RecordType;
import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.ClockVerdict;
import dev.stowage.propagation.Delivery;
import dev.stowage.propagation.InterestDeclaration;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationDecision;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.authority.AuthorityProof;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerdict;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.authority.AuthoritySet.AuthorityWatcher;
import dev.stowage.propagation.outbox.ClockGate;
import dev.stowage.propagation.topology.PropagationTopology;
import dev.stowage.propagation.topology.PropagationTopology.TopologyChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a scheduler is told and decides into the log, if there is one. The question "what
 * goes out now?" is written only once something comes of it or something else is written, so that
 * asking in vain costs no record; of several in vain the last one stands for all.
 */
public final class PropagationRecorder implements AuthorityWatcher {
  /** Decisions and deliveries of one record; more make further records. */
  static final int MOST_IN_A_RECORD = 50_000;

  private final @Nullable EvidenceLog log;
  private final CanonicalWriter out = new CanonicalWriter();
  private long writtenTime = ClockGate.NO_TIME;
  private long askedAt;
  private boolean isAskPending;

  public PropagationRecorder(@Nullable EvidenceLog log) {
    this.log = log;
  }

  // ---- inputs ----

  public void topology(PropagationTopology topology) {
    if (log != null) {
      PropagationCodec.topology(begin(), topology);
      end(PropagationRecords.TOPOLOGY);
    }
  }

  public void topologyChanged(TopologyChange change) {
    if (log != null) {
      PropagationRecords.change(begin(), change);
      end(PropagationRecords.TOPOLOGY_CHANGED);
    }
  }

  public void authority(AuthoritySet set) {
    if (log != null) {
      PropagationCodec.authority(begin(), set);
      end(PropagationRecords.AUTHORITY);
    }
  }

  @Override
  public void granting(AuthoritySet set, NodeId granter, NodeId grantee) {
    write(PropagationRecords.GRANTED, set.state(), granter, grantee);
  }

  @Override
  public void revoking(AuthoritySet set, NodeId revoker, NodeId revokee) {
    write(PropagationRecords.REVOKED, set.state(), revoker, revokee);
  }

  private void write(RecordType type, StateId state, NodeId by, NodeId whom) {
    if (log != null) {
      begin().u64(state.value()).u64(by.value()).u64(whom.value());
      end(type);
    }
  }

  public void declared(InterestDeclaration declaration, long now) {
    if (log != null) {
      PropagationCodec.declaration(begin().u64(now), declaration);
      end(PropagationRecords.DECLARED);
      timed(now);
    }
  }

  public void unregistered(NodeId node, StateId state) {
    pair(PropagationRecords.UNREGISTERED, node, state);
  }

  public void removed(NodeId node) {
    if (log != null) {
      begin().u64(node.value());
      end(PropagationRecords.NODE_REMOVED);
    }
  }

  public void expiring(long now) {
    if (log != null) {
      begin().u64(now);
      end(PropagationRecords.EXPIRING);
      timed(now);
    }
  }

  public void paused(StateId state, boolean isPaused) {
    if (log != null) {
      begin().u64(state.value()).u8(isPaused ? 1 : 0);
      end(PropagationRecords.PAUSED);
    }
  }

  public void forgotten(StateId state) {
    if (log != null) {
      begin().u64(state.value());
      end(PropagationRecords.FORGOTTEN);
    }
  }

  public void update(
      StateUpdate update, @Nullable AuthorityProof proof, boolean isSigned, long now) {
    if (log != null) {
      PropagationCodec.update(begin().u64(now), update);
      out.optional(proof, PropagationCodec::proof).u8(isSigned ? 1 : 0);
      end(PropagationRecords.UPDATE);
      timed(now);
    }
  }

  public void sent(NodeId node, long bytes, long latencyNanos, long now) {
    if (log != null) {
      begin().u64(now).u64(node.value()).u64(bytes).u64(latencyNanos);
      end(PropagationRecords.SENT);
      timed(now);
    }
  }

  public void lost(NodeId node, StateId state) {
    pair(PropagationRecords.LOST, node, state);
  }

  public void pulled(NodeId node, StateId state, long bytes, long now) {
    if (log != null) {
      begin().u64(now).u64(node.value()).u64(state.value()).u64(bytes);
      end(PropagationRecords.PULLED);
      timed(now);
    }
  }

  /** The question; kept back unless it tells a replay something about the clock. */
  public void asked(long now, ClockVerdict verdict, long stepNanos) {
    if (log == null) {
      return;
    }
    boolean tells =
        verdict != ClockVerdict.STEADY
            || writtenTime == ClockGate.NO_TIME
            || Nanos.between(writtenTime, now) > stepNanos / 2;
    if (tells) {
      flush();
    }
    askedAt = now;
    isAskPending = true;
    if (tells) {
      flush();
    }
  }

  /** Writes a question that was kept back. */
  public void flush() {
    if (log != null && isAskPending) {
      isAskPending = false;
      log.append(PropagationRecords.ASKED, out.reset().u64(askedAt));
      timed(askedAt);
    }
  }

  // ---- outcomes ----

  public void planned(PropagationPlan.Planned plan) {
    if (log == null) {
      return;
    }
    int from = 0;
    do {
      int to = Math.min(plan.decisions().size(), from + MOST_IN_A_RECORD);
      List<PropagationDecision> superseded = from == 0 ? plan.superseded() : List.of();
      begin().u64(plan.update().state().value()).u64(plan.version());
      out.list(plan.decisions().subList(from, to), PropagationRecords::decision);
      out.list(
          superseded.subList(0, Math.min(MOST_IN_A_RECORD, superseded.size())),
          (o, decision) -> o.u64(decision.target().value()));
      end(PropagationRecords.PLANNED);
      from = to;
    } while (from < plan.decisions().size());
  }

  public void refused(StateUpdate update, PropagationReason reason, ProofVerdict verdict) {
    if (log != null) {
      begin().u64(update.state().value()).u64(update.source().value()).u64(update.sequence());
      out.u8(reason.ordinal()).u8(verdict.ordinal());
      end(PropagationRecords.REFUSED);
    }
  }

  public void expired(NodeId node, StateId state) {
    pair(PropagationRecords.EXPIRED, node, state);
  }

  public void released(Outgoing outgoing) {
    if (log == null) {
      return;
    }
    List<Delivery> deliveries = outgoing.deliveries();
    for (int from = 0; from < deliveries.size(); from += MOST_IN_A_RECORD) {
      int to = Math.min(deliveries.size(), from + MOST_IN_A_RECORD);
      begin().list(deliveries.subList(from, to), PropagationRecords::delivery);
      end(PropagationRecords.RELEASED);
    }
    List<Outgoing.Dropped> dropped = outgoing.dropped();
    for (int from = 0; from < dropped.size(); from += MOST_IN_A_RECORD) {
      int to = Math.min(dropped.size(), from + MOST_IN_A_RECORD);
      begin().list(dropped.subList(from, to), PropagationRecords::dropped);
      end(PropagationRecords.DROPPED);
    }
  }

  private void pair(RecordType type, NodeId node, StateId state) {
    if (log != null) {
      begin().u64(node.value()).u64(state.value());
      end(type);
    }
  }

  private CanonicalWriter begin() {
    flush();
    return out.reset();
  }

  private void end(RecordType type) {
    if (log != null) {
      log.append(type, out);
    }
  }

  private void timed(long now) {
    writtenTime = Math.max(writtenTime, now);
  }
}
