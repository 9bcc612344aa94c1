package dev.stowage.sim.kit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.audit.Audit;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTest {
  private static final int CHUNKS = 30;
  private static final int A_CYCLE = 10;
  private static final long CHUNK_BYTES = 1_000;

  @Test
  void round_withMoreThanACycleDoes_runsTheNextOnesAtOnce_andCopiesNothingInVain() {
    LifecycleConfig config =
        LifecycleConfig.builder()
            .minReplication(2)
            .maxReplication(WeightPolicy.UNCAPPED)
            .maxChunksPerCycle(A_CYCLE)
            .build();
    MemoryChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
    Stowage fleet =
        Stowage.builder(store).config(StowageConfig.defaults().withFleet(config)).build();
    World world = new World(fleet, new WorldSettings(1, 1, 0, 2), Chance.ofSeed(1), () -> 0);
    fleet.claim(world.nowNanos());
    for (int worker = 0; worker < 6; worker++) {
      world.join(Worker.of(WorkerId.of("w" + worker), 2 * CHUNKS * CHUNK_BYTES / 3));
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      ChunkKey key = ChunkKey.of("d", "c" + i);
      chunks.add(Chunk.of(key, BlockRange.of(10L * i, 10L * i + 9), CHUNK_BYTES));
    }
    fleet.ingest(chunks, world.nowNanos());
    Round first = world.round();
    assertThat(first.schedules()).hasSize(CHUNKS / A_CYCLE);
    assertThat(first.scheduled().more()).isFalse();
    assertThat(first.scheduled().unplaced()).isZero();
    long moved = first.movedBytes();
    int quiet = 0;
    for (int round = 0; quiet < 12 && round < 100; round++) {
      Round next = world.round();
      moved += next.movedBytes();
      quiet = next.isQuiet() ? quiet + 1 : 0;
    }
    assertThat(quiet).isEqualTo(12);
    assertThat(first.publications()).extracting(Result.Published::more).endsWith(false);
    long[] held = {0};
    fleet.ask(Audit.STATE).forEachReplica(slot -> held[0] += CHUNK_BYTES);
    assertThat(held[0]).isGreaterThan(2 * CHUNKS * CHUNK_BYTES);
    assertThat(moved).isEqualTo(held[0]);
    assertThat(world.violations()).isEmpty();
    fleet.close();
  }
}
