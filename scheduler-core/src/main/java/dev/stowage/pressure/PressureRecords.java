package dev.stowage.pressure;

import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.evidence.parts.Records;
import dev.stowage.pressure.EnvelopeAdmission.Answer;
import dev.stowage.pressure.EnvelopeAdmission.ResourceEnvelope;
import dev.stowage.pressure.LoadGovernor.LoadDecision;
import dev.stowage.shape.Shape;
import java.util.Optional;

/** Declares the records of a {@link LoadGovernor} and of an {@link EnvelopeAdmission}. */
final class PressureRecords {
  static final Records<Input, Decision> ALL =
      Records.of(Input.class, Decision.class)
          .input(0x0200, Sampled.class, Sampled.SHAPE)
          .input(0x0201, Asked.class, Asked.SHAPE)
          .input(0x0202, AdmitAsked.class, AdmitAsked.SHAPE)
          .input(0x0203, Released.class, Released.SHAPE)
          .outcome(0x0210, LoadDecision.class, LoadDecision.SHAPE)
          .outcome(0x0211, Answer.class, Answer.SHAPE)
          .outcome(0x0213, Granted.class, Granted.SHAPE)
          .build();

  private PressureRecords() {}

  sealed interface Input {}

  sealed interface Decision permits LoadDecision, Answer, Granted {}

  record Sampled(long atNanos, LoadSignals signals) implements Input {
    static final Shape<Sampled> SHAPE =
        shape(
            "load_sampled",
            number("at_nanos", Sampled::atNanos),
            nested("signals", Sampled::signals, LoadSignals.SHAPE),
            Sampled::new);
  }

  record Asked(long atNanos) implements Input {
    static final Shape<Asked> SHAPE =
        shape("load_asked", number("at_nanos", Asked::atNanos), Asked::new);
  }

  record AdmitAsked(long atNanos, Optional<ResourceEnvelope> envelope) implements Input {
    static final Shape<AdmitAsked> SHAPE =
        shape(
            "admit_asked",
            number("at_nanos", AdmitAsked::atNanos),
            value("envelope", AdmitAsked::envelope, ResourceEnvelope.OPTIONAL),
            AdmitAsked::new);
  }

  record Released(ResourceEnvelope grant) implements Input {
    static final Shape<Released> SHAPE =
        shape(
            "grant_released",
            nested("grant", Released::grant, ResourceEnvelope.SHAPE),
            Released::new);
  }

  record Granted(ResourceEnvelope inAll) implements Decision {
    static final Shape<Granted> SHAPE =
        shape(
            "granted_in_all",
            nested("in_all", Granted::inAll, ResourceEnvelope.SHAPE),
            Granted::new);
  }
}
