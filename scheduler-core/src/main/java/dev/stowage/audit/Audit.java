package dev.stowage.audit;

import dev.stowage.answer.Question;
import dev.stowage.answer.Violation;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.answering.Inquiry;
import dev.stowage.lifecycle.answering.Needs;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks a fleet's promises, one pass over the rows each. Stateless and thread-safe. */
public final class Audit {
  private static final List<StateCheck> STATE_CHECKS =
      List.of(new StampsAreSane(), new NoOverlap(), new TwoPhaseIn(), new SwapAtomicity());
  private static final List<StepCheck> STEP_CHECKS =
      List.of(
          new NoOvercommit(),
          new NoOvercommit.OfDomains(),
          new HardRules(),
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

  /** Asks for a copy of the whole state, for audits and for the simulator. */
  public static final Question<LifecycleSnapshot> STATE = new WholeState();

  private record WholeState() implements Inquiry<LifecycleSnapshot> {
    @Override
    public Needs needs() {
      return new Needs.Everything();
    }

    @Override
    public LifecycleSnapshot answer(Reading reading) {
      return reading.state() instanceof LifecycleState state
          ? state.snapshot()
          : (LifecycleSnapshot) reading.state();
    }
  }

  private Audit() {}

  /** Returns the violations of state invariants, the first ones of each kind listed. */
  public static List<Violation> check(LifecycleView state) {
    return check(new Facts(state));
  }

  static List<Violation> check(Facts fleet) {
    Findings findings = new Findings();
    for (StateCheck check : STATE_CHECKS) {
      check.check(fleet, findings);
    }
    return findings.asList();
  }

  /** Returns the violations of step invariants by one command between two states. */
  public static List<Violation> checkStep(
      LifecycleView before, Command<?> command, Result result, LifecycleView after) {
    return checkStep(AuditStep.of(new Facts(before), command, result, new Facts(after)));
  }

  /** Returns the violations of step invariants by a cycle whose plan news had overtaken. */
  public static List<Violation> checkOvertaken(
      LifecycleView plannedFrom,
      LifecycleView before,
      Command<?> command,
      Result result,
      LifecycleView after) {
    return checkStep(
        AuditStep.of(new Facts(before), command, result, new Facts(after))
            .plannedFrom(new Facts(plannedFrom)));
  }

  static List<Violation> checkStep(AuditStep step) {
    Findings findings = new Findings();
    for (StepCheck check : STEP_CHECKS) {
      check.check(step, findings);
    }
    return findings.asList();
  }

  /** Throws {@link AuditFinding}, naming the first violation and their number, if there are any. */
  public static void require(List<Violation> violations) {
    if (!violations.isEmpty()) {
      throw new AuditFinding(violations);
    }
  }

  /** Audits the changes of a command, and a run of chunks per cycle. Not thread-safe. */
  public static final class Rolling {
    /** The number of chunks that a cycle judges beside those that it changed. */
    public static final int CHUNKS_A_CYCLE = 4_096;

    private final int most;
    private @Nullable ChunkKey last;
    private long lastFirst;

    /** Creates an audit that has judged nothing. */
    public Rolling() {
      this(CHUNKS_A_CYCLE);
    }

    Rolling(int most) {
      this.most = most;
    }

    /** Returns the violations of state invariants by a command's changes and their surroundings. */
    public List<Violation> changed(LifecycleView state, ChangeSet changes) {
      return Excerpt.isOfWorkers(changes)
          ? workers(state, changes)
          : judged(state, Excerpt.of(state, changes));
    }

    /** Returns the violations in the next run of chunks, in canonical order and cyclically. */
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

    private static List<Violation> workers(LifecycleView state, ChangeSet changes) {
      if (changes.workers().isEmpty()) {
        return List.of();
      }
      Findings findings = new Findings();
      for (WorkerRow row : changes.workers()) {
        WorkerFacts worker = WorkerFacts.of(row, state.watermark());
        StampsAreSane.judgeWorker(worker, state.newestWorkerAssignment().value(), findings);
      }
      return findings.asList();
    }

    private static List<Violation> judged(LifecycleView state, Excerpt excerpt) {
      return excerpt.isEmpty() ? List.of() : check(excerpt.facts());
    }
  }
}
