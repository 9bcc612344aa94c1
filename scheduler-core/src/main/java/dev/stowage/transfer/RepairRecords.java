package dev.stowage.transfer;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.RecordType;
import dev.stowage.transfer.RepairPolicy.Action;
import dev.stowage.transfer.RepairPolicy.Mode;
import dev.stowage.transfer.RepairPolicy.Relay;
import org.jspecify.annotations.Nullable;

/** What {@link RepairPolicy} writes into the evidence. */
final class RepairRecords {
  static final RecordType ASKED = RecordType.input(0x0420, "REPAIR_ASKED");
  static final RecordType MODE_ASKED = RecordType.input(0x0421, "REPAIR_MODE_ASKED");
  static final RecordType USED = RecordType.input(0x0422, "REPAIR_MODE_USED");
  static final RecordType DECIDED = RecordType.outcome(0x0428, "REPAIR_DECIDED");
  static final RecordType MODE = RecordType.outcome(0x0429, "REPAIR_MODE");
  static final RecordType WAIT = RecordType.outcome(0x042A, "REPAIR_WAIT");

  private RepairRecords() {}

  /** Every type with its decoder. */
  static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .add(ASKED, in -> Decoded.of(factors(in) + ", " + relay(in) + ", manual " + manual(in)))
        .add(MODE_ASKED, in -> Decoded.of(factors(in) + ", " + situation(in)))
        .add(USED, in -> Decoded.of(mode(in) + " at " + in.u64() + " us"))
        .add(DECIDED, in -> Decoded.of(decidedInWords(in)))
        .add(MODE, in -> Decoded.of(mode(in).toString()))
        .add(WAIT, in -> Decoded.of(in.u64() + " us"))
        .build();
  }

  private static Mode mode(CanonicalReader in) {
    return in.oneOf(Mode.values());
  }

  private static String decidedInWords(CanonicalReader in) {
    Action action = in.oneOf(Action.values());
    long gross = in.u64();
    long cost = in.u64();
    long net = in.u64();
    String blocked = in.string();
    return action
        + ": gross "
        + gross
        + ", cost "
        + cost
        + ", net "
        + net
        + (blocked.isEmpty() ? "" : ", " + blocked)
        + "; "
        + in.string();
  }

  static void asked(
      CanonicalWriter out, RepairFactors factors, @Nullable Relay relay, @Nullable Action manual) {
    factors(out, factors);
    out.optional(relay, (to, r) -> to.u8(r.only() ? 1 : 0).u64(r.microsPerMib()));
    out.optional(manual, (to, m) -> to.u8(m.ordinal()));
  }

  static void decided(CanonicalWriter out, RepairPolicy.Decided decided) {
    out.u8(decided.action().ordinal()).u64(decided.grossMicros()).u64(decided.costMicros());
    out.u64(decided.netMicros()).string(decided.blockedBy()).string(decided.described());
  }

  static void situation(
      CanonicalWriter out, RepairFactors factors, RepairPolicy.Situation situation) {
    factors(out, factors);
    out.u64(situation.broadcastPeers()).u8(situation.swarm() ? 1 : 0).u64(situation.migrations());
    out.u8(situation.relayExpensive() ? 1 : 0).u64(situation.rttMillis());
    out.u64(situation.missingPieces());
  }

  static RepairPolicy.Situation situation(CanonicalReader in) {
    return new RepairPolicy.Situation(
        (int) in.u64(), in.flag(), (int) in.u64(), in.flag(), in.u64(), in.u64());
  }

  private static void factors(CanonicalWriter out, RepairFactors factors) {
    out.u64(factors.savedMicros()).u64(factors.encodeMicros()).u64(factors.decodeMicros());
    out.u64(factors.bytes()).u16(factors.memoryPermille()).u16(factors.contentionPermille());
    out.u16(factors.lossPermille()).u16(factors.resumePermille());
    out.u16(factors.stabilityPermille()).u32(factors.peers());
  }

  static RepairFactors factors(CanonicalReader in) {
    return new RepairFactors(
        in.u64(),
        in.u64(),
        in.u64(),
        in.u64(),
        in.u16(),
        in.u16(),
        in.u16(),
        in.u16(),
        in.u16(),
        (int) in.u32());
  }

  static @Nullable Relay relay(CanonicalReader in) {
    return in.optional(r -> new Relay(r.flag(), r.u64())).orElse(null);
  }

  static @Nullable Action manual(CanonicalReader in) {
    return in.optional(r -> r.oneOf(Action.values())).orElse(null);
  }
}
