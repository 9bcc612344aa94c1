package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.sim.kit.conformance.Conformance;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds what the modules export against the committed text: no signature changes unseen. */
class ExportedApiTest {
  private static final Path COMMITTED = LinksTest.ROOT.resolve("docs/internals/exported-api.txt");
  private static final Path WRITTEN = Path.of("target", "exported-api.txt");

  private static final List<Class<?>> ONE_OF_EACH_MODULE =
      List.of(Stowage.class, MemoryChunkStore.class, PostgresChunkStore.class, Conformance.class);

  private static SortedSet<String> exported = new TreeSet<>();

  @BeforeAll
  static void render() throws IOException, URISyntaxException {
    List<Path> folders = new ArrayList<>();
    for (Class<?> type : ONE_OF_EACH_MODULE) {
      folders.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    exported = Signatures.of(folders);
  }

  @Test
  void signatures_areThoseOfTheCommittedText() throws IOException {
    Files.createDirectories(WRITTEN.getParent());
    Files.write(WRITTEN, exported);
    List<String> committed = Files.exists(COMMITTED) ? Files.readAllLines(COMMITTED) : List.of();

    SortedSet<String> added = new TreeSet<>(exported);
    added.removeAll(new TreeSet<>(committed));
    SortedSet<String> gone = new TreeSet<>(committed);
    gone.removeAll(exported);
    assertThat(gone.isEmpty() && added.isEmpty())
        .as(
            "exported signatures differ. If docs/stability.md allows that, copy %s to %s.%n"
                + "gone:%n  %s%nadded:%n  %s",
            WRITTEN.toAbsolutePath(),
            COMMITTED,
            String.join("\n  ", gone),
            String.join("\n  ", added))
        .isTrue();
  }

  @Test
  void signatures_showPermitsRecordsAndNullness() {
    assertThat(exported)
        .hasSizeGreaterThan(2_000)
        .anyMatch(line -> line.contains(" permits "))
        .anyMatch(line -> line.contains(" record("))
        .anyMatch(line -> line.endsWith("?"))
        .noneMatch(line -> line.startsWith("engine."));
  }
}
