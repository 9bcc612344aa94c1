package dev.stowage.audit;

import dev.stowage.answer.Violation;
import dev.stowage.model.InvariantViolation;
import java.util.List;

/** Thrown if an audit stopped a command before it was durable; the next command may be given. */
public final class AuditFinding extends InvariantViolation {
  private static final long serialVersionUID = 1L;

  AuditFinding(List<Violation> violations) {
    super(violations.get(0).invariant().title(), inWords(violations));
  }

  private static String inWords(List<Violation> violations) {
    Violation first = violations.get(0);
    int more = violations.size() - 1;
    return first.subject() + ": " + first.found() + (more == 0 ? "" : " (and " + more + " more)");
  }
}
