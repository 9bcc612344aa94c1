package dev.stowage.sim.kit.conformance;

import dev.stowage.lifecycle.Invariant;
import dev.stowage.lifecycle.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Trace: the same commands give the same results, rejections, ids and state digest on every
 * backend, and after a reload. One side tells what it did, the other is held against it. Not
 * thread-safe.
 */
public final class BackendsAgree {
  /**
   * One command and the answer of one backend.
   *
   * @param command the command, as text
   * @param result its result, as text
   * @param digest the state digest after it
   */
  public record Answer(String command, String result, String digest) {
    /** Refuses nulls. */
    public Answer {
      Objects.requireNonNull(command, "command");
      Objects.requireNonNull(result, "result");
      Objects.requireNonNull(digest, "digest");
    }
  }

  private BackendsAgree() {}

  /** Returns the first difference between two runs of one command list; empty if none. */
  public static List<Violation> check(List<Answer> one, List<Answer> other) {
    List<Violation> found = new ArrayList<>();
    int shared = Math.min(one.size(), other.size());
    for (int i = 0; i < shared && found.isEmpty(); i++) {
      Answer a = one.get(i);
      Answer b = other.get(i);
      if (!a.equals(b)) {
        found.add(
            new Violation(
                Invariant.BACKENDS_AGREE,
                "command " + i + " " + a.command(),
                a + " on one, " + b + " on the other"));
      }
    }
    if (found.isEmpty() && one.size() != other.size()) {
      found.add(
          new Violation(
              Invariant.BACKENDS_AGREE,
              "command " + shared,
              "one answered " + one.size() + " commands, the other " + other.size()));
    }
    return List.copyOf(found);
  }
}
