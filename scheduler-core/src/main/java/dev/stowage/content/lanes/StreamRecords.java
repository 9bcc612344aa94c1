package dev.stowage.content.lanes;

import static dev.stowage.content.recording.ItemFields.at;
import static dev.stowage.content.recording.ItemFields.id;
import static dev.stowage.content.recording.ItemFields.item;
import static dev.stowage.shape.RecordShapes.flag;
import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.oneOf;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.text;
import static dev.stowage.shape.RecordShapes.unsigned;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.content.ByteRate;
import dev.stowage.content.ContentItem;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.lanes.StreamAssignment.StreamPriority;
import dev.stowage.evidence.parts.Records;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.RecordShapes.Column;
import dev.stowage.shape.Shape;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Declares the records of the types of this package. */
final class StreamRecords {
  static final Records<StreamInput, StreamOutcome> STREAMS =
      Records.of(StreamInput.class, StreamOutcome.class)
          .input(
              0x0320,
              StreamAssign.class,
              shape(
                  "stream_assign",
                  at(StreamAssign::atNanos),
                  item(StreamAssign::item),
                  StreamAssign::new))
          .input(
              0x0321,
              StreamSent.class,
              shape(
                  "stream_sent",
                  stream(StreamSent::stream),
                  number("bytes", StreamSent::bytes),
                  at(StreamSent::atNanos),
                  StreamSent::new))
          .input(
              0x0322,
              StreamRelease.class,
              shape(
                  "stream_release",
                  stream(StreamRelease::stream),
                  at(StreamRelease::atNanos),
                  StreamRelease::new))
          .input(0x0323, StreamClear.class, shape("stream_clear", StreamClear::new))
          .outcome(
              0x0324,
              StreamAssigned.class,
              shape(
                  "stream_assigned",
                  value("assignment", StreamAssigned::assignment, Fields.ASSIGNMENT),
                  StreamAssigned::new))
          .outcome(
              0x0325,
              StreamReleased.class,
              shape(
                  "stream_released",
                  flag("handed_out", StreamReleased::handedOut),
                  StreamReleased::new))
          .build();

  static final Records<LaneInput, LaneOutcome> LANES =
      Records.of(LaneInput.class, LaneOutcome.class)
          .input(
              0x0330,
              LaneSchedule.class,
              shape(
                  "lane_schedule",
                  at(LaneSchedule::atNanos),
                  item(LaneSchedule::item),
                  LaneSchedule::new))
          .input(
              0x0331, LaneAsked.class, shape("lane_asked", at(LaneAsked::atNanos), LaneAsked::new))
          .input(
              0x0332,
              LaneAcknowledged.class,
              shape(
                  "lane_acknowledged",
                  id(LaneAcknowledged::item),
                  at(LaneAcknowledged::atNanos),
                  LaneAcknowledged::new))
          .input(
              0x0333,
              LaneFailed.class,
              shape(
                  "lane_failed",
                  id(LaneFailed::item),
                  at(LaneFailed::atNanos),
                  value("reason", LaneFailed::reason, Forms.TEXT),
                  LaneFailed::new))
          .input(
              0x0334,
              LaneCancel.class,
              shape("lane_cancel", id(LaneCancel::item), at(LaneCancel::atNanos), LaneCancel::new))
          .input(
              0x0335,
              LanePressure.class,
              shape(
                  "lane_pressure",
                  at(LanePressure::atNanos),
                  nested("snapshot", LanePressure::snapshot, Shape.of(PressureSnapshot.class)),
                  LanePressure::new))
          .input(
              0x0336,
              LaneRelease.class,
              shape(
                  "lane_release",
                  stream(LaneRelease::stream),
                  at(LaneRelease::atNanos),
                  LaneRelease::new))
          .input(0x0337, LaneClear.class, shape("lane_clear", LaneClear::new))
          .input(0x033C, LaneReclassified.class, LaneReclassified.SHAPE)
          .input(
              0x033D,
              LaneLimited.class,
              shape(
                  "lane_limit",
                  text("destination", LaneLimited::destination),
                  narrow("items", LaneLimited::items),
                  value("rate", LaneLimited::rate, Forms.optional(ByteRate.FORM)),
                  LaneLimited::new))
          .outcome(
              0x0338,
              LaneReserved.class,
              shape(
                  "lane_reserved",
                  id(LaneReserved::item),
                  nested("assignment", LaneReserved::assignment, Fields.LANE),
                  LaneReserved::new))
          .outcome(
              0x0339,
              LaneSent.class,
              shape("lane_sent", id(LaneSent::item), stream(LaneSent::stream), LaneSent::new))
          .outcome(
              0x033A,
              LaneMissing.class,
              shape("lane_missing", id(LaneMissing::item), LaneMissing::new))
          .outcome(
              0x033B,
              LaneDone.class,
              shape("lane_done", flag("known", LaneDone::known), LaneDone::new))
          .build();

