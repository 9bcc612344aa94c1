package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The end of a step.
 *
 * @param refusal the refusal; null if there is none
 * @param isFenced true if it was refused because another scheduler leads
 * @param detail the refusal in words, possibly empty
 */
public record StepOutcome(@Nullable ResultCode refusal, boolean isFenced, String detail) {
  /** The end of a step that was carried out. */
  public static final StepOutcome DONE = new StepOutcome(null, false, "");

  /** The end of a step whose command waits for the leader in the log. */
  static final StepOutcome REQUESTED = new StepOutcome(null, false, "requested");

  /** The end of a step of a group that sent no command. */
  static final StepOutcome UNSENT = new StepOutcome(null, false, "unsent");

  /** Returns the end of a group: its first refusal, if there is one. */
  static StepOutcome ofAll(List<StepOutcome> members) {
    String words = members.stream().map(StepOutcome::word).collect(Collectors.joining(", "));
    return members.stream()
        .filter(it -> !it.isDone())
        .findFirst()
        .map(it -> new StepOutcome(it.refusal(), it.isFenced(), words))
        .orElse(DONE);
  }

  /** Returns the end of a step that was refused. */
  public static StepOutcome refused(ResultCode code) {
    return new StepOutcome(code, false, "");
  }

  static StepOutcome fenced(String detail) {
    return new StepOutcome(null, true, detail);
  }

  /** Returns the end of a step that sent one command. */
  public static StepOutcome of(Result result) {
    if (result.code() == ResultCode.REQUESTED) {
      return REQUESTED;
    }
    return result.isAccepted()
        ? DONE
        : new StepOutcome(result.code(), false, String.join("; ", result.reasons()));
  }

  /** Returns the reasons of a refusal behind a colon, or nothing. */
  public String because() {
    return detail.isEmpty() ? "" : ": " + detail;
  }

  /** Reports whether it was carried out, or waits for the leader. */
  public boolean isDone() {
    return refusal == null && !isFenced;
  }

  /** Returns one word for it: {@code ok}, {@code unsent}, {@code fenced} or the refusal. */
  String word() {
    if (refusal != null) {
      return refusal.name();
    }
    return isFenced ? "fenced" : equals(UNSENT) ? "unsent" : "ok";
  }

  String inWords() {
    if (isFenced) {
      return "fenced" + inBrackets();
    }
    if (equals(REQUESTED)) {
      return detail;
    }
    return refusal == null ? "ok" : "rejected " + refusal + inBrackets();
  }

  private String inBrackets() {
    return detail.isEmpty() ? "" : " (" + detail + ")";
  }
}
