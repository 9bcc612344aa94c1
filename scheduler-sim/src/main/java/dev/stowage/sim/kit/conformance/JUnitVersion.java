package dev.stowage.sim.kit.conformance;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which JUnit is there, and whether the kit runs on it. Stateless. */
final class JUnitVersion {
  /** What the kit runs on, as its messages say it. */
  static final String NEEDED = "5.14 or a later 5";

  private static final int MAJOR = 5;
  private static final int LEAST_MINOR = 14;
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\b.*");

  private JUnitVersion() {}

  /**
   * Throws {@code IllegalStateException} if the JUnit Jupiter on the path is not one that the kit runs
   * on.
   */
  static void requireKnown() {
    complaint(present())
        .ifPresent(
            complaint -> {
              throw new IllegalStateException(complaint);
            });
  }

  /** Returns the version of JUnit Jupiter by its module or its jar, if it says one. */
  static Optional<String> present() {
    Optional<String> ofModule =
        Optional.ofNullable(Test.class.getModule().getDescriptor())
            .flatMap(ModuleDescriptor::rawVersion);
    return ofModule.or(() -> Optional.ofNullable(Test.class.getPackage().getImplementationVersion()));
  }

  /**
   * Returns what is wrong with a version of JUnit Jupiter; empty if the kit runs on it, or if nobody
   * can say which it is, as in a jar without a manifest.
   */
  static Optional<String> complaint(Optional<String> version) {
    Matcher numbers = NUMBERS.matcher(version.orElse(""));
    if (!numbers.matches()) {
      return Optional.empty();
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    if (major == MAJOR && minor >= LEAST_MINOR) {
      return Optional.empty();
    }
    return Optional.of(
        "the kit of Stowage needs JUnit "
            + NEEDED
            + ", but JUnit "
            + version.orElseThrow()
            + " is on the path: jqwik, which draws its stories, runs on no other. Either drop the"
            + " dependencies on org.junit from the pom, for scheduler-sim brings the right ones, or"
            + " import org.junit:junit-bom:5.14.1 (type pom, scope import) first in"
            + " dependencyManagement");
  }
}