  private StreamRecords() {}

  private static <R> Column<R, Long> stream(ToLongFunction<R> get) {
    return unsigned("stream", get);
  }

  /** Is a class of its own because the constants above need its fields. */
  private static final class Fields {
    static final Shape<StreamAssignment> LANE =
        shape(
            "assignment",
            stream(StreamAssignment::stream),
            oneOf("priority", StreamPriority.class, StreamAssignment::priority),
            number("assigned_at_nanos", StreamAssignment::assignedAtNanos),
            StreamAssignment::new);

    static final Form<Optional<StreamAssignment>> ASSIGNMENT = Forms.optional(Forms.row(LANE));
  }

  sealed interface StreamInput {}

  sealed interface StreamOutcome {}

  record StreamAssign(long atNanos, ContentItem item) implements StreamInput {}

  record StreamSent(long stream, long bytes, long atNanos) implements StreamInput {}

  record StreamRelease(long stream, long atNanos) implements StreamInput {}

  record StreamClear() implements StreamInput {}

  record StreamAssigned(Optional<StreamAssignment> assignment) implements StreamOutcome {}

  record StreamReleased(boolean handedOut) implements StreamOutcome {}

  sealed interface LaneInput {}

  sealed interface LaneOutcome {}

  record LaneSchedule(long atNanos, ContentItem item) implements LaneInput {}

  record LaneAsked(long atNanos) implements LaneInput {}

  record LaneAcknowledged(long item, long atNanos) implements LaneInput {}

  record LaneFailed(long item, long atNanos, String reason) implements LaneInput {}

  record LaneCancel(long item, long atNanos) implements LaneInput {}

  record LanePressure(long atNanos, PressureSnapshot snapshot) implements LaneInput {}

  record LaneRelease(long stream, long atNanos) implements LaneInput {}

  record LaneLimited(String destination, int items, Optional<ByteRate> rate) implements LaneInput {}

  record LaneClear() implements LaneInput {}

  record LaneReclassified(
      long item, PriorityClass priorityClass, double utility, long deadlineNanos)
      implements LaneInput {
    static final Shape<LaneReclassified> SHAPE =
        Shape.of(
            "lane_reclassified",
            row -> {
              var item = id(LaneReclassified::item).in(row);
              var to = row.oneOf("to", PriorityClass.class, LaneReclassified::priorityClass);
              var utility = row.real("utility", LaneReclassified::utility);
              var deadline = row.number("deadline_nanos", LaneReclassified::deadlineNanos);
              return v ->
                  new LaneReclassified(item.apply(v), to.of(v), utility.realOf(v), deadline.of(v));
            });
  }

  record LaneReserved(long item, StreamAssignment assignment) implements LaneOutcome {}

  record LaneSent(long item, long stream) implements LaneOutcome {}

  record LaneMissing(long item) implements LaneOutcome {}

  record LaneDone(boolean known) implements LaneOutcome {}
}
