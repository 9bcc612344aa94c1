package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.answer.Progress;
import dev.stowage.answer.Progress.CopyCause;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The time left of a drain over limited links, against the time that the drain took. */
class DrainTimeTest {
  private static final int WORKERS = 10;
  private static final int CHUNKS = 600;
  private static final long CHUNK_BYTES = 20_000_000;
  private static final long LINK = 1_000_000;
  private static final long ROUND_SECONDS = 10;
  private static final WorkerId LEAVER = WorkerId.of("w0");

  /** The whole time of the drain, as it was told after some of it. */
  private record Told(double after, double least, double most) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void timeLeft_isWithinAQuarter_ofWhatTheDrainTook(long seed) {
    try (Stowage fleet =
            Stowage.builder(MemoryChunkStore.builder().fixedLineages().build())
                .config(StowageConfig.defaults().withHolder("me"))
                .build();
        World world =
            new World(
                fleet, new WorldSettings(ROUND_SECONDS, 1, 0, 1), Chance.ofSeed(seed), () -> 0)) {
      assertThat(fleet.claim(world.nowNanos()).granted()).isTrue();
      fill(fleet, world);
      assertThat(fleet.progress().isToGo()).isFalse();
      fleet.setStatus(LEAVER, WorkerStatus.LEAVING, world.nowNanos());
      List<Told> told = new ArrayList<>();
      double seconds = 0;
      Progress.Part part = fleet.progress(LEAVER).orElseThrow();
      assertThat(part.leastSeconds()).as("nothing was observed").isNaN();
      int first = part.copies();
      while (part.copies() > 0) {
        world.round();
        seconds += ROUND_SECONDS;
        part = fleet.progress(LEAVER).orElseThrow();
        if (part.copies() > 0 && !Double.isNaN(part.leastSeconds())) {
          told.add(new Told(seconds, seconds + part.leastSeconds(), seconds + part.mostSeconds()));
        }
        assertThat(seconds).isLessThan(100_000);
      }
      double took = seconds;
      told.stream()
          .filter(each -> each.after > took / 4)
          .forEach(each -> {
            String at =
                String.format(
                    Locale.ROOT,
                    "seed %d: after %.0f s: %.0f to %.0f s in all; it took %.0f s",
                    seed,
                    each.after,
                    each.least,
                    each.most,
                    took);
            System.out.println(at);
            assertThat((each.least + each.most) / 2).as(at).isBetween(0.75 * took, 1.25 * took);
          });
      assertThat(told).as("told while it ran").hasSizeGreaterThan(5);
      assertThat(part.movedCopies()).isEqualTo(first);
      assertThat(fleet.progress().of(CopyCause.LEAVE).movedBytes()).isEqualTo(first * CHUNK_BYTES);
      assertThat(world.violations()).isEmpty();
    }
  }

  private static void fill(Stowage fleet, World world) {
    world.bringAtOnce(true);
    for (int worker = 0; worker < WORKERS; worker++) {
      world.join(Worker.of(WorkerId.of("w" + worker), 1_000 * CHUNK_BYTES).withDownlink(LINK));
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      ChunkKey key = ChunkKey.of("d", "c" + (1_000 + i));
      chunks.add(Chunk.of(key, BlockRange.of(10L * i, 10L * i + 9), CHUNK_BYTES));
    }
    fleet.ingest(chunks, world.nowNanos());
    for (int quiet = 0; quiet < 5; ) {
      quiet = world.round().isQuiet() ? quiet + 1 : 0;
    }
    // What came while the fleet was filled is over before the drain begins.
    for (int round = 0; round < 40; round++) {
      world.round();
    }
    world.bringAtOnce(false);
  }
}
