package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkKeyTest {
  @Property(seed = "1")
  void path_namesOneChunkAlone(
      @ForAll @Chars({'a', '/', '%', '2', '5', 'F'}) @StringLength(min = 1, max = 6) String dataset,
      @ForAll @Chars({'a', '/', '%', '2', '5', 'F'}) @StringLength(min = 1, max = 6) String id) {
    ChunkKey key = ChunkKey.of(dataset, id);
    assertThat(ChunkKey.ofPath(key.path())).isEqualTo(key);
  }

  @Property(seed = "1")
  void text_thatIsAPath_isThePathOfItsChunk(
      @ForAll @Chars({'a', '/', '%', '2', '5', 'F'}) @StringLength(max = 9) String text) {
    ChunkKey key;
    try {
      key = ChunkKey.ofPath(text);
    } catch (IllegalArgumentException noPath) {
      return;
    }
    assertThat(key.path()).isEqualTo(text);
  }

  @Test
  void path_marksWhatSeparates_inTheDatasetAlone() {
    assertThat(ChunkKey.of("logs", "2026/11%").path()).isEqualTo("logs/2026/11%");
    assertThat(ChunkKey.of("logs/50%", "mon").path()).isEqualTo("logs%2F50%25/mon");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "/a", "a/", "a%/b", "a%2f/b", "a%41/b", "a%2/F"})
  void text_thatIsNoPath_isRefused(String text) {
    assertThatThrownBy(() -> ChunkKey.ofPath(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
