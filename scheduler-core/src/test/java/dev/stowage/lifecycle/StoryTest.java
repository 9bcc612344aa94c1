package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Test
  void idleCycles_writeNothing() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b", "c");
    for (int i = 0; i < 10; i++) {
      world.ingest("d/c" + i, i * 10, i * 10 + 9);
    }
    world.settle();
    Result.Scheduled scheduled = world.schedule();
    assertThat(scheduled.changed()).isFalse();
    assertThat(world.lastChanges.isEmpty()).isTrue();
    assertThat(world.publish().changed()).isFalse();
    assertThat(world.lastChanges.isEmpty()).isTrue();
  }

  @Test
  void chain_collapsesInOneVisibilityCycle() {
    SmallWorld world = SmallWorld.of(1).workers(20, "a", "b");
    world.ingest("d/A", 0, 9);
    world.settle();
    world.swap("d", List.of("A"), SmallWorld.chunk("d/B", 0, 9));
    world.swap("d", List.of("B"), SmallWorld.chunk("d/C", 0, 9));
    world.schedule();
    world.fetchAll();
    assertThat(world.publish().fired()).containsExactly(1L, 2L);
    assertThat(world.visible("d")).containsExactly("C");
    assertThat(world.chunkState("d/B")).isEqualTo(ChunkState.ADMITTED);
    world.schedule();
    assertThat(world.chunkState("d/B")).isEqualTo(ChunkState.TOMBSTONE);
  }
}
