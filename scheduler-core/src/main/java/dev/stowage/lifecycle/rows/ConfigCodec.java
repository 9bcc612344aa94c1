package dev.stowage.lifecycle.rows;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerVersion;
import java.util.OptionalInt;

/** The small values that commands are made of, as canonical bytes and back. */
final class ConfigCodec {
  private ConfigCodec() {}

  static void weight(CanonicalWriter out, OptionalInt weight) {
    if (weight.isPresent()) {
      out.present().u32(weight.getAsInt() & 0xffffffffL);
    } else {
      out.absent();
    }
  }

  static OptionalInt weight(CanonicalReader in) {
    return in.flag() ? OptionalInt.of((int) in.u32()) : OptionalInt.empty();
  }

  static void eligibility(CanonicalWriter out, Eligibility eligibility) {
    version(out, eligibility.minVersion());
    out.list(eligibility.requiredLabels().sorted(), (to, label) -> to.string(label));
  }

  static Eligibility eligibility(CanonicalReader in) {
    return new Eligibility(version(in), Labels.copyOf(in.list(CanonicalReader::string)));
  }

  static void version(CanonicalWriter out, WorkerVersion version) {
    out.u32(version.major()).u32(version.minor()).u32(version.patch());
  }

  static WorkerVersion version(CanonicalReader in) {
    return new WorkerVersion((int) in.u32(), (int) in.u32(), (int) in.u32());
  }
}
