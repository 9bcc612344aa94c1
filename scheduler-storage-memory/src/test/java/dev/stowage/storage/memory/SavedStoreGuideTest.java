package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.files.WholeFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of getting started, run; and the page for builders, held against the code. */
class SavedStoreGuideTest {
  private static final Path INSIDE = Path.of("..", "docs", "internals", "storage-memory.md");

  private static final InstantSource WALL = () -> Instant.parse("2026-11-22T10:00:00Z");

  @TempDir Path directory;

  @Test
  void host_thatSavedItsStore_goesOnAfterARestart() throws IOException {
    Path saved = directory.resolve("fleet.stowage");
    MemoryChunkStore store = start(saved, WALL);
    Stowage stowage = SmallFleet.facade(store, "host");
    assertThat(stowage.claim(1_000_000_000L).granted()).isTrue();
    new SmallFleet(stowage).join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
    save(store, saved);

    Stowage restarted = SmallFleet.facade(start(saved, WALL), "host");
    assertThat(restarted.claim(9_000_000_000L).granted()).isTrue();
    assertThat(restarted.fleet().portalAssignment().visible(SmallFleet.dataset())).hasSize(1);
  }

  private static void save(MemoryChunkStore store, Path saved) throws IOException {
    try (WholeFile whole = WholeFile.of(saved)) {
      try (OutputStream to = Files.newOutputStream(whole.part())) {
        store.save(to);
      }
      whole.keep(); // forced to the device and renamed: the former one until then
    }
  }

  private static MemoryChunkStore start(Path saved, InstantSource wall) throws IOException {
    LongSupplier nanos =
        () -> wall.millis() * 1_000_000; // in a host, wall is InstantSource.system()
    MemoryChunkStore.Builder settings = MemoryChunkStore.builder().leaseClock(nanos);
    if (!Files.exists(saved)) {
      return settings.fleet("eu-1").build();
    }
    try (InputStream from = new BufferedInputStream(Files.newInputStream(saved))) {
      return settings.load(from);
    }
  }

  @Test
  void pageForBuilders_namesEverySection_andTheVersion() throws IOException {
    String page = Files.readString(INSIDE, StandardCharsets.UTF_8);
    for (Section section : Section.values()) {
      assertThat(page).contains("| " + section.number() + " | `" + section + "` |");
    }
    assertThat(page).contains("version " + MemoryChunkStore.SCHEMA_VERSION);
  }
}
