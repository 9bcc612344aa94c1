package dev.stowage;

import dev.stowage.lifecycle.OperatorRequest;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer to commands that were to be carried out with a reviewed plan: all of it in one commit,
 * or nothing.
 *
 * @param code {@code ACCEPTED}; {@code REQUESTED} if a leader has to decide; else the code of the
 *     first refused command, {@code PLAN_CHANGED} or {@code TIME_JUMP}, and nothing changed
 * @param requestId the name under which {@link Stowage#carriedOut} finds the leader's reply
 * @param askedHash the hash of the reviewed plan
 * @param planHash the hash of the plan found; empty if none was made
 * @param results the answers up to the first refused command, in order
 * @param cycle the cycle; empty unless it was carried out
 */
public record CarriedOut(
    ResultCode code,
    String requestId,
    String askedHash,
    String planHash,
    List<Result> results,
    Optional<Result.Scheduled> cycle) {
  /** Copies the list. */
  public CarriedOut {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(askedHash, "askedHash");
    Objects.requireNonNull(planHash, "planHash");
    results = List.copyOf(results);
    Objects.requireNonNull(cycle, "cycle");
  }

  /** Returns an answer to a request of which nothing was carried out. */
  public static CarriedOut refused(
      OperatorRequest request, ResultCode code, List<? extends Result> results) {
    return new CarriedOut(
        code, request.id(), request.planHash(), "", List.copyOf(results), Optional.empty());
  }

  /** Returns the refusal in words: the command refused, by its place, or both hashes. */
  public String why() {
    if (code == ResultCode.PLAN_CHANGED) {
      return "the plan is " + planHash + "; reviewed was " + askedHash;
    }
    int last = results.size() - 1;
    if (last < 0 || results.get(last).isAccepted()) {
      return "";
    }
    List<String> reasons = results.get(last).reasons();
    return "command "
        + (last + 1)
        + " is refused"
        + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons));
  }

  /** Reports whether it was carried out. */
  public boolean isAccepted() {
    return code.isAccepted();
  }
}
