package dev.stowage.evidence;

/**
 * What a log has done so far; all counts are of this log since it was built.
 *
 * @param appendedRecords records appended
 * @param keptRecords records in memory now
 * @param keptBytes bytes in memory now, as {@link Retention} counts them
 * @param trimmedRecords records trimmed from memory
 * @param waitingRecords records that the sink has not taken yet
 * @param deliveredRecords records that the sink took
 * @param spilledRecords records that went to the other sink of {@link SinkPolicy.Spill}
 * @param droppedRecords records that {@link SinkPolicy.CountDrops} gave up
 * @param sinkFailures times the sink threw, flushes included
 */
public record EvidenceStats(
    long appendedRecords,
    long keptRecords,
    long keptBytes,
    long trimmedRecords,
    long waitingRecords,
    long deliveredRecords,
    long spilledRecords,
    long droppedRecords,
    long sinkFailures) {}
