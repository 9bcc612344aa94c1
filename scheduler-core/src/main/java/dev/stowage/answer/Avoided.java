package dev.stowage.answer;

import dev.stowage.model.WorkerId;
import java.util.Optional;

/**
 * A path that transfers rank behind every other, or an unreachable worker: it has at least two
 * avoided paths and no arrival since; one of them may be the source's fault.
 *
 * @param worker the receiver
 * @param isUnreachable true for an unreachable worker, false for a path
 * @param source the sender of a path; empty for the origin of chunks, and for a worker
 * @param failures the number of consecutive failures, for a worker from any source
 * @param untilNanos the first nanosecond after the avoidance; for a worker, the first one with
 *     fewer than two avoided paths
 */
public record Avoided(
    WorkerId worker,
    boolean isUnreachable,
    Optional<WorkerId> source,
    int failures,
    long untilNanos) {}
