package dev.stowage.engine;

import dev.stowage.command.Result;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;

/** Problems of a facade that goes on; {@code patienceNanos} is 0 in a follower. */
public record FacadeProblems(
    Optional<String> slowTime,
    Optional<String> noExecutor,
    Optional<Throwable> refusal,
    long waitingRecords,
    long setAside,
    Optional<Result.Scheduled> cycle,
    List<WorkerId> guarded,
    long patienceNanos) {
  List<Result.Stuck> stuck() {
    return cycle.map(Result.Scheduled::stuck).orElse(List.of());
  }

  List<Result.Shortage> deferred() {
    return cycle.map(Result.Scheduled::deferred).orElse(List.of());
  }
}
