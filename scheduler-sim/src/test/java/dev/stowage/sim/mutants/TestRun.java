package dev.stowage.sim.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs tests of the lean suite against the library of the context class loader, which may be a
 * broken one.
 */
public final class TestRun {
  private TestRun() {}

  /** Returns the tests of a class that fail, by name. */
  public static List<String> failing(Class<?> type) {
    return failing(LauncherFactory.create(), type);
  }

  /**
   * Returns the first class of a package, or of a package within it, that has a failing test, and
   * that test; the classes of {@code nearest} are asked first.
   */
  public static List<String> firstFailing(String room, String nearest) {
    Launcher launcher = LauncherFactory.create();
    for (String name : classes(launcher.discover(request(selectPackage(room))), nearest)) {
      List<String> failing = failing(launcher, load(name));
      if (!failing.isEmpty()) {
        return List.of(name.substring(name.lastIndexOf('.') + 1), failing.get(0));
      }
    }
    return List.of();
  }

  private static LauncherDiscoveryRequest request(DiscoverySelector selector) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(selector)
        .filters(TagFilter.excludeTags("deep"), ClassNameFilter.includeClassNamePatterns(".*Test"))
        .build();
  }

  private static List<String> failing(Launcher launcher, Class<?> type) {
    var summary = new SummaryGeneratingListener();
    launcher.execute(request(selectClass(type)), summary);
    if (summary.getSummary().getTestsFoundCount() == 0) {
      return List.of();
    }
    return summary.getSummary().getFailures().stream()
        .map(failure -> failure.getTestIdentifier().getDisplayName())
        .distinct()
        .sorted()
        .toList();
  }

  private static List<String> classes(TestPlan plan, String nearest) {
    List<String> names = new ArrayList<>();
    for (TestIdentifier root : plan.getRoots()) {
      for (TestIdentifier each : plan.getDescendants(root)) {
        if (each.getSource().orElse(null) instanceof ClassSource source
            && !source.getClassName().contains("$")) {
          names.add(source.getClassName());
        }
      }
    }
    Comparator<String> farther =
        Comparator.comparing(name -> !name.substring(0, name.lastIndexOf('.')).equals(nearest));
    return names.stream().distinct().sorted(farther.thenComparing(name -> name)).toList();
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException gone) {
      throw new IllegalStateException(gone);
    }
  }
}
