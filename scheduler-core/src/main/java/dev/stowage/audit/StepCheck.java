package dev.stowage.audit;

/** Judges one command by the state before and after it. Stateless. */
interface StepCheck {
  void check(AuditStep step, Findings findings);
}
