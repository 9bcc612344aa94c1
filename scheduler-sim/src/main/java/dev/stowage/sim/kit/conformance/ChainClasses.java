package dev.stowage.sim.kit.conformance;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The artifacts that chains need beside the kit, each known by one of its classes. Stateless. */
final class ChainClasses {
  private static final List<Map.Entry<String, String>> ARTIFACTS =
      List.of(
          Map.entry("net.jqwik:jqwik-api", "net.jqwik.api.state.ActionChain"),
          Map.entry("net.jqwik:jqwik-engine", "net.jqwik.engine.JqwikTestEngine"),
          Map.entry(
              "org.junit.platform:junit-platform-engine", "org.junit.platform.engine.TestEngine"),
          Map.entry(
              "org.junit.platform:junit-platform-commons",
              "org.junit.platform.commons.JUnitException"),
          Map.entry("org.opentest4j:opentest4j", "org.opentest4j.TestAbortedException"));

  private ChainClasses() {}

  /** Throws {@code IllegalStateException} that names every artifact that is missing. */
  static void requirePresent() {
    requirePresent(ChainClasses::isPresent);
  }

  static void requirePresent(Predicate<String> isPresent) {
    List<String> missing =
        ARTIFACTS.stream()
            .filter(artifact -> !isPresent.test(artifact.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "chains are drawn by jqwik on JUnit's platform, and these artifacts are missing: "
              + String.join(", ", missing)
              + ". They come with scheduler-sim unless they are excluded; on the module path add"
              + " --add-modules net.jqwik.engine");
    }
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, ChainClasses.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError missing) {
      return false;
    }
  }
}
