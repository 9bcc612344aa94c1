package dev.stowage.audit;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one place to ask whether a fleet keeps its promises. Stateless and thread-safe; a check costs
 * one pass over the snapshot per invariant and changes nothing.
 */
public final class Audit {
  private static final List<StateCheck> STATE_CHECKS =
      List.of(new StampsAreSane(), new NoOverlap(), new TwoPhaseIn(), new SwapAtomicity());
  private static final List<StepCheck> STEP_CHECKS =
      List.of(
          new NoOvercommit(),
          new NoOvercommit.OfDomains(),
          new RetainedReplicas(),
          new LastReplica(),
          new AtomicFirstPublication(),
          new TwoPhaseIn(),
          new PromotionGate(),
          new TwoPhaseOut(),
          new ReleaseRule(),
          new VisibilityIsMonotone(),
          new SwapAtomicity(),
          new FiringOrder(),
          new JustifiedDeferral(),
          new NothingGoesBack(),
          new MintedOnChange(),
          new PortalMintedOnChange(),
          new ReportsAreFresh(),
          new HorizonsAreKept(),
          new TimeIsTrusted());

  private Audit() {}

  /** Every violation of a state invariant in {@code fleet}, the first ones of each kind listed. */
  public static List<Violation> check(FleetSnapshot fleet) {
    Findings findings = new Findings();
    for (StateCheck check : STATE_CHECKS) {
      check.check(fleet, findings);
    }
    return findings.asList();
  }

  /**
   * Every violation of a step invariant by one command.
   *
   * @param before the state before it
   * @param command the command
   * @param result its answer
   * @param after the state after it
   */
  public static List<Violation> checkStep(
      FleetSnapshot before, Command<?> command, Result result, FleetSnapshot after) {
    return checkStep(AuditStep.of(before, command, result, after));
  }

  /**
   * Every violation of a step invariant by a cycle whose plan was overtaken by news: that is part
   * of {@code before}, and the plan did not know of it.
   *
   * @param plannedFrom the state that the plan was made from
   * @param before the state before the cycle
   * @param command the cycle
   * @param result its answer
   * @param after the state after it
   */
  public static List<Violation> checkOvertaken(
      FleetSnapshot plannedFrom,
      FleetSnapshot before,
      Command<?> command,
      Result result,
      FleetSnapshot after) {
    return checkStep(AuditStep.of(before, command, result, after).plannedFrom(plannedFrom));
  }

  static List<Violation> checkStep(AuditStep step) {
    Findings findings = new Findings();
    for (StepCheck check : STEP_CHECKS) {
      check.check(step, findings);
    }
    return findings.asList();
  }

  /**
   * Stops a step that broke a promise.
   *
   * @throws AuditFinding naming the first violation and how many there are
   */
  public static void require(List<Violation> violations) {
    if (!violations.isEmpty()) {
      throw new AuditFinding(violations);
    }
  }

  /**
   * State audits at the cost of what changed: of what a command changed, right after it, and of a
   * run of chunks after each cycle, so that every chunk is judged again and again, whatever happens
   * to it. Remembers where the next run begins; not thread-safe.
   */
  public static final class Rolling {
    /** How many chunks a cycle judges beside those that it changed. */
    public static final int CHUNKS_A_CYCLE = 4_096;

    private final int most;
    private @Nullable ChunkKey last;
    private long lastFirst;

    /** One that has judged nothing. */
    public Rolling() {
      this(CHUNKS_A_CYCLE);
    }

    /** The same with runs of at most so many chunks. */
    Rolling(int most) {
      this.most = most;
    }

    /** Every violation of a state invariant by what a command changed, and what lies around it. */
    public List<Violation> changed(LifecycleView state, ChangeSet changes) {
      return Excerpt.isOfWorkers(changes)
          ? workers(state, changes)
          : judged(state, Excerpt.of(state, changes));
    }

    /** The same of the next run of chunks in canonical order; after the last come the first. */
    public List<Violation> next(LifecycleView state) {
      int[] run = state.chunksBehind(last, lastFirst, most);
      if (run.length == 0 && last != null) {
        run = state.chunksBehind(null, 0, most);
      }
      if (run.length == 0) {
        last = null;
        return List.of();
      }
      int end = run[run.length - 1];
      last = state.chunkKey(end);
      lastFirst = state.chunkRange(end).first();
      return judged(state, Excerpt.of(state, run));
    }

    /** A report changes its worker, and a fleet gets many. */
    private static List<Violation> workers(LifecycleView state, ChangeSet changes) {
      if (changes.workers().isEmpty()) {
        return List.of();
      }
      Findings findings = new Findings();
      for (WorkerRow row : changes.workers()) {
        long applied = state.reportedApplied(row.position());
        long newest = state.newestWorkerAssignment().value();
        StampsAreSane.judgeWorker(row.id(), applied, newest, findings);
      }
      return findings.asList();
    }

    private static List<Violation> judged(LifecycleView state, Excerpt excerpt) {
      return excerpt.isEmpty() ? List.of() : Audit.check(FleetReader.read(state, excerpt));
    }
  }
}
