package dev.stowage.content.recording;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.Pacing;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.SelectionPolicy;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.parts.PartHeader;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a configuration decides a run's outcome, as canonical bytes. They can be read back unless
 * the policy is a host's own: code is not in a recording.
 */
public final class ContentSettings {
  public static final String PART = "content-scheduler";

  private ContentSettings() {}

  public static EvidenceHeader header(ContentConfig config, String libraryVersion) {
    CanonicalWriter settings = new CanonicalWriter();
    write(settings, config);
    SelectionPolicy policy = config.policy();
    return PartHeader.of(PART, settings, libraryVersion)
        .withAttribute("content.policy", policy.name())
        .withAttribute("content.policy.parameters", policy.parameters().toString())
        .withAttribute("content.fairness", policy.fairness().name());
  }

  public static void write(CanonicalWriter out, ContentConfig config) {
    policy(out, config.policy());
    out.u64(config.maxWaitNanos()).u64(config.rescueEvery()).u64(config.quantumBytes());
    out.u64(config.deadlineHorizonNanos()).u8(config.expiry().ordinal());
    QueueLimits limits = config.limits();
    out.u64(limits.maxItems()).u64(limits.maxBytes()).u64(limits.maxItemsPerClass());
    out.u64(limits.maxBytesPerClass()).u8(limits.overflow().ordinal());
    Pacing pacing = config.pacing();
    rate(out, pacing.global());
    rate(out, pacing.perDestination());
    out.map(pacing.destinations(), ContentSettings::rate);
    Retries retries = config.retries();
    out.u64(retries.maxRetries()).u64(retries.backoffNanos()).u64(retries.maxBackoffNanos());
    out.u64(config.inFlightLimit());
  }

  /**
   * The configuration that was written.
   *
   * @throws EvidenceException.Mismatch if its policy is none of the library's
   */
  public static ContentConfig read(CanonicalReader in) {
    SelectionPolicy policy = readPolicy(in);
    return new ContentConfig(
        policy,
        in.u64(),
        (int) in.u64(),
        in.u64(),
        in.u64(),
        in.oneOf(ContentConfig.Expiry.values()),
        new QueueLimits(
            (int) in.u64(),
            in.u64(),
            (int) in.u64(),
            in.u64(),
            in.oneOf(QueueLimits.Overflow.values())),
        new Pacing(
            in.optional(ContentSettings::rate).orElse(null),
            in.optional(ContentSettings::rate).orElse(null),
            in.map(r -> r.optional(ContentSettings::rate).orElseThrow())),
        new Retries((int) in.u64(), in.u64(), in.u64()),
        (int) in.u64());
  }

  private static Pacing.Rate rate(CanonicalReader in) {
    return new Pacing.Rate(in.u64(), in.u64());
  }

  private static SelectionPolicy readPolicy(CanonicalReader in) {
    String name = in.string();
    Map<String, String> parameters = in.map(CanonicalReader::string);
    Fairness fairness = in.oneOf(Fairness.values());
    PressurePolicy pressure = new PressurePolicy(in.f64(), in.f64(), in.f64(), in.f64(), in.u64());
    SelectionPolicy policy = named(name, parameters).withFairness(fairness).withPressure(pressure);
    CanonicalWriter expected = new CanonicalWriter();
    classes(expected, policy);
    CanonicalWriter found = new CanonicalWriter();
    int fields = PriorityClass.values().length;
    for (int c = 0; c < fields; c++) {
      found.u64(in.u64());
      for (int band = 0; band < PressureBand.values().length; band++) {
        found.u8(in.u8());
      }
    }
    for (int band = 0; band < PressureBand.values().length; band++) {
      found.u8(in.u8());
    }
    if (!Arrays.equals(expected.toBytes(), found.toBytes())) {
      throw foreign(name);
    }
    return policy;
  }

  private static SelectionPolicy named(String name, Map<String, String> parameters) {
    String k = parameters.getOrDefault("k", "");
    return switch (name) {
      case "efficiency" -> SelectionPolicy.efficiency();
      case "prefixFirst" -> SelectionPolicy.prefixFirst();
      case "deadlineFirst" -> SelectionPolicy.deadlineFirst();
      case "rarestFirst" -> {
        if (!k.matches("[0-9.E-]+")) {
          throw foreign(name + " with " + parameters);
        }
        yield SelectionPolicy.rarestFirst(Double.parseDouble(k));
      }
      default -> throw foreign(name);
    };
  }

  private static EvidenceException foreign(String policy) {
    return new EvidenceException.Mismatch(
        List.of(new HeaderDifference("attributes.content.policy", "one of the library's", policy)));
  }

  private static void policy(CanonicalWriter out, SelectionPolicy policy) {
    out.string(policy.name()).map(policy.parameters(), CanonicalWriter::string);
    out.u8(policy.fairness().ordinal());
    PressurePolicy pressure = policy.pressure();
    out.f64(pressure.elevatedAbove()).f64(pressure.highAbove()).f64(pressure.criticalAbove());
    out.f64(pressure.hysteresisGap()).u64(pressure.staleAfterNanos());
    classes(out, policy);
  }

  private static void classes(CanonicalWriter out, SelectionPolicy policy) {
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
