package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenario files, from wherever the classes are. */
class ScenarioLibraryTest {
  private static final String LIBRARY =
      "dev/stowage/sim/kit/scenario/" + ScenarioLibrary.class.getSimpleName() + ".class";

  @TempDir private Path folder;

  @Test
  void names_areThoseOfTheFiles() throws IOException {
    assertThat(ScenarioLibrary.names())
        .as("names.list, which `ls *.txt | LC_ALL=C sort > names.list` in its folder writes anew")
        .isEqualTo(
            ScenarioFiles.all().stream().map(file -> file.getFileName().toString()).toList());
  }

  @Test
  void names_inAJar_areTheSame() throws Exception {
    Path jar = jar();

    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Class<?> inJar = loader.loadClass(ScenarioLibrary.class.getName());
      List<?> names = (List<?>) inJar.getMethod("names").invoke(null);
      assertThat(names).isEqualTo(ScenarioLibrary.names());
      assertThat(inJar.getMethod("text", String.class).invoke(null, "00-example.txt"))
          .isEqualTo(ScenarioLibrary.text("00-example.txt"));
    }
  }

  @Test
  void text_ofAFileThatIsNotThere_isRefused() {
    assertThatThrownBy(() -> ScenarioLibrary.text("no-such.txt"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no-such.txt");
  }

  /** The class and its files in a jar without entries for folders, as some tools write them. */
  private Path jar() throws IOException {
    Path classes = ScenarioFiles.folder().resolve("../../../..").normalize();
    Path jar = folder.resolve("with a blank.jar");
    try (OutputStream bytes = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(bytes);
        Stream<Path> files = Files.list(ScenarioFiles.folder())) {
      for (Path file : Stream.concat(files, Stream.of(classes.resolve(LIBRARY))).toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    return jar;
  }
}
