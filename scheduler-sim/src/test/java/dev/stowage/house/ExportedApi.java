package dev.stowage.house;

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
import org.junit.jupiter.api.Test;

/**
 * Writes what the modules export to {@code docs/internals/exported-api.txt}. No test of a build: it
 * is run by name (docs/internals/contributing.md).
 */
class ExportedApi {
  private static final List<Class<?>> ONE_OF_EACH_MODULE =
      List.of(Stowage.class, MemoryChunkStore.class, PostgresChunkStore.class, Conformance.class);

  @Test
  void write() throws IOException, URISyntaxException {
    List<Path> folders = new ArrayList<>();
    for (Class<?> type : ONE_OF_EACH_MODULE) {
      folders.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    Files.write(LinksTest.ROOT.resolve("docs/internals/exported-api.txt"), Signatures.of(folders));
  }
}
