package dev.stowage.sim.kit.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The scenario files that come with the library: every rule of the lifecycle by example, and every
 * failure that was ever captured. Stateless.
 */
public final class ScenarioLibrary {
  private static final String FOLDER = "/dev/stowage/sim/scenarios";

  private ScenarioLibrary() {}

  /** The names of all files, in their order. */
  public static List<String> names() {
    URI folder = uri();
    try {
      if (!folder.getScheme().equals("jar")) {
        return names(Path.of(folder));
      }
      String jar = folder.getSchemeSpecificPart();
      Path archive = Path.of(URI.create(jar.substring(0, jar.indexOf("!/"))));
      try (FileSystem inside = FileSystems.newFileSystem(archive)) {
        return names(inside.getPath(FOLDER));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".txt"))
          .sorted()
          .toList();
    }
  }

  private static URI uri() {
    // A file, since a folder inside of a module cannot be asked for.
    URL known = ScenarioLibrary.class.getResource(FOLDER + "/00-example.txt");
    try {
      return Objects.requireNonNull(known, FOLDER).toURI().resolve(".");
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The text of a file.
   *
   * @param name one of {@link #names}
   * @throws IllegalArgumentException if there is none of this name
   */
  public static String text(String name) {
    try (InputStream bytes = ScenarioLibrary.class.getResourceAsStream(FOLDER + "/" + name)) {
      if (bytes == null) {
        throw new IllegalArgumentException("no scenario is called " + name);
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
