package dev.stowage.deterministic;

/** Refuses a ninth guard on one task. */
public final class TooManyGuards extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  TooManyGuards(int count) {
    super(count + " guards given; at most " + Guards.MAX_COUNT + " are accepted");
  }
}
