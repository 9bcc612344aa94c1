package dev.stowage.content;

import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Records a policy by its answers. Only the library's own policies can be read back. */
record RecordedPolicy(
    String name,
    Map<String, String> parameters,
    Fairness fairness,
    PressurePolicy pressure,
    List<ClassRules> classes,
    Set<PressureBand> smallFirst) {
  private static final RecordedPolicy STANDARD = of(SelectionPolicy.efficiency());

  private static final Shape<RecordedPolicy> SHAPE =
      Shape.of(
          "policy",
          row -> {
            var name = row.text("name", RecordedPolicy::name);
            var parameters =
                row.value("parameters", RecordedPolicy::parameters, Forms.map(Forms.TEXT));
            var fairness = row.oneOf("fairness", Fairness.class, RecordedPolicy::fairness);
            var pressure =
                row.nested("pressure", RecordedPolicy::pressure, Shape.of(PressurePolicy.class));
            var classes = row.list("classes", RecordedPolicy::classes, Forms.row(ClassRules.SHAPE));
            var small =
                row.value(
                    "small_first", RecordedPolicy::smallFirst, Forms.setOf(PressureBand.class));
            parameters.orElse(STANDARD.parameters);
            fairness.orElse(STANDARD.fairness);
            pressure.orElse(STANDARD.pressure);
            classes.orElse(STANDARD.classes);
            small.orElse(STANDARD.smallFirst);
            return v ->
                new RecordedPolicy(
                    name.of(v),
                    parameters.of(v),
                    fairness.of(v),
                    pressure.of(v),
                    classes.of(v),
                    small.of(v));
          });

  static final Form<SelectionPolicy> FORM =
      Forms.of(Forms.row(SHAPE), RecordedPolicy::named, RecordedPolicy::of);

  static RecordedPolicy of(SelectionPolicy policy) {
    List<ClassRules> classes = new ArrayList<>();
    for (PriorityClass each : PriorityClass.values()) {
      classes.add(new ClassRules(policy.weight(each), bands(band -> policy.holds(band, each))));
    }
    return new RecordedPolicy(
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

  /** Returns the library's policy with these answers; throws a mismatch if there is none. */
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
        List.of(new HeaderDifference("attributes.content.policy", "one of the library's", policy)));
  }

  record ClassRules(int weight, Set<PressureBand> held) {
    static final Shape<ClassRules> SHAPE =
        shape(
            "class_rules",
            narrow("weight", ClassRules::weight),
            value("held", ClassRules::held, Forms.setOf(PressureBand.class)),
            ClassRules::new);
  }
}
