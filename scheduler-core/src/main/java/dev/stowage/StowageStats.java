package dev.stowage;

import dev.stowage.shape.Figure;
import dev.stowage.shape.Unit;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Counts of a facade and, while it leads, of its fleet. Immutable.
 *
 * <p>Only a leader knows {@code chunks} to {@code waitingBytes}, {@code backwardTicks}, {@code
 * digest}, {@code behindTicks}, {@code guarded}, {@code stuck}, {@code stuckBytes} and {@code
 * shortPaths}; in a follower they are {@link #NOT_KNOWN}, -1.
 *
 * @param leading true while this facade leads
 * @param epoch the epoch of its lease, 0 while it follows
 * @param commands commands executed on the mirror while it led, others' news included
 * @param rejected rejected commands
 * @param schedulingCycles scheduling cycles
 * @param visibilityCycles visibility cycles
 * @param idleCycles cycles of either kind that changed nothing
 * @param fenced times that another process took the lease
 * @param hostFailures failures that {@link StowageListener#failed} hears of
 * @param chunks chunk rows in all states
 * @param replicas replicas in all states
 * @param workers worker rows, departed workers included
 * @param pendingSwaps swaps that have not fired
 * @param waitingChunks chunks that wait for their first placement
 * @param waitingBytes bytes of those chunks
 * @param backwardTicks cycles called with a tick before the largest seen
 * @param digest the state digest
 * @param timeJumps cycles refused because they were called further ahead than time can be
 * @param behindTicks ticks of {@link StowageListener#standing} time, 0 until reported
 * @param guarded workers kept last cycle because too many would have departed at once
 * @param setAside news that this facade could not take in ({@link Stowage#quarantine})
 * @param stuck replicas not taken off their worker last cycle though no budget held them
 * @param stuckBytes bytes of those replicas, saturated at {@link Long#MAX_VALUE}
 * @param shortPaths present workers whose zone has fewer levels than another one's
 * @param suspectSamples accepted pressure samples with a value outside 0 to 1
 * @param ingestDelays ingests and offers that the governor delayed
 * @param ingestRefusals ingests and offers that the governor refused
 * @param partRecords records of transfers and propagation that became durable evidence
 * @param partRecordsDropped those for which there was no room ({@link StowageConfig.PartEvidence}),
 *     and those of a commit of unknown outcome
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
    long ingestRefusals,
    long partRecords,
    long partRecordsDropped) {
  /** The value of a count of the fleet in a facade that follows. */
  public static final int NOT_KNOWN = -1;

  /** The figures of a facade that meters show. */
  static final List<Figure<StowageStats>> FIGURES =
      List.of(
          known("replicas", "replicas in all states", StowageStats::replicas),
          known("replicas.stuck", "replicas that cannot leave", StowageStats::stuck),
          known("workers", "workers, departed ones included", StowageStats::workers),
          known(
              "workers.guarded",
              "silent workers that did not depart, because too many would have",
              StowageStats::guarded),
          known(
              "chunks.waiting",
              "chunks that wait for their first placement",
              StowageStats::waitingChunks),
          Figure.total("commands", "commands executed", StowageStats::commands),
          Figure.total("commands.rejected", "commands rejected", StowageStats::rejected),
          Figure.total("fenced", "leases lost to another process", StowageStats::fenced),
          Figure.total("host.failures", "failures of the host's code", StowageStats::hostFailures),
          Figure.total("news.set.aside", "news set aside", StowageStats::setAside),
          Figure.total(
              "evidence.parts",
              "records of transfers and propagation that became durable",
              StowageStats::partRecords),
          Figure.total(
              "evidence.parts.dropped",
              "records of transfers and propagation that were dropped",
              StowageStats::partRecordsDropped));

  private static Figure<StowageStats> known(
      String name, String sentence, ToLongFunction<StowageStats> value) {
    return Figure.of(
        name,
        Unit.NONE,
        sentence,
        stats -> {
          long found = value.applyAsLong(stats);
          return found == NOT_KNOWN ? Double.NaN : found;
        });
  }
}
