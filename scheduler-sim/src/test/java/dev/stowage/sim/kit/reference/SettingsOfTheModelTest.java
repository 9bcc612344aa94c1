package dev.stowage.sim.kit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The reference model obeys each setting of the fleet, or is declared not to judge it. */
class SettingsOfTheModelTest {
  // Where the accessor is not named as the setting.
  private static final Map<String, String> ACCESSORS =
      Map.of(
          "weight_policy", "weights",
          "chunk_retention_ticks", "chunkTicks",
          "swap_retention_ticks", "swapTicks",
          "assignment_retention_ticks", "assignmentTicks",
          "worker_retention_ticks", "workerTicks",
          "pressure_stale_after_ticks", "staleAfterTicks",
          "elevated_budget_millionths", "elevatedMillionths",
          "high_budget_millionths", "highMillionths",
          "critical_budget_millionths", "criticalMillionths");

  private static Set<String> calledByTheModel() {
    Set<String> called = new TreeSet<>();
    for (JavaClass each :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.stowage.sim.kit.reference")) {
      each.getMethodCallsFromSelf().stream()
          .filter(call -> call.getTargetOwner().getName().startsWith("dev.stowage.config."))
          .forEach(call -> called.add(call.getName()));
    }
    return called;
  }

  private static String accessor(String setting) {
    StringBuilder name = new StringBuilder();
    for (String word : setting.split("_", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return ACCESSORS.getOrDefault(setting, name.toString());
  }

  @Test
  void everySetting_isObeyedByTheModel_orDeclaredNotToBeJudged() {
    Set<String> called = calledByTheModel();
    List<String> wrong = new ArrayList<>();
    Set<String> known = new TreeSet<>();
    for (Field<LifecycleConfig, ?> field : Shape.of(LifecycleConfig.class).fields()) {
      known.add(field.name());
      boolean isObeyed = called.contains(accessor(field.name()));
      boolean isDeclared = ReferenceModel.notJudged().containsKey(field.name());
      boolean isInPart = field.name().equals("placement");
      if (isInPart ? !isDeclared : isObeyed == isDeclared) {
        wrong.add(field.name() + (isObeyed ? " is obeyed and declared" : " is forgotten"));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(known).containsAll(ReferenceModel.notJudged().keySet());
  }
}
