package dev.stowage.audit;

import dev.stowage.lifecycle.Invariant;
import dev.stowage.lifecycle.Violation;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trace: with inputs still, spare capacity and no lost chunk, a fleet reaches its goal and rests.
 * Observe every cycle, then ask for the verdict. Not thread-safe.
 */
public final class Liveness {
  /** The effect of a cycle on the state, stamps included. */
  public enum CycleEffect {
    /** It wrote nothing but marks of consumed news. */
    NOTHING,
    /** It changed the state. */
    SOMETHING
  }

  private @Nullable FleetSnapshot last;
  private int cycles;
  private int restingCycles;

  /** Creates a trace without a cycle. */
  public Liveness() {}

  /** Adds a cycle with the state after it. */
  public void observe(FleetSnapshot after, CycleEffect effect) {
    last = Objects.requireNonNull(after, "after");
    cycles++;
    restingCycles = effect == CycleEffect.NOTHING ? restingCycles + 1 : 0;
  }

  /** Returns the number of most recent cycles in a row that changed nothing. */
  public int restingCycles() {
    return restingCycles;
  }

  /** Returns the obstacles to the goal; throws {@link IllegalStateException} before a cycle. */
  public List<Violation> verdict() {
    FleetSnapshot fleet = last;
    if (fleet == null) {
      throw new IllegalStateException("no cycle was observed; at least 1 is needed");
    }
    Findings findings = new Findings();
    if (restingCycles == 0) {
      findings.add(
          Invariant.LIVENESS, "fleet", "still changing after " + cycles + " cycles without inputs");
    }
    for (int chunk = 0; chunk < fleet.chunkCount(); chunk++) {
      judge(fleet, chunk, findings);
    }
    return findings.asList();
  }

  private static void judge(FleetSnapshot fleet, int chunk, Findings findings) {
    ChunkColumns chunks = fleet.chunks();
    ReplicaColumns replicas = fleet.replicas();
    int assigned = 0;
    int others = 0;
    for (int r = chunks.replicaStart[chunk]; r < chunks.replicaStart[chunk + 1]; r++) {
      assigned += replicas.isAssigned(r) ? 1 : 0;
      others += replicas.isAssigned(r) ? 0 : 1;
    }
    String subject = chunks.key[chunk].toString();
    boolean ending = chunks.marked[chunk] && chunks.state[chunk] != ChunkColumns.TOMBSTONE;
    if (chunks.isLive(chunk) && assigned < chunks.floor[chunk]) {
      findings.add(
          Invariant.LIVENESS,
          subject,
          assigned + " replicas are assigned; its floor is " + chunks.floor[chunk]);
    } else if (others > 0) {
      findings.add(
          Invariant.LIVENESS, subject, others + " replicas are still superseded or draining");
    } else if (ending || chunks.state[chunk] == ChunkColumns.DROPPED) {
      findings.add(
          Invariant.LIVENESS,
          subject,
          "its removal never ended; it is " + ChunkColumns.stateName(chunks.state[chunk]));
    }
  }
}
