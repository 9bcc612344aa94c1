package dev.stowage.content;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Hash256;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import org.jspecify.annotations.Nullable;

/** What of a configuration decides a run's outcome, as canonical bytes. */
final class ConfigDigest {
  private ConfigDigest() {}

  static EvidenceHeader header(ContentConfig config, String libraryVersion) {
    SelectionPolicy policy = config.policy();
    return EvidenceHeader.of(libraryVersion, digest(config), 0)
        .withAttribute("content.policy", policy.name())
        .withAttribute("content.policy.parameters", policy.parameters().toString())
        .withAttribute("content.fairness", policy.fairness().name());
  }

  private static Hash256 digest(ContentConfig config) {
    CanonicalWriter out = new CanonicalWriter();
    policy(out, config.policy());
    out.u64(config.maxWaitNanos()).u64(config.rescueEvery()).u64(config.quantumBytes());
    out.u64(config.deadlineHorizonNanos()).u8(config.expiry().ordinal());
    QueueLimits limits = config.limits();
    out.u64(limits.maxItems()).u64(limits.maxBytes()).u64(limits.maxItemsPerClass());
    out.u64(limits.maxBytesPerClass()).u8(limits.overflow().ordinal());
    Pacing pacing = config.pacing();
    rate(out, pacing.global());
    rate(out, pacing.perDestination());
    out.map(pacing.destinations(), ConfigDigest::rate);
    Retries retries = config.retries();
    out.u64(retries.maxRetries()).u64(retries.backoffNanos()).u64(retries.maxBackoffNanos());
    out.u64(config.inFlightLimit());
    return Hash256.of(out.toBytes());
  }

  private static void policy(CanonicalWriter out, SelectionPolicy policy) {
    out.string(policy.name()).map(policy.parameters(), CanonicalWriter::string);
    out.u8(policy.fairness().ordinal());
    PressurePolicy pressure = policy.pressure();
    out.f64(pressure.elevatedAbove()).f64(pressure.highAbove()).f64(pressure.criticalAbove());
    out.f64(pressure.hysteresisGap()).u64(pressure.staleAfterNanos());
    for (PriorityClass c : PriorityClass.values()) {
      out.u64(policy.weight(c));
      for (PressureBand band : PressureBand.values()) {
        out.u8(policy.holds(band, c) ? 1 : 0);
      }
    }
    for (PressureBand band : PressureBand.values()) {
      out.u8(policy.prefersSmall(band) ? 1 : 0);
    }
  }

  private static void rate(CanonicalWriter out, Pacing.@Nullable Rate rate) {
    out.optional(rate, (o, r) -> o.u64(r.bytesPerSecond()).u64(r.burstBytes()));
  }
}
