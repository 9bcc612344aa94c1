package dev.stowage.content;

import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.content.ContentStats.FlowStats;
import dev.stowage.content.Decision.ScheduleEvidence;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Decision.ThrottleEvidence;
import dev.stowage.evidence.parts.Records;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;

/** Declares the records of a content scheduler. */
final class ContentRecords {
  private static final Shape<PressureSnapshot> PRESSURE = Shape.of(PressureSnapshot.class);

  static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(0x0300, "content_scheduled", Scheduled.class)
          .input(0x0301, "content_batch_scheduled", BatchScheduled.class)
          .question(0x0302, Asked.class, Shape.derived("content_asked", Asked.class))
          .input(0x0303, "content_pressure", Pressed.class)
          .input(0x0304, "content_cancel", CancelAsked.class)
          .input(
              0x0305,
              Completed.class,
              Shape.derived("content_completed", Completed.class, ContentRecords::item))
          .input(
              0x0306,
              Failed.class,
              Shape.derived("content_failed", Failed.class, ContentRecords::item))
          .input(0x0307, "content_cleared", Cleared.class)
          .input(0x0308, "content_cancel_flow", CancelFlowAsked.class)
          .input(
              0x030A,
              Reclassified.class,
              Shape.derived("content_reclassified", Reclassified.class, ContentRecords::item))
          .input(0x030B, "content_limit", Limited.class)
          .input(0x030C, Selected.class, Selected.SHAPE)
          .input(0x030D, Throttled.class, Throttled.SHAPE)
          .outcome(
              0x0312,
              Expired.class,
              Shape.derived("content_expired", Expired.class, ContentRecords::item))
          .outcome(
              0x0313, Shed.class, Shape.derived("content_shed", Shed.class, ContentRecords::item))
          .outcome(
              0x0314,
              Refused.class,
              Shape.derived("content_refused", Refused.class, ContentRecords::item))
          .outcome(
              0x0315,
              Cancelled.class,
              Shape.derived("content_cancelled", Cancelled.class, ContentRecords::item))
          .outcome(
              0x0316,
              Ready.class,
              Shape.derived("content_ready", Ready.class, ContentRecords::item))
          .outcome(
              0x0317,
              Retry.class,
              Shape.derived("content_retry", Retry.class, ContentRecords::item))
          .outcome(
              0x0318,
              GivenUp.class,
              Shape.derived("content_given_up", GivenUp.class, ContentRecords::item))
          .build();

  private ContentRecords() {}

  private static void item(Shape.Builder<?> row) {
    row.number("item").printedBy(ContentItem::printed).subject("item");
  }

  sealed interface Input {}

  sealed interface Outcome {}

  record Scheduled(long atNanos, ContentItem item) implements Input {}

  record BatchScheduled(long atNanos, List<ContentItem> items) implements Input {}

  record Asked(long atNanos) implements Input {}

  record Pressed(long atNanos, PressureSnapshot snapshot) implements Input {}

  record CancelAsked(@Declare(form = "ID", forms = ContentItem.class) long item) implements Input {}

  record CancelFlowAsked(Flow flow) implements Input {}

  record Completed(long item) implements Input {}

  record Failed(long item, long atNanos, String reason) implements Input {}

  record Reclassified(
      long item,
      @Declare(name = "to") PriorityClass priorityClass,
      double utility,
      @Declare(orElse = Long.MAX_VALUE, word = "never") long deadlineNanos)
      implements Input {}

  record Limited(String destination, int items, Optional<ByteRate> rate) implements Input {}

  record Cleared(boolean isPressureKept) implements Input {}

  /**
   * A question with its answer, which a replay gives anew: a selection, with up to three
   * alternatives in rank and up to eight flows in the order of their turns.
   */
  record Selected(ScheduleEvidence why, int flowCount, List<FlowStats> flows, long stream)
      implements Input {
    static final Shape<Selected> SHAPE =
        Shape.of(
            "content_selected",
            row -> {
              var at = row.number("at_nanos", it -> it.why.decidedAtNanos());
              var decision = row.number("decision", it -> it.why.decisionId()).unsigned();
              var item = row.number("item", it -> it.why.selectedId());
              item.printedBy(ContentItem::printed).subject("item");
              var reason = row.oneOf("reason", ScheduleReason.class, it -> it.why.reason());
              var band = row.oneOf("band", PressureBand.class, it -> it.why.band());
              var before = row.list("before", it -> it.why.alternatives(), ContentItem.ID);
              var count = row.number("flow_count", Selected::flowCount).narrow();
              var flows = row.list("flows", Selected::flows, Forms.row(FlowStats.SHAPE));
              var pressure = row.nested("pressure", it -> it.why.pressure(), PRESSURE);
              pressure.orElse(PressureSnapshot.NONE);
              var stream = row.number("stream", Selected::stream).unsigned().orElse(0);
              return v ->
                  new Selected(
                      new ScheduleEvidence(
                          decision.of(v),
                          item.of(v),
                          reason.of(v),
                          before.of(v),
                          band.of(v),
                          pressure.of(v),
                          at.of(v),
                          -1),
                      count.intOf(v),
                      flows.of(v),
                      stream.of(v));
            });
  }

  /** A question that no item answers, and why. */
  record Throttled(ThrottleEvidence why) implements Input {
    static final Shape<Throttled> SHAPE =
        Shape.of(
            "content_throttled",
            row -> {
              var at = row.number("at_nanos", it -> it.why.decidedAtNanos());
              var reason = row.oneOf("reason", ScheduleReason.class, it -> it.why.reason());
              var highest =
                  row.oneOf("highest_waiting", PriorityClass.class, it -> it.why.highestHeld());
              var band = row.oneOf("band", PressureBand.class, it -> it.why.band());
              var pressure = row.nested("pressure", it -> it.why.pressure(), PRESSURE);
              pressure.orElse(PressureSnapshot.NONE);
              return v ->
                  new Throttled(
                      new ThrottleEvidence(
                          reason.of(v), highest.of(v), band.of(v), pressure.of(v), at.of(v), -1));
            });
  }

  record Expired(long item, long deadlineNanos) implements Outcome {}

  record Shed(long item, @Declare(name = "for", form = "ID", forms = ContentItem.class) long coming)
      implements Outcome {}

  record Refused(long item, ScheduleOutcome why) implements Outcome {}

  record Cancelled(long item, boolean isInFlight) implements Outcome {}

  record Ready(long item) implements Outcome {}

  record Retry(long item, int failures, long atNanos) implements Outcome {}

  record GivenUp(long item, int failures) implements Outcome {}
}
