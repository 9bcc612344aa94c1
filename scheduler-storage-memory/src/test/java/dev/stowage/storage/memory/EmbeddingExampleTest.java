package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkKey;
import org.junit.jupiter.api.Test;

/** The example of the README, word by word, compiled and run. */
class EmbeddingExampleTest {
  @Test
  void example_ofTheReadme_runs() {
    Route route = EmbeddingExample.run();
    assertThat(route.key()).isEqualTo(ChunkKey.of("logs", "2026-11-20"));
    assertThat(route.workers()).hasSizeGreaterThanOrEqualTo(2);
  }
}
