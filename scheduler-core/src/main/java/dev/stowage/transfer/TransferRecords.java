package dev.stowage.transfer;

import static dev.stowage.shape.RecordShapes.flag;
import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.oneOf;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.evidence.parts.Records;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Shape;
import dev.stowage.transfer.TransferScheduler.Failure;

/** The record types of a {@link TransferScheduler}. */
final class TransferRecords {
  static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(0x0400, Offered.class, Offered.SHAPE)
          .input(0x0401, Asked.class, Asked.SHAPE)
          .input(0x0402, Completed.class, Completed.SHAPE)
          .input(0x0403, Failed.class, Failed.SHAPE)
          .input(0x0404, Withdrawn.class, Withdrawn.SHAPE)
          .outcome(0x0408, Accepted.class, Accepted.SHAPE)
          .outcome(0x0409, Sent.class, Sent.SHAPE)
          .outcome(0x040A, Held.class, Held.SHAPE)
          .outcome(0x040B, Ended.class, Ended.SHAPE)
          .build();

  private TransferRecords() {}

  sealed interface Input {}

  sealed interface Outcome {}

  record Offered(long atNanos, TransferChunk chunk) implements Input {
    static final Shape<Offered> SHAPE =
        shape(
            "transfer_offered",
            number("at_nanos", Offered::atNanos),
            nested("chunk", Offered::chunk, TransferChunk.SHAPE),
            Offered::new);
  }

  record Asked(long atNanos, PressureSnapshot pressure, long budget) implements Input {
    static final Shape<Asked> SHAPE =
        shape(
            "transfer_asked",
            number("at_nanos", Asked::atNanos),
            nested("pressure", Asked::pressure, PressureSnapshot.SHAPE),
            number("budget", Asked::budget),
            Asked::new);
  }

  record Completed(long object, long offset, double cpuSeconds) implements Input {
    static final Shape<Completed> SHAPE =
        Shape.of(
            "transfer_completed",
            row -> {
              var object = row.number("object", Completed::object).unsigned().subject();
              var offset = row.number("offset", Completed::offset);
              var cpu = row.real("cpu_seconds", Completed::cpuSeconds);
              return v -> new Completed(object.of(v), offset.of(v), cpu.realOf(v));
            });
  }

  record Failed(long object, long offset, long atNanos) implements Input {
    static final Shape<Failed> SHAPE =
        Shape.of(
            "transfer_failed",
            row -> {
              var object = row.number("object", Failed::object).unsigned().subject();
              var offset = row.number("offset", Failed::offset);
              var at = row.number("at_nanos", Failed::atNanos);
              return v -> new Failed(object.of(v), offset.of(v), at.of(v));
            });
  }

  record Withdrawn(long object, long offset) implements Input {
    static final Shape<Withdrawn> SHAPE =
        Shape.of(
            "transfer_withdrawn",
            row -> {
              var object = row.number("object", Withdrawn::object).unsigned().subject();
              var offset = row.number("offset", Withdrawn::offset);
              return v -> new Withdrawn(object.of(v), offset.of(v));
            });
  }

  record Accepted(boolean accepted) implements Outcome {
    static final Shape<Accepted> SHAPE =
        shape("transfer_accepted", flag("accepted", Accepted::accepted), Accepted::new);
  }

  record Sent(long object, long offset, double score) implements Outcome {
    static final Shape<Sent> SHAPE =
        Shape.of(
            "transfer_sent",
            row -> {
              var object = row.number("object", Sent::object).unsigned().subject();
              var offset = row.number("offset", Sent::offset);
              var score = row.real("score", Sent::score);
              return v -> new Sent(object.of(v), offset.of(v), score.realOf(v));
            });
  }

  enum Why {
    THROTTLED,
    SATURATED,
    NOTHING_FITS,
    IDLE
  }

  record Held(Why why) implements Outcome {
    static final Shape<Held> SHAPE =
        shape("transfer_held", oneOf("why", Why.class, Held::why), Held::new);
  }

  record Ended(Failure failure) implements Outcome {
    static final Shape<Ended> SHAPE =
        shape("transfer_failure", oneOf("failure", Failure.class, Ended::failure), Ended::new);
  }
}
