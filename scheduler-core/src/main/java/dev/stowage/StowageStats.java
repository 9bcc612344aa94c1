package dev.stowage;

/**
 * Counts of what a facade has done and, while it leads, of what its fleet is like. Immutable.
 *
 * @param leading whether it leads
 * @param epoch the epoch of its lease, 0 while it follows
 * @param commands commands executed on the mirror, news of other processes included
 * @param rejected how many of them were rejected
 * @param schedulingCycles scheduling cycles
 * @param visibilityCycles visibility cycles
 * @param idleCycles cycles of either kind that changed nothing
 * @param fenced how often it lost the lease to somebody else
 * @param hostFailures how often the recorder or the listener failed at what had become durable; see
 *     {@link StowageListener#failed}
 * @param chunks chunk rows, in all states; 0 while it follows, as everything below
 * @param replicas replicas, in all states
 * @param workers worker rows, departed ones included
 * @param pendingSwaps swaps that have not fired
 * @param waitingChunks chunks that wait for their first placement
 * @param waitingBytes bytes of them
 * @param backwardTicks cycles that were called with a tick before the largest seen
 * @param digest the state digest
 * @param timeJumps cycles that were refused, because they were called further ahead than time can
 *     be
 * @param behindTicks by how many ticks the time that the leader is told stays behind that of its
 *     fleet; 0 unless that has lasted for {@code suspectAfter}
 * @param guarded workers that did not depart in the last cycle, because too many would have at once
 * @param setAside news that this facade has set aside, because it could not be taken in; see {@link
 *     Stowage#quarantine}
 */
public record StowageStats(
    boolean leading,
    long epoch,
    long commands,
    long rejected,
    long schedulingCycles,
    long visibilityCycles,
    long idleCycles,
    long fenced,
    long hostFailures,
    int chunks,
    int replicas,
    int workers,
    int pendingSwaps,
    long waitingChunks,
    long waitingBytes,
    long backwardTicks,
    long digest,
    long timeJumps,
    long behindTicks,
    int guarded,
    long setAside) {}
