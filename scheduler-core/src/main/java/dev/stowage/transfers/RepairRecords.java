package dev.stowage.transfers;

import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.oneOf;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.evidence.parts.Records;
import dev.stowage.shape.Shape;
import dev.stowage.transfers.RepairPolicy.Action;
import dev.stowage.transfers.RepairPolicy.Decided;
import dev.stowage.transfers.RepairPolicy.Mode;
import dev.stowage.transfers.RepairPolicy.Relay;
import dev.stowage.transfers.RepairPolicy.Situation;
import org.jspecify.annotations.Nullable;

/** The record types of a {@link RepairPolicy}. */
final class RepairRecords {
  static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(0x0420, Asked.class, Asked.SHAPE)
          .input(0x0421, ModeAsked.class, ModeAsked.SHAPE)
          .input(0x0422, Used.class, Used.SHAPE)
          .outcome(0x0428, Decided.class, Decided.SHAPE)
          .outcome(0x0429, ModeChosen.class, ModeChosen.SHAPE)
          .outcome(0x042A, Wait.class, Wait.SHAPE)
          .build();

  private RepairRecords() {}

  sealed interface Input {}

  sealed interface Outcome permits Decided, ModeChosen, Wait {}

  record Asked(RepairFactors factors, @Nullable Relay relay, @Nullable Action manual)
      implements Input {
    static final Shape<Asked> SHAPE =
        Shape.of(
            "repair_asked",
            row -> {
              var factors = row.nested("factors", Asked::factors, RepairFactors.SHAPE);
              var relay = row.nested("relay", Asked::relay, Relay.SHAPE).orNone();
              var manual = row.oneOf("manual", Action.class, Asked::manual).orNone();
              return v -> new Asked(factors.of(v), relay.orNull(v), manual.orNull(v));
            });
  }

  record ModeAsked(RepairFactors factors, Situation situation) implements Input {
    static final Shape<ModeAsked> SHAPE =
        shape(
            "repair_mode_asked",
            nested("factors", ModeAsked::factors, RepairFactors.SHAPE),
            nested("situation", ModeAsked::situation, Situation.SHAPE),
            ModeAsked::new);
  }

  record Used(Mode mode, long atMicros) implements Input {
    static final Shape<Used> SHAPE =
        shape(
            "repair_mode_used",
            oneOf("mode", Mode.class, Used::mode),
            number("at_micros", Used::atMicros),
            Used::new);
  }

  record ModeChosen(Mode mode) implements Outcome {
    static final Shape<ModeChosen> SHAPE =
        shape("repair_mode", oneOf("mode", Mode.class, ModeChosen::mode), ModeChosen::new);
  }

  /** The wait in microseconds; 0 if the mode was free. */
  record Wait(long micros) implements Outcome {
    static final Shape<Wait> SHAPE =
        shape("repair_wait", number("micros", Wait::micros), Wait::new);
  }
}
