package dev.stowage.audit;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.InvariantViolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges one cycle after another, each by what changed since the cycle before: every state
 * invariant of the chunks that may break one now and did not when they were judged last, and every
 * step invariant of the cycle. What changed is found by comparing the states, not by what the
 * engine says that it wrote.
 *
 * <p>A state that held every invariant, and holds one no more, is found by the cycle in which that
 * happens. {@link #whole} trusts nothing that was judged before. Not thread-safe; reads the views
 * that it is given until it is given others.
 */
public final class DeltaAudit {
  /**
   * Holds the result of one cycle.
   *
   * @param found every violation, the first ones of each kind listed
   * @param facts rows of chunks and replicas that were looked at
   */
  public record Verdict(List<Violation> found, long facts) {
    /** Copies the list. */
    public Verdict {
      found = List.copyOf(found);
    }
  }

  private static final int MOST_PERCENT = 50;

  private final int mostPercent;
  private @Nullable LifecycleView judged;
  private @Nullable WorkerLoads loads;

  /** Creates an audit that has judged nothing: its first cycle is judged whole. */
  public DeltaAudit() {
    this(MOST_PERCENT);
  }

  /** Judges a cycle whole if it touches more than this share of the chunks. */
  DeltaAudit(int mostPercent) {
    this.mostPercent = mostPercent;
  }

  /**
   * Judges one cycle, and the state that it led to. Any other command is judged whole.
   *
   * @param before the state before it, which does not change
   * @param command the cycle
   * @param result its answer
   * @param after the state after it, which does not change
   */
  public Verdict judge(
      LifecycleView before, Command<?> command, Result result, LifecycleView after) {
    LifecycleView known = judged;
    WorkerLoads sums = loads;
    judged = Objects.requireNonNull(after, "after");
    Touched touched =
        known == null || !isCycle(command)
            ? null
            : Touched.between(List.of(known, before, after), deferred(result), mostPercent);
    if (known == null || sums == null || touched == null) {
      FleetSnapshot old = FleetSnapshot.of(before);
      FleetSnapshot young = FleetSnapshot.of(after, old);
      loads = WorkerLoads.of(young);
      return verdict(AuditStep.of(old, command, result, young), loads);
    }
    FleetSnapshot young = touched.read(after);
    WorkerLoads now = sums.copy();
    now.add(touched.read(known), -1);
    now.add(young, 1);
    loads = now;
    return verdict(AuditStep.of(touched.read(before), command, result, young), now);
  }

  private static Verdict verdict(AuditStep step, WorkerLoads loads) {
    FleetSnapshot after = step.after();
    List<Violation> found = new ArrayList<>(Audit.check(after));
    found.addAll(Audit.checkStep(step.with(loads)));
    return new Verdict(found, 2L * after.chunkCount() + 2L * after.replicaCount());
  }

  /**
   * Judges every state invariant of the whole fleet, whatever was judged before.
   *
   * @throws InvariantViolation if this audit has lost count of what lies on a worker
   */
  public Verdict whole(LifecycleView now) {
    FleetSnapshot fleet = FleetSnapshot.of(now);
    WorkerLoads counted = WorkerLoads.of(fleet);
    WorkerLoads known = loads;
    boolean isJudged = judged != null && judged.digest() == now.digest();
    if (isJudged && known != null && !known.isLike(counted)) {
      throw new InvariantViolation(
          "audit",
          "bytes by worker are "
              + Arrays.toString(counted.bytes())
              + ", and were counted as "
              + Arrays.toString(known.bytes()));
    }
    judged = now;
    loads = counted;
    return new Verdict(Audit.check(fleet), fleet.chunkCount() + (long) fleet.replicaCount());
  }

  private static boolean isCycle(Command<?> command) {
    return command instanceof Command.Schedule || command instanceof Command.Publish;
  }

  private static List<ChunkKey> deferred(Result result) {
    return result instanceof Result.Scheduled cycle
        ? cycle.deferred().stream().map(Result.Shortage::chunk).toList()
        : List.of();
  }
}
