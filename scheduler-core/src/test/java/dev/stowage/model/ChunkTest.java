package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A chunk's description, its refusals and its canonical order. */
class ChunkTest {
  private static final ChunkKey KEY = ChunkKey.of("d", "c");
  private static final BlockRange RANGE = BlockRange.of(0, 9);

  @Test
  void chunk_by_default_has_no_weight_and_any_worker_may_hold_it() {
    Chunk chunk = Chunk.of(KEY, RANGE, 0);

    assertThat(chunk.weight()).isEmpty();
    assertThat(chunk.eligibility()).isEqualTo(Eligibility.ANY);
    assertThat(chunk.withWeight(1).weight()).hasValue(1);
    Eligibility ssdOnly = new Eligibility(WorkerVersion.ZERO, Labels.of("ssd"));
    assertThat(chunk.withEligibility(ssdOnly).eligibility()).isEqualTo(ssdOnly);
  }

  @Test
  void negative_size_is_refused() {
    assertThatThrownBy(() -> Chunk.of(KEY, RANGE, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size in bytes is -1; at least 0 is accepted");
  }

  @Test
  void weight_below_one_is_refused() {
    assertThatThrownBy(() -> Chunk.of(KEY, RANGE, 1).withWeight(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight is 0; at least 1 is accepted");
  }

  @Test
  void null_parts_are_refused_by_name() {
    OptionalInt none = OptionalInt.empty();

    assertThatThrownBy(() -> new Chunk(null, RANGE, 1, none, Eligibility.ANY))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("key");
    assertThatThrownBy(() -> new Chunk(KEY, null, 1, none, Eligibility.ANY))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("range");
    assertThatThrownBy(() -> new Chunk(KEY, RANGE, 1, none, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("eligibility");
    assertThatThrownBy(() -> new ChunkKey(null, "c"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("dataset");
    assertThatThrownBy(() -> new ChunkNumber(null, 1)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void canonical_order_is_dataset_then_first_block_then_id() {
    List<Chunk> expected =
        List.of(
            chunk("a", "z", 5, 9),
            chunk("b", "z", 0, 1),
            chunk("b", "y", 2, 9),
            chunk("b", "z", 2, 3),
            chunk("b", "\ue000", 2, 2),
            chunk("b", "\ud800\udc00", 2, 2),
            chunk("b", "a", Long.MAX_VALUE, Long.MAX_VALUE),
            chunk("\ue000", "a", 0, 0),
            chunk("\ud800\udc00", "a", 0, 0));
    List<Chunk> sorted = new ArrayList<>(expected);
    Collections.reverse(sorted);
    sorted.sort(Chunk.CANONICAL_ORDER);

    assertThat(sorted).isEqualTo(expected);
  }

  @Test
  void keys_are_ordered_by_dataset_and_then_by_id() {
    assertThat(ChunkKey.of("a", "z")).isLessThan(ChunkKey.of("b", "a"));
    assertThat(ChunkKey.of("b", "a")).isLessThan(ChunkKey.of("b", "b")).hasToString("b/a");
  }

  private static Chunk chunk(String dataset, String id, long first, long last) {
    return Chunk.of(ChunkKey.of(dataset, id), BlockRange.of(first, last), 1);
  }
}
