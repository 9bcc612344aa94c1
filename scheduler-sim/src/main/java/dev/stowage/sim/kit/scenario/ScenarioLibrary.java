package dev.stowage.sim.kit.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The scenario files that come with the library: every rule of the lifecycle by example, and every
 * failure that was ever captured. Their names are in a file beside them, because only files can be
 * read from wherever classes are: a folder cannot be listed in every jar and under every class
 * loader. Stateless.
 */
public final class ScenarioLibrary {
  private static final String FOLDER = "/dev/stowage/sim/scenarios/";
  private static final String NAMES = "names.list";

  private ScenarioLibrary() {}

  /** Returns the names of all files, in their order. */
  public static List<String> names() {
    return read(NAMES)
        .orElseThrow(() -> new IllegalStateException("no file " + NAMES))
        .lines()
        .toList();
  }

  /**
   * Returns the text of a file.
   *
   * @param name one of {@link #names}
   * @throws IllegalArgumentException if no file has this name
   */
  public static String text(String name) {
    return read(name)
        .orElseThrow(() -> new IllegalArgumentException("no scenario is called " + name));
  }

  private static Optional<String> read(String file) {
    try (InputStream bytes = ScenarioLibrary.class.getResourceAsStream(FOLDER + file)) {
      return bytes == null
          ? Optional.empty()
          : Optional.of(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
