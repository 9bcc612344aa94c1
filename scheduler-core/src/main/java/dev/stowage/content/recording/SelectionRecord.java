package dev.stowage.content.recording;

import dev.stowage.content.ScheduleReason;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A selection as the log holds it: what its evidence says, and how the flows of the chosen class
 * stood behind it.
 *
 * @param decisionId 1 for the first decision, unsigned
 * @param selectedId the chosen item
 * @param reason the rule that decided
 * @param alternatives up to three ids that were not chosen, in rank
 * @param band the band in force
 * @param pressure the snapshot in force; empty before the first
 * @param fairness how the flows stood
 */
public record SelectionRecord(
    long decisionId,
    long selectedId,
    ScheduleReason reason,
    List<Long> alternatives,
    PressureBand band,
    Optional<PressureSnapshot> pressure,
    FairnessState fairness) {
  /** Copies the list. */
  public SelectionRecord {
    alternatives = List.copyOf(alternatives);
  }

  /**
   * How the flows of a class stood.
   *
   * @param flowCount how many have something waiting
   * @param flows at most {@value ContentRecorder#MOST_FLOWS} of them, those that began last first
   */
  public record FairnessState(long flowCount, List<FlowState> flows) {
    /** Copies the list. */
    public FairnessState {
      flows = List.copyOf(flows);
    }
  }

  /**
   * How a flow stood.
   *
   * @param stream the stream's id; 0 for items without one
   * @param sentBytes what it sent since it became backlogged
   * @param deficitBytes what it may still send in its turn
   */
  public record FlowState(long stream, long sentBytes, long deficitBytes) {}

  /** Reads the payload of a {@code CONTENT_SELECTED} record. */
  public static SelectionRecord read(CanonicalReader in) {
    long decision = in.u64();
    long selected = in.u64();
    ScheduleReason reason = in.oneOf(ScheduleReason.values());
    PressureBand band = in.oneOf(PressureBand.values());
    int count = in.u8();
    List<Long> alternatives = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      alternatives.add(in.u64());
    }
    Optional<PressureSnapshot> pressure = in.optional(PressureSnapshot::read);
    long flowCount = in.u32();
    List<FlowState> flows = in.list(r -> new FlowState(r.u64(), r.u64(), r.u64()));
    return new SelectionRecord(
        decision,
        selected,
        reason,
        alternatives,
        band,
        pressure,
        new FairnessState(flowCount, flows));
  }
}
