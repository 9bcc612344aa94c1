package dev.stowage.engine;

import dev.stowage.store.QuarantinedNews;
import java.util.Optional;

/**
 * What is not well with a facade that goes on all the same.
 *
 * @param slowTime that the time it is told stays behind, in words
 * @param refusal what its recorder threw last, if that takes no records
 * @param waitingRecords how many records the recorder has not taken
 * @param setAside how many pieces of news it has set aside so far
 * @param lastSetAside the last of them
 * @param patienceNanos how long time may stand still: {@code suspectAfter} on the host's clock, 0
 *     while it follows
 */
public record Standing(
    Optional<String> slowTime,
    Optional<Throwable> refusal,
    long waitingRecords,
    long setAside,
    Optional<QuarantinedNews> lastSetAside,
    long patienceNanos) {}
