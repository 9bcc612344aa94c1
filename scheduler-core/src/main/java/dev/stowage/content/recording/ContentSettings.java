package dev.stowage.content.recording;

import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentConfig.Expiry;
import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentConfig.QueueLimits.Overflow;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.Pacing;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.SelectionPolicy;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Holds what of a configuration decides a run's outcome. It can be read back unless the policy is a
 * host's own: code is not in a recording.
 */
public final class ContentSettings {
  private static final Shape<QueueLimits> LIMITS =
      Shape.of(
          "queue_limits",
          row -> {
            var items = row.number("max_items", QueueLimits::maxItems).narrow();
            var bytes = row.number("max_bytes", QueueLimits::maxBytes);
            var classItems = row.number("max_items_per_class", QueueLimits::maxItemsPerClass);
            var classBytes = row.number("max_bytes_per_class", QueueLimits::maxBytesPerClass);
            var overflow = row.oneOf("overflow", Overflow.class, QueueLimits::overflow);
            classItems.narrow();
            return v ->
                new QueueLimits(
                    items.intOf(v),
                    bytes.of(v),
                    classItems.intOf(v),
                    classBytes.of(v),
                    overflow.of(v));
          });

  private static final Shape<Pacing.Rate> RATE =
      shape(
          "rate",
          number("bytes_per_second", Pacing.Rate::bytesPerSecond),
          number("burst_bytes", Pacing.Rate::burstBytes),
          Pacing.Rate::new);

  private static final Shape<Pacing> PACING =
      Shape.of(
          "pacing",
          row -> {
            var global = row.nested("global", Pacing::global, RATE).orNone();
            var each = row.nested("per_destination", Pacing::perDestination, RATE).orNone();
            var listed =
                row.value("destinations", Pacing::destinations, Forms.map(Forms.row(RATE)));
            return v -> new Pacing(global.orNull(v), each.orNull(v), listed.of(v));
          });

  private static final Shape<Retries> RETRIES =
      shape(
          "retries",
          narrow("max_retries", Retries::maxRetries),
          number("backoff_nanos", Retries::backoffNanos),
          number("max_backoff_nanos", Retries::maxBackoffNanos),
          Retries::new);

  private static final Shape<PressurePolicy> PRESSURE =
      Shape.of(
          "pressure_policy",
          row -> {
            var elevated = row.real("elevated_above", PressurePolicy::elevatedAbove);
            var high = row.real("high_above", PressurePolicy::highAbove);
            var critical = row.real("critical_above", PressurePolicy::criticalAbove);
            var gap = row.real("hysteresis_gap", PressurePolicy::hysteresisGap);
            var stale = row.number("stale_after_nanos", PressurePolicy::staleAfterNanos);
            return v ->
                new PressurePolicy(
                    elevated.realOf(v),
                    high.realOf(v),
                    critical.realOf(v),
                    gap.realOf(v),
                    stale.of(v));
          });

  /** The configuration; reading one whose policy is not the library's is a mismatch. */
  public static final Shape<ContentConfig> SHAPE =
      Shape.of(
          "content_config",
          row -> {
            var policy = row.nested("policy", it -> Policy.of(it.policy()), Policy.SHAPE);
            var wait = row.number("max_wait_nanos", ContentConfig::maxWaitNanos);
            var rescue = row.number("rescue_every", ContentConfig::rescueEvery).narrow();
            var quantum = row.number("quantum_bytes", ContentConfig::quantumBytes);
            var horizon = row.number("deadline_horizon_nanos", ContentConfig::deadlineHorizonNanos);
            var expiry = row.oneOf("expiry", Expiry.class, ContentConfig::expiry);
            var limits = row.nested("limits", ContentConfig::limits, LIMITS);
            var pacing = row.nested("pacing", ContentConfig::pacing, PACING);
            var retries = row.nested("retries", ContentConfig::retries, RETRIES);
            var inFlight = row.number("in_flight_limit", ContentConfig::inFlightLimit).narrow();
            return v ->
                new ContentConfig(
                    policy.of(v).named(),
                    wait.of(v),
                    rescue.intOf(v),
                    quantum.of(v),
                    horizon.of(v),
                    expiry.of(v),
                    limits.of(v),
                    pacing.of(v),
                    retries.of(v),
                    inFlight.intOf(v));
          });

  private ContentSettings() {}

  /** Holds what a policy says of itself and of classes and bands. */
  private record Policy(
      String name,
      Map<String, String> parameters,
      Fairness fairness,
      PressurePolicy pressure,
      List<ClassRules> classes,
      Set<PressureBand> smallFirst) {
    static final Shape<Policy> SHAPE =
        Shape.of(
            "policy",
            row -> {
              var name = row.text("name", Policy::name);
              var parameters = row.value("parameters", Policy::parameters, Forms.map(Forms.TEXT));
              var fairness = row.oneOf("fairness", Fairness.class, Policy::fairness);
              var pressure = row.nested("pressure", Policy::pressure, PRESSURE);
              var classes = row.list("classes", Policy::classes, Forms.row(ClassRules.SHAPE));
              var small =
                  row.value("small_first", Policy::smallFirst, Forms.setOf(PressureBand.class));
              return v ->
                  new Policy(
                      name.of(v),
                      parameters.of(v),
                      fairness.of(v),
                      pressure.of(v),
                      classes.of(v),
                      small.of(v));
            });

    static Policy of(SelectionPolicy policy) {
      List<ClassRules> classes = new ArrayList<>();
      for (PriorityClass each : PriorityClass.values()) {
        classes.add(new ClassRules(policy.weight(each), bands(band -> policy.holds(band, each))));
      }
      return new Policy(
          policy.name(),
          new TreeMap<>(policy.parameters()),
          policy.fairness(),
          policy.pressure(),
          classes,
          bands(policy::prefersSmall));
    }

    private static Set<PressureBand> bands(Predicate<PressureBand> condition) {
      EnumSet<PressureBand> bands = EnumSet.allOf(PressureBand.class);
      bands.removeIf(condition.negate());
      return bands;
    }

    /** Returns the policy of the library that says all this. */
    SelectionPolicy named() {
      SelectionPolicy policy = byName().withFairness(fairness).withPressure(pressure);
      if (!of(policy).equals(this)) {
        throw foreign(name);
      }
      return policy;
    }

    private SelectionPolicy byName() {
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
          List.of(
              new HeaderDifference("attributes.content.policy", "one of the library's", policy)));
    }
  }

  private record ClassRules(int weight, Set<PressureBand> held) {
    static final Shape<ClassRules> SHAPE =
        shape(
            "class_rules",
            narrow("weight", ClassRules::weight),
            value("held", ClassRules::held, Forms.setOf(PressureBand.class)),
            ClassRules::new);
  }
}
