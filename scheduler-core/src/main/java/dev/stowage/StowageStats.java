package dev.stowage;

/**
 * Counts of what a facade has done and, while it leads, of what its fleet is like. Immutable.
 *
 * <p>What the fleet is like only a leader knows, which has it in memory: to count it in the store
 * takes as long as to load it. A facade that follows says {@link #NOT_KNOWN} of it, -1, and nothing
 * that could be taken for a count. Who wants these figures asks the facade that leads ({@link
 * Stowage#isLeading}).
 *
 * @param leading whether it leads
 * @param epoch the epoch of its lease, 0 while it follows
 * @param commands commands executed on the mirror while it led, news of other processes included;
 *     what it passes on to the store while it follows is the next leader's to count
 * @param rejected how many of them were rejected
 * @param schedulingCycles scheduling cycles
 * @param visibilityCycles visibility cycles
 * @param idleCycles cycles of either kind that changed nothing
 * @param fenced how often it lost the lease to somebody else
 * @param hostFailures how often the recorder or the listener failed at what had become durable, or
 *     a service's sender or courier did; see {@link StowageListener#failed}
 * @param chunks chunk rows, in all states; {@link #NOT_KNOWN} while it follows
 * @param replicas replicas, in all states; as {@code chunks}
 * @param workers worker rows, departed ones included; as {@code chunks}
 * @param pendingSwaps swaps that have not fired; as {@code chunks}
 * @param waitingChunks chunks that wait for their first placement; as {@code chunks}
 * @param waitingBytes bytes of them; as {@code chunks}
 * @param backwardTicks cycles that were called with a tick before the largest seen; as {@code
 *     chunks}
 * @param digest the state digest; as {@code chunks}
 * @param timeJumps cycles that were refused, because they were called further ahead than time can
 *     be
 * @param behindTicks by how many ticks the time that the leader is told stays behind that of its
 *     fleet, or how many it lacks by the store's clock; 0 unless that has lasted for {@code
 *     suspectAfter}, see {@link StowageListener#standing}; as {@code chunks}
 * @param guarded workers that did not depart in the last cycle, because too many would have at
 *     once; as {@code chunks}
 * @param setAside news that this facade has set aside, because it could not be taken in; see {@link
 *     Stowage#quarantine}
 * @param stuck replicas that the last scheduling cycle could not take off their worker, although no
 *     budget held them back; see {@link Stowage#leaving}; as {@code chunks}
 * @param stuckBytes bytes of them, the largest long where that cannot hold the sum; as {@code
 *     chunks}
 * @param shortPaths workers that have not departed and whose zone has fewer levels than another
 *     one's, as while a fleet is described anew: below its last level each is a domain of its own.
 *     A worker without a zone is none of them; as {@code chunks}
 * @param suspectSamples accepted samples of pressure with a value that is none between 0 and 1, of
 *     the host and, while it led, of workers
 * @param ingestDelays commands of {@link Stowage#ingest} and {@link Stowage#offer} whose sender the
 *     governor asked to wait, though their chunks came in; see {@link StowageListener#admission}
 * @param ingestRefusals commands of the same that the governor refused
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
    long setAside,
    int stuck,
    long stuckBytes,
    int shortPaths,
    long suspectSamples,
    long ingestDelays,
    long ingestRefusals) {
  /** What a facade that follows says of the fleet. */
  public static final int NOT_KNOWN = -1;
}
