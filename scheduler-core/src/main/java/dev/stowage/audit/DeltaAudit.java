package dev.stowage.audit;

import dev.stowage.answer.Violation;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.InvariantViolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges each cycle by comparing states: invariants of chunks that may newly break one, and all
 * step invariants. Not thread-safe; reads its views until it gets others.
 */
public final class DeltaAudit {
  /** The violations of one cycle, and the number of chunk and replica rows read. */
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

  // Percent of touched chunks above which a cycle is judged whole.
  DeltaAudit(int mostPercent) {
    this.mostPercent = mostPercent;
  }

  /** Judges a cycle between two states that must not change; any other command is judged whole. */
  public Verdict judge(
      LifecycleView before, Command<?> command, Result result, LifecycleView after) {
    LifecycleView known = judged;
    WorkerLoads sums = loads;
    judged = Objects.requireNonNull(after, "after");
    Touched touched =
        known == null || !command.isCycle()
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
   * Judges the whole fleet; throws {@link InvariantViolation} if this audit's load sums are wrong.
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

  private static List<ChunkKey> deferred(Result result) {
    return result instanceof Result.Scheduled cycle
        ? cycle.deferred().stream().map(Result.Shortage::chunk).toList()
        : List.of();
  }
}
