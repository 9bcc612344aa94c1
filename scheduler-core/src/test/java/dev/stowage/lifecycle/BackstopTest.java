package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Result;
import dev.stowage.lifecycle.answering.Explainer;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.shape.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The backstop of section 4, step 6, on rows that no command writes: what would be shown beside
 * something that overlaps it is held back, and what portals see stays.
 */
class BackstopTest {
  private final SmallWorld world = SmallWorld.of(1).workers(10, "a");

  private static ChunkRow moved(ChunkRow row, long first, long last) {
    long wide = Math.max(last, row.range().last());
    ChunkRow late = Shape.of(ChunkRow.class).with(row, "last_block", wide);
    ChunkRow moved = Shape.of(ChunkRow.class).with(late, "first_block", first);
    return Shape.of(ChunkRow.class).with(moved, "last_block", last);
  }

  /** Moves one chunk to other blocks. */
  private void move(String path, long first, long last) {
    ChangeSet.Parts rows = world.state.rows();
    rows.chunks(
        rows.build().chunks().stream()
            .map(row -> row.key().equals(SmallWorld.key(path)) ? moved(row, first, last) : row)
            .toList());
    world.state = LifecycleState.load(world.state.fleetRow(), rows);
  }

  private static List<ChunkKey> keys(String... paths) {
    return List.of(paths).stream().map(SmallWorld::key).toList();
  }

  private List<String> whyHidden(String path) {
    return Explainer.whyNotVisible(world.state, SmallWorld.key(path)).lines();
  }

  private void downloaded() {
    world.schedule();
    world.fetchAll();
  }

  @Test
  void newcomer_thatOverlapsAVisibleChunk_isHeldBackUntilThatGoes() {
    world.ingest("d/c", 10, 19);
    world.settle();
    world.ingest("d/x", 30, 39);
    downloaded();
    move("d/x", 19, 25);
    Result.Published held = world.publish();
    assertThat(held.heldBack()).isEqualTo(keys("d/x"));
    assertThat(held.promoted()).isEmpty();
    assertThat(world.visible("d")).containsExactly("c");
    assertThat(whyHidden("d/x"))
        .containsExactly("its blocks 19-25 overlap those of d/c, 10-19, which is visible");
    assertThat(world.publish().heldBack()).isEqualTo(keys("d/x"));

    world.remove("d/c");
    assertThat(whyHidden("d/x")).isEmpty();
    Result.Published shown = world.publish();
    assertThat(shown.heldBack()).isEmpty();
    assertThat(shown.promoted()).isEqualTo(keys("d/x"));
    assertThat(shown.dropped()).isEqualTo(keys("d/c"));
    assertThat(world.visible("d")).containsExactly("x");
  }

  @Test
  void ofTwoNewcomers_theFirstIsShown_andTheOtherHeldBack() {
    world.ingest("d/x", 10, 19);
    world.ingest("d/y", 30, 39);
    world.ingest("e/z", 10, 19);
    downloaded();
    move("d/y", 15, 39);
    Result.Published published = world.publish();
    assertThat(published.promoted()).isEqualTo(keys("d/x", "e/z"));
    assertThat(published.heldBack()).isEqualTo(keys("d/y"));
    assertThat(world.publish().heldBack()).isEqualTo(keys("d/y"));
    assertThat(world.visible("d")).containsExactly("x");
  }

  private void swapToBe(String old, String fresh, long first, long last) {
    world.swap(
        "d",
        List.of(old),
        SmallWorld.chunk("d/" + fresh + "1", first, (first + last) / 2),
        SmallWorld.chunk("d/" + fresh + "2", (first + last) / 2 + 1, last));
  }

  @Test
  void swap_whoseNewSideOverlapsAVisibleChunk_isHeldBackAsAWhole() {
    world.ingest("d/c", 10, 19);
    world.ingest("d/o", 40, 49);
    world.settle();
    swapToBe("c", "n", 10, 19);
    downloaded();
    move("d/o", 19, 49);
    Result.Published held = world.publish();
    assertThat(held.fired()).isEmpty();
    assertThat(held.promoted()).isEmpty();
    assertThat(held.heldBack()).isEqualTo(keys("d/n1", "d/n2"));
    assertThat(world.visible("d")).containsExactly("c", "o");
    assertThat(world.state.pendingSwaps()).hasSize(1);
    assertThat(Explainer.whySwapWaits(world.state, 1).lines())
        .containsExactly("its blocks 15-19 overlap those of d/o, 19-49, which is visible");
    assertThat(world.publish().heldBack()).isEqualTo(keys("d/n1", "d/n2"));

    world.remove("d/o");
    Result.Published shown = world.publish();
    assertThat(shown.fired()).containsExactly(1L);
    assertThat(shown.heldBack()).isEmpty();
    assertThat(world.visible("d")).containsExactly("n1", "n2");
  }

  /** The one that stays is the first row of all. */
  @Test
  void swap_isHeldBackByTheVeryFirstRowToo() {
    world.ingest("d/o", 40, 49);
    world.ingest("d/c", 10, 19);
    world.settle();
    assertThat(world.state.chunkPosition(SmallWorld.key("d/o"))).isZero();
    swapToBe("c", "n", 10, 19);
    downloaded();
    move("d/o", 19, 49);
    assertThat(world.publish().heldBack()).isEqualTo(keys("d/n1", "d/n2"));
  }

  @Test
  void ofTwoSwaps_whoseNewSidesOverlap_theSecondIsHeldBack() {
    world.ingest("d/c", 10, 19);
    world.ingest("d/o", 40, 49);
    world.settle();
    swapToBe("c", "n", 10, 19);
    swapToBe("o", "p", 40, 49);
    downloaded();
    move("d/o", 60, 69);
    move("d/p1", 19, 44);
    Result.Published published = world.publish();
    assertThat(published.fired()).containsExactly(1L);
    assertThat(published.heldBack()).isEqualTo(keys("d/p1", "d/p2"));
    assertThat(world.visible("d")).containsExactly("n1", "n2", "o");
  }
}
