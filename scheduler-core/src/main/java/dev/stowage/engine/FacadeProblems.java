package dev.stowage.engine;

import dev.stowage.store.QuarantinedNews;
import java.util.Optional;

/** Problems of a facade that goes on; {@code patienceNanos} is 0 in a follower. */
public record FacadeProblems(
    Optional<String> slowTime,
    Optional<String> noExecutor,
    Optional<Throwable> refusal,
    long waitingRecords,
    long setAside,
    Optional<QuarantinedNews> lastSetAside,
    long patienceNanos) {}
