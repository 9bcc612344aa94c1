package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The life of a chunk from end to end, in small worlds. */
class StoryTest {
  @Test
  void correction_replacesTheOldChunkOnceTheFloorIsPossessed() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(2).drainWindowTicks(3));
    world.workers(10, "a", "b");
    world.ingest("d/old", 0, 99);
    world.settle();
    assertThat(world.visible("d")).containsExactly("old");
    assertThat(world.swap("d", List.of("old"), SmallWorld.chunk("d/new", 0, 99)).isAccepted())
        .isTrue();
    world.schedule();
    world.publish();
    assertThat(world.visible("d")).containsExactly("old");
    world.fetch("a");
    world.publish();
    assertThat(world.visible("d")).containsExactly("old");
    world.fetch("b");
    assertThat(world.publish().fired()).containsExactly(1L);
    assertThat(world.visible("d")).containsExactly("new");
    assertThat(world.chunkState("d/old")).isEqualTo(ChunkState.DROPPED);
    world.settle();
    assertThat(world.replicas("d/old")).isEmpty();
    assertThat(world.chunkState("d/old")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(world.routes("d/new")).containsExactly("a", "b");
  }
}
