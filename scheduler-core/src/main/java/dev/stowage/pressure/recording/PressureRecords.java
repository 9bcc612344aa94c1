package dev.stowage.pressure.recording;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.pressure.EnvelopeAdmission;
import dev.stowage.pressure.EnvelopeAdmission.ResourceEnvelope;
import dev.stowage.pressure.LoadGovernor.LoadDecision;
import dev.stowage.pressure.LoadSignals;
import dev.stowage.pressure.LoadSignals.LoadSignal;
import dev.stowage.pressure.PeerHints;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What the governor and the admission above it write into the evidence, and how it reads. */
public final class PressureRecords {
  public static final RecordType SAMPLED = RecordType.input(0x0200, "LOAD_SAMPLED");
  public static final RecordType ASKED = RecordType.input(0x0201, "LOAD_ASKED");
  public static final RecordType ADMIT_ASKED = RecordType.input(0x0202, "ADMIT_ASKED");
  public static final RecordType RELEASED = RecordType.input(0x0203, "GRANT_RELEASED");
  public static final RecordType PEER_SEEN = RecordType.input(0x0204, "PEER_SEEN");
  public static final RecordType RELIEF_ASKED = RecordType.input(0x0205, "RELIEF_ASKED");

  public static final RecordType DECIDED = RecordType.outcome(0x0210, "LOAD_DECIDED");
  public static final RecordType ADMISSION = RecordType.outcome(0x0211, "ADMISSION");
  public static final RecordType RELIEF = RecordType.outcome(0x0212, "RELIEF");
  public static final RecordType GRANTED = RecordType.outcome(0x0213, "GRANTED_IN_ALL");

  private PressureRecords() {}

  /** Every type with its decoder, for explanations. */
  public static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .add(SAMPLED, in -> Decoded.of("at " + in.u64() + ": " + signals(in)))
        .add(ASKED, in -> Decoded.of("at " + in.u64()))
        .add(ADMIT_ASKED, in -> Decoded.of("at " + in.u64() + ": " + requested(in)))
        .add(RELEASED, in -> Decoded.of(envelope(in).toString()))
        .add(PEER_SEEN, in -> Decoded.of(peer(in)))
        .add(RELIEF_ASKED, in -> Decoded.of("at " + in.u64()))
        .add(DECIDED, in -> Decoded.of(decision(in).toString()))
        .add(ADMISSION, in -> Decoded.of(answer(in).toString()))
        .add(RELIEF, in -> Decoded.of(relief(in).map(Object::toString).orElse("nobody")))
        .add(GRANTED, in -> Decoded.of(envelope(in).toString()))
        .build();
  }

  private static String requested(CanonicalReader in) {
    return in.optional(PressureRecords::envelope).map(Object::toString).orElse("the default");
  }

  private static String peer(CanonicalReader in) {
    String name = in.string();
    boolean available = in.flag();
    double pressure = RecordWriter.anyDouble(in);
    String said = available ? " available, pressure " + pressure : " unavailable";
    return name + said + ", at " + in.u64();
  }

  public static void signals(CanonicalWriter out, LoadSignals signals) {
    for (LoadSignal signal : LoadSignal.values()) {
      if (signals.isLive(signal)) {
        out.present().u64(signals.load(signal));
      } else {
        out.absent();
      }
    }
  }

  public static LoadSignals signals(CanonicalReader in) {
    LoadSignals signals = LoadSignals.NONE;
    for (LoadSignal signal : LoadSignal.values()) {
      if (in.flag()) {
        signals = signals.withScaled(signal, in.u64());
      }
    }
    return signals;
  }

  public static void envelope(CanonicalWriter out, ResourceEnvelope envelope) {
    out.u64(envelope.memoryBytes()).u64(envelope.cpuWeightMillis());
    out.u32(envelope.ioOperations()).u32(envelope.tasks());
  }

  public static ResourceEnvelope envelope(CanonicalReader in) {
    return new ResourceEnvelope(in.u64(), in.u64(), (int) in.u32(), (int) in.u32());
  }

  public static void decision(CanonicalWriter out, LoadDecision decision) {
    int exceeded = 0;
    for (LoadSignal signal : decision.exceeded()) {
      exceeded |= 1 << signal.ordinal();
    }
    out.u8(decision.outcome().ordinal()).u8(decision.verdict().ordinal());
    out.u64(decision.overall()).u8(exceeded);
  }

  static LoadDecision decision(CanonicalReader in) {
    LoadDecision.Outcome outcome = in.oneOf(LoadDecision.Outcome.values());
    LoadDecision.Verdict verdict = in.oneOf(LoadDecision.Verdict.values());
    long overall = in.u64();
    int bits = in.u8();
    Set<LoadSignal> exceeded = EnumSet.noneOf(LoadSignal.class);
    for (LoadSignal signal : LoadSignal.values()) {
      if ((bits >> signal.ordinal() & 1) != 0) {
        exceeded.add(signal);
      }
    }
    return new LoadDecision(outcome, verdict, overall, exceeded);
  }

  public static void answer(CanonicalWriter out, EnvelopeAdmission.Answer answer) {
    decision(out, answer.decision());
    out.optional(answer.grant().orElse(null), PressureRecords::envelope);
    out.u64(answer.retryAfterNanos()).u8(answer.shedLoad() ? 1 : 0);
    relief(out, answer.relief());
  }

  private static EnvelopeAdmission.Answer answer(CanonicalReader in) {
    return new EnvelopeAdmission.Answer(
        decision(in), in.optional(PressureRecords::envelope), in.u64(), in.flag(), relief(in));
  }

  public static void relief(CanonicalWriter out, Optional<PeerHints.Relief> relief) {
    out.optional(relief.orElse(null), (to, r) -> to.string(r.peer()).u64(r.untilNanos()));
  }

  private static Optional<PeerHints.Relief> relief(CanonicalReader in) {
    return in.optional(r -> new PeerHints.Relief(r.string(), r.u64()));
  }
}
