package dev.stowage.content;

import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Why an item was chosen. The record in the log says the same, and how the flows of its class
 * stood.
 *
 * @param decisionId 1 for the first decision, unsigned
 * @param selectedId the chosen item
 * @param reason the rule that decided
 * @param alternativeCount how many of the three alternatives there are
 * @param firstAlternative the best-ranked of those that were not chosen, held back ones left out
 * @param secondAlternative the next
 * @param thirdAlternative the next
 * @param band the band in force
 * @param pressure the snapshot in force
 * @param decidedAtNanos when
 * @param recordIndex where the log holds the record; -1 without a log
 */
public record ScheduleEvidence(
    long decisionId,
    long selectedId,
    ScheduleReason reason,
    int alternativeCount,
    long firstAlternative,
    long secondAlternative,
    long thirdAlternative,
    PressureBand band,
    PressureSnapshot pressure,
    long decidedAtNanos,
    long recordIndex) {
  /** Ids of the next three in rank that were not chosen; fewer if fewer were there. */
  public List<Long> alternatives() {
    List<Long> ids = new ArrayList<>(alternativeCount);
    long[] all = {firstAlternative, secondAlternative, thirdAlternative};
    for (int i = 0; i < alternativeCount; i++) {
      ids.add(all[i]);
    }
    return ids;
  }

  /** Index of the log's record from which the decision can be replayed; empty without a log. */
  public OptionalLong replayPointer() {
    return recordIndex < 0 ? OptionalLong.empty() : OptionalLong.of(recordIndex);
  }
}
