package dev.stowage.content.recording;

import static dev.stowage.content.recording.ItemFields.at;
import static dev.stowage.content.recording.ItemFields.id;
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
import dev.stowage.content.ContentItem.ContentId;
import dev.stowage.content.Decision.ScheduleEvidence;
import dev.stowage.content.Flow;
import dev.stowage.content.ItemDetails;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleOutcome;
import dev.stowage.content.ScheduleReason;
import dev.stowage.content.queue.ClassQueue;
import dev.stowage.content.queue.FlowQueue;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.parts.Records;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;

/** Declares the records of a content scheduler; frequent ones are written by hand for speed. */
public final class ContentRecords {
  public static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(0x0300, Scheduled.class, Scheduled.SHAPE)
          .input(
              0x0301,
              BatchScheduled.class,
              shape(
                  "content_batch_scheduled",
                  at(BatchScheduled::atNanos),
                  value("items", BatchScheduled::items, Forms.list(Forms.row(ContentItem.SHAPE))),
                  BatchScheduled::new))
          .question(0x0302, Asked.class, Asked.SHAPE)
          .input(
              0x0303,
              Pressed.class,
              shape(
                  "content_pressure",
                  at(Pressed::atNanos),
                  nested("snapshot", Pressed::snapshot, Shape.of(PressureSnapshot.class)),
                  Pressed::new))
          .input(0x0304, CancelAsked.class, CancelAsked.SHAPE)
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
              shape("content_cleared", flag("pressure_kept", Cleared::pressureKept), Cleared::new))
          .input(
              0x0308,
              CancelFlowAsked.class,
              shape(
                  "content_cancel_flow",
                  nested("flow", CancelFlowAsked::flow, Flow.SHAPE),
                  CancelFlowAsked::new))
          .input(
              0x0309,
              CancelObjectAsked.class,
              shape(
                  "content_cancel_object",
                  unsigned("object", CancelObjectAsked::object),
                  CancelObjectAsked::new))
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
                  value("for", Shed::coming, ContentId.FORM),
                  Shed::new))
          .outcome(
              0x0314,
              Refused.class,
              shape(
                  "content_refused",
                  id(Refused::item),
                  oneOf("why", ScheduleOutcome.class, Refused::why),
                  Refused::new))
          .outcome(0x0315, Cancelled.class, Cancelled.SHAPE)
          .outcome(
              0x0316,
              ReadyAgain.class,
              shape("content_ready_again", id(ReadyAgain::item), ReadyAgain::new))
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

  public static final RecordType SCHEDULED = ALL.type(Scheduled.class);
  public static final RecordType ASKED = ALL.type(Asked.class);
  public static final RecordType SELECTED = ALL.type(Selected.class);
  public static final RecordType CANCEL_ASKED = ALL.type(CancelAsked.class);
  public static final RecordType CANCELLED = ALL.type(Cancelled.class);

  private static final int MOST_FLOWS = 8;

  private ContentRecords() {}

  public static void cancelAsked(CanonicalWriter out, long id) {
    out.u8(1).u64(id);
  }

  public static void cancelled(CanonicalWriter out, long id, boolean inFlight) {
    out.u8(inFlight ? 2 : 1).u64(id);
    if (inFlight) {
      out.u8(1);
    }
  }

  public static void scheduled(CanonicalWriter out, long atNanos, ContentItem item) {
    boolean detailed = !item.details().equals(ItemDetails.NONE);
    boolean flows = detailed || !item.flow().equals(Flow.NONE);
    out.u8(2).u64(atNanos);
    out.u8(detailed ? 7 : flows ? 6 : 5);
    out.u64(item.id()).u8(item.priorityClass().rank()).u64(item.sizeBytes());
    out.f64(item.cost()).f64(item.utility());
    if (flows) {
      out.row(Flow.SHAPE, item.flow());
    }
    if (detailed) {
      out.row(ItemDetails.SHAPE, item.details());
    }
  }

  public static void selected(CanonicalWriter out, ScheduleEvidence evidence, ClassQueue queue) {
    PressureSnapshot pressure = evidence.pressure();
    boolean pressed = !pressure.equals(PressureSnapshot.NONE);
    out.u8(pressed ? 9 : 8).u64(evidence.decidedAtNanos());
    out.u64(evidence.decisionId()).u64(evidence.selectedId());
    out.u8(evidence.reason().ordinal()).u8(evidence.band().ordinal());
    int others = evidence.alternativeCount();
    out.u32(others);
    if (others > 0) {
      out.u64(evidence.firstAlternative());
    }
    if (others > 1) {
      out.u64(evidence.secondAlternative());
    }
    if (others > 2) {
      out.u64(evidence.thirdAlternative());
    }
    int shown = Math.min(MOST_FLOWS, queue.flowCount());
    out.u32(queue.flowCount()).u32(shown);
    FlowQueue flow = queue.newestFlow();
    for (int i = 0; i < shown && flow != null; i++) {
      out.u8(3).u64(flow.stream).u64(flow.sentBytes).u64(flow.tenant.flows.deficit(flow));
      flow = flow.previousInClass;
    }
    if (pressed) {
      out.row(Shape.of(PressureSnapshot.class), pressure);
    }
  }

  public sealed interface Input {}

  public sealed interface Outcome {}

  public record Scheduled(long atNanos, ContentItem item) implements Input {
    public static final Shape<Scheduled> SHAPE =
        shape(
            "content_scheduled",
            at(Scheduled::atNanos),
            ItemFields.item(Scheduled::item),
            Scheduled::new);
  }

  public record BatchScheduled(long atNanos, List<ContentItem> items) implements Input {}

  public record Asked(long atNanos) implements Input {
    public static final Shape<Asked> SHAPE = shape("content_asked", at(Asked::atNanos), Asked::new);
  }

  public record Pressed(long atNanos, PressureSnapshot snapshot) implements Input {}

  public record CancelAsked(ContentId item) implements Input {
    public static final Shape<CancelAsked> SHAPE =
        shape("content_cancel", value("item", CancelAsked::item, ContentId.FORM), CancelAsked::new);
  }

  public record CancelFlowAsked(Flow flow) implements Input {}

  public record CancelObjectAsked(long object) implements Input {}

  public record Completed(long item) implements Input {}

  public record Failed(long item, long atNanos, String reason) implements Input {}

  public record Reclassified(
      long item, PriorityClass priorityClass, double utility, long deadlineNanos)
      implements Input {}

  public record Limited(String destination, int items, Optional<ByteRate> rate) implements Input {}

  public record Cleared(boolean pressureKept) implements Input {}

  /**
   * A question with its answer, which a replay gives anew: a selection, with up to three
   * alternatives in rank and up to eight flows, newest first.
   */
  public record Selected(
      long atNanos,
      long decisionId,
      long item,
      ScheduleReason reason,
      PressureBand band,
      List<ContentId> alternatives,
      int flowCount,
      List<FlowState> flows,
      PressureSnapshot pressure)
      implements Input {
    public static final Shape<Selected> SHAPE =
        Shape.of(
            "content_selected",
            row -> {
              var at = row.number("at_nanos", Selected::atNanos);
              var decision = row.number("decision", Selected::decisionId).unsigned();
              var item = row.number("item", Selected::item).printedBy(ContentId::print);
              item.subject("item");
              var reason = row.oneOf("reason", ScheduleReason.class, Selected::reason);
              var band = row.oneOf("band", PressureBand.class, Selected::band);
              var before = row.list("before", Selected::alternatives, ContentId.FORM);
              var count = row.number("flow_count", Selected::flowCount).narrow();
              var flows = row.list("flows", Selected::flows, Forms.row(FlowState.SHAPE));
              var pressure =
                  row.nested("pressure", Selected::pressure, Shape.of(PressureSnapshot.class));
              pressure.orElse(PressureSnapshot.NONE);
              return v ->
                  new Selected(
                      at.of(v),
                      decision.of(v),
                      item.of(v),
                      reason.of(v),
                      band.of(v),
                      before.of(v),
                      count.intOf(v),
                      flows.of(v),
                      pressure.of(v));
            });
  }

  public record FlowState(long stream, long sentBytes, long deficitBytes) {
    static final Shape<FlowState> SHAPE =
        shape(
            "flow_state",
            unsigned("stream", FlowState::stream),
            number("sent_bytes", FlowState::sentBytes),
            number("deficit_bytes", FlowState::deficitBytes),
            FlowState::new);
  }

  /** A question that no item answers, and why. */
  public record Throttled(
      long atNanos,
      ScheduleReason reason,
      PriorityClass highestWaiting,
      PressureBand band,
      PressureSnapshot pressure)
      implements Input {
    static final Shape<Throttled> SHAPE =
        Shape.of(
            "content_throttled",
            row -> {
              var at = row.number("at_nanos", Throttled::atNanos);
              var reason = row.oneOf("reason", ScheduleReason.class, Throttled::reason);
              var highest =
                  row.oneOf("highest_waiting", PriorityClass.class, Throttled::highestWaiting);
              var band = row.oneOf("band", PressureBand.class, Throttled::band);
              var pressure =
                  row.nested("pressure", Throttled::pressure, Shape.of(PressureSnapshot.class));
              pressure.orElse(PressureSnapshot.NONE);
              return v ->
                  new Throttled(at.of(v), reason.of(v), highest.of(v), band.of(v), pressure.of(v));
            });
  }

  public record Expired(long item, long deadlineNanos) implements Outcome {}

  public record Shed(long item, ContentId coming) implements Outcome {}

  public record Refused(long item, ScheduleOutcome why) implements Outcome {}

  public record Cancelled(long item, boolean inFlight) implements Outcome {
    public static final Shape<Cancelled> SHAPE =
        shape(
            "content_cancelled",
            id(Cancelled::item),
            flag("in_flight", Cancelled::inFlight),
            Cancelled::new);
  }

  public record ReadyAgain(long item) implements Outcome {}

  public record Retry(long item, int failures, long atNanos) implements Outcome {}

  public record GivenUp(long item, int failures) implements Outcome {}
}
