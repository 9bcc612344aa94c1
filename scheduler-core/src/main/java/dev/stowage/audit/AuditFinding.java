package dev.stowage.audit;

import dev.stowage.model.InvariantViolation;
import java.util.List;

/**
 * An audit found a state or a step that breaks a promise, and stopped the command before it was
 * durable: nothing was changed, and the next command may be given.
 */
public final class AuditFinding extends InvariantViolation {
  private static final long serialVersionUID = 1L;

  /** Names the first of the violations, of which there is one at least. */
  AuditFinding(List<Violation> violations) {
    super(violations.get(0).invariant().title(), inWords(violations));
  }

  private static String inWords(List<Violation> violations) {
    Violation first = violations.get(0);
    int more = violations.size() - 1;
    return first.subject() + ": " + first.found() + (more == 0 ? "" : " (and " + more + " more)");
  }
}
