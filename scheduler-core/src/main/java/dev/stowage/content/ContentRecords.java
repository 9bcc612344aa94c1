package dev.stowage.content;

import static dev.stowage.shape.RecordShapes.flag;
import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.oneOf;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.text;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.content.ContentStats.FlowStats;
import dev.stowage.content.Decision.ScheduleEvidence;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Decision.ThrottleEvidence;
import dev.stowage.evidence.parts.Records;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.Forms;
import dev.stowage.shape.RecordShapes.Column;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Declares the records of a content scheduler. */
final class ContentRecords {
  private static final Shape<PressureSnapshot> PRESSURE = Shape.of(PressureSnapshot.class);

  static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(
              0x0300,
              Scheduled.class,
              shape(
                  "content_scheduled",
                  at(Scheduled::atNanos),
                  nested("item", Scheduled::item, ContentItem.SHAPE),
                  Scheduled::new))
          .input(
              0x0301,
              BatchScheduled.class,
              shape(
                  "content_batch_scheduled",
                  at(BatchScheduled::atNanos),
                  value("items", BatchScheduled::items, Forms.list(Forms.row(ContentItem.SHAPE))),
                  BatchScheduled::new))
          .question(0x0302, Asked.class, shape("content_asked", at(Asked::atNanos), Asked::new))
          .input(
              0x0303,
              Pressed.class,
              shape(
                  "content_pressure",
                  at(Pressed::atNanos),
                  nested("snapshot", Pressed::snapshot, PRESSURE),
                  Pressed::new))
          .input(
              0x0304,
              CancelAsked.class,
              shape(
                  "content_cancel",
                  value("item", CancelAsked::item, ContentItem.ID),
                  CancelAsked::new))
          .input(
              0x0305,
              Completed.class,
              shape("content_completed", id(Completed::item), Completed::new))
          .input(
              0x0306,
              Failed.class,
              shape(
                  "content_failed",
                  id(Failed::item),
                  at(Failed::atNanos),
                  value("reason", Failed::reason, Forms.TEXT),
                  Failed::new))
          .input(
              0x0307,
              Cleared.class,
              shape(
                  "content_cleared", flag("pressure_kept", Cleared::isPressureKept), Cleared::new))
          .input(
              0x0308,
              CancelFlowAsked.class,
              shape(
                  "content_cancel_flow",
                  nested("flow", CancelFlowAsked::flow, Flow.SHAPE),
                  CancelFlowAsked::new))
          .input(
              0x030A,
              Reclassified.class,
              Shape.of(
                  "content_reclassified",
                  row -> {
                    var item = id(Reclassified::item).in(row);
                    var to = row.oneOf("to", PriorityClass.class, Reclassified::priorityClass);
                    var utility = row.real("utility", Reclassified::utility);
                    var deadline = row.number("deadline_nanos", Reclassified::deadlineNanos);
                    deadline.orElse(Long.MAX_VALUE, "never");
                    return v ->
                        new Reclassified(
                            item.apply(v), to.of(v), utility.realOf(v), deadline.of(v));
                  }))
          .input(
              0x030B,
              Limited.class,
              shape(
                  "content_limit",
                  text("destination", Limited::destination),
                  narrow("items", Limited::items),
                  value("rate", Limited::rate, Forms.optional(ByteRate.FORM)),
                  Limited::new))
          .input(0x030C, Selected.class, Selected.SHAPE)
          .input(0x030D, Throttled.class, Throttled.SHAPE)
          .outcome(
              0x0312,
              Expired.class,
              shape(
                  "content_expired",
                  id(Expired::item),
                  number("deadline_nanos", Expired::deadlineNanos),
                  Expired::new))
          .outcome(
              0x0313,
              Shed.class,
              shape(
                  "content_shed",
                  id(Shed::item),
                  value("for", Shed::coming, ContentItem.ID),
                  Shed::new))
          .outcome(
              0x0314,
              Refused.class,
              shape(
                  "content_refused",
                  id(Refused::item),
                  oneOf("why", ScheduleOutcome.class, Refused::why),
                  Refused::new))
          .outcome(
              0x0315,
              Cancelled.class,
              shape(
                  "content_cancelled",
                  id(Cancelled::item),
                  flag("in_flight", Cancelled::isInFlight),
                  Cancelled::new))
          .outcome(0x0316, Ready.class, shape("content_ready", id(Ready::item), Ready::new))
          .outcome(
              0x0317,
              Retry.class,
              shape(
                  "content_retry",
                  id(Retry::item),
                  narrow("failures", Retry::failures),
                  at(Retry::atNanos),
                  Retry::new))
          .outcome(
              0x0318,
              GivenUp.class,
              shape(
                  "content_given_up",
                  id(GivenUp::item),
                  narrow("failures", GivenUp::failures),
                  GivenUp::new))
          .build();

  private ContentRecords() {}

  private static <R> Column<R, Long> id(ToLongFunction<R> get) {
    return row -> row.number("item", get).printedBy(ContentItem::printed).subject("item")::of;
  }

  private static <R> Column<R, Long> at(ToLongFunction<R> get) {
    return number("at_nanos", get);
  }

  sealed interface Input {}

  sealed interface Outcome {}

  record Scheduled(long atNanos, ContentItem item) implements Input {}

  record BatchScheduled(long atNanos, List<ContentItem> items) implements Input {}

  record Asked(long atNanos) implements Input {}

  record Pressed(long atNanos, PressureSnapshot snapshot) implements Input {}

  record CancelAsked(long item) implements Input {}

  record CancelFlowAsked(Flow flow) implements Input {}

  record Completed(long item) implements Input {}

  record Failed(long item, long atNanos, String reason) implements Input {}

  record Reclassified(long item, PriorityClass priorityClass, double utility, long deadlineNanos)
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

  record Shed(long item, long coming) implements Outcome {}

  record Refused(long item, ScheduleOutcome why) implements Outcome {}

  record Cancelled(long item, boolean isInFlight) implements Outcome {}

  record Ready(long item) implements Outcome {}

  record Retry(long item, int failures, long atNanos) implements Outcome {}

  record GivenUp(long item, int failures) implements Outcome {}
}
