package dev.stowage.audit;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.InvariantViolation;
import java.util.List;

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
   * @throws InvariantViolation naming the first violation and how many there are
   */
  public static void require(List<Violation> violations) {
    if (!violations.isEmpty()) {
      Violation first = violations.get(0);
      String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
      throw new InvariantViolation(
          first.invariant().title(), first.subject() + ": " + first.found() + more);
    }
  }
}
