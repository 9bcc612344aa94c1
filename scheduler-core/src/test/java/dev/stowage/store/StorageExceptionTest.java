package dev.stowage.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Lineage;
import org.junit.jupiter.api.Test;

/** Texts that somebody wrote into a store, as a person is shown them. */
class StorageExceptionTest {
  @Test
  void whatCannotBeSeen_isEscaped_andTheRestStays() {
    assertThat(StorageException.printable("caf\u00e9 \ud83d\ude00 a-1"))
        .isEqualTo("caf\u00e9 \ud83d\ude00 a-1");
    assertThat(StorageException.printable("a\nb\u001b[2J\u202ec\u2028\ud83d"))
        .isEqualTo("a\\u{a}b\\u{1b}[2J\\u{202e}c\\u{2028}\\u{d83d}");
  }

  @Test
  void whatIsLongerThanAName_isCutInItsMidst() {
    String longest = "x".repeat(512);
    assertThat(StorageException.printable(longest)).isEqualTo(longest);
    assertThat(StorageException.printable("a" + "x".repeat(10_000) + "z"))
        .startsWith("axx")
        .contains("x[... 9490 characters ...]x")
        .endsWith("xxz")
        .hasSizeLessThan(560);
  }

  @Test
  void everyMessage_isEscaped_andAsLongAsItIs() {
    assertThat(new StorageException.Corrupt("row\r\n" + "x".repeat(9_000) + "; restore", null))
        .hasMessage("row\\u{d}\\u{a}" + "x".repeat(9_000) + "; restore");
    Lease other = new Lease("b\u0007" + "x".repeat(10_000), 2, Lineage.of(1), 0);
    Lease mine = new Lease("a", 1, Lineage.of(1), 0);
    assertThat(StorageException.Fenced.deposed(mine, other).getMessage())
        .startsWith("a held epoch 1; now b\\u{7}xxx")
        .endsWith("xxx holds 2")
        .hasSizeLessThan(700);
    assertThat(other.inWords()).startsWith("b\\u{7}xxx").hasSizeLessThan(700);
  }
}
