package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Section 4 of the lifecycle design, sentence by sentence. */
class VisibilityRulesTest {
  @Test
  void window_beginsAtTheCommit() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.remove("d/c");
    long dropped = world.now;
    world.run(new Command.Publish(dropped + 3));
    world.now = dropped + 7;
    world.schedule();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.DROPPED);
    world.now = dropped + 8;
    world.schedule();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
  }

  @Test
  void formerWindow_untilACycleHasSeenItsEnd_stillCounts() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.now = 100;
    world.schedule();
    lower(world, 2);
    world.now = 106;
    lower(world, 1);
    assertThat(world.state.windowTicks(104)).isEqualTo(5);
    assertThat(world.state.windowTicks(107)).isEqualTo(2);
    assertThat(world.state.windowTicks(108)).isEqualTo(1);
  }

  private static void lower(SmallWorld world, long windowTicks) {
    LifecycleConfig config =
        world.state.config().toBuilder().drainWindowTicks(windowTicks).unchecked();
    world.run(new Command.Configure(Command.ANY_VERSION, config));
  }
}
