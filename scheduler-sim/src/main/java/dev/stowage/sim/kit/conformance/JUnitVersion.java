package dev.stowage.sim.kit.conformance;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The version of JUnit on the path, and its check against supported ones. Stateless. */
final class JUnitVersion {
  /** The oldest supported {major, minor}; {@link #LAST_MAJOR} is the newest major. */
  private static final int[] LEAST = {5, 10};

  private static final int LAST_MAJOR = 6;
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\b.*");

  private JUnitVersion() {}

  /** Throws {@code IllegalStateException} if the JUnit Jupiter on the path is not supported. */
  static void requireKnown() {
    complaint(present())
        .ifPresent(complaint -> {
          throw new IllegalStateException(complaint);
        });
  }

  /** Returns the version of JUnit Jupiter by its module or its jar; empty if neither has one. */
  static Optional<String> present() {
    Optional<String> ofModule =
        Optional.ofNullable(Test.class.getModule().getDescriptor())
            .flatMap(ModuleDescriptor::rawVersion);
    return ofModule.or(
        () -> Optional.ofNullable(Test.class.getPackage().getImplementationVersion()));
  }

  /**
   * Returns the problem with a version of JUnit Jupiter; empty if it is supported or unknown, as
   * with a jar without a manifest.
   */
  static Optional<String> complaint(Optional<String> version) {
    Matcher numbers = NUMBERS.matcher(version.orElse(""));
    if (!numbers.matches()) {
      return Optional.empty();
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    boolean isOld = major < LEAST[0] || (major == LEAST[0] && minor < LEAST[1]);
    if (!isOld && major <= LAST_MAJOR) {
      return Optional.empty();
    }
    return Optional.of(
        "the kit of Stowage, and the jqwik that it draws by, need JUnit 5.10 to 6, but JUnit "
            + version.orElseThrow()
            + " is on the path. Drop the dependencies on org.junit from the pom, for scheduler-sim"
            + " brings JUnit 5.14; or, where a parent or a BOM manages another one, import"
            + " org.junit:junit-bom:5.14.1 (type pom, scope import) in dependencyManagement");
  }
}
