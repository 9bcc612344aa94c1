package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The published outputs of FNV-1a with 64 bits. */
class FnvTest {
  @Test
  void text_isFoldedAsPublished() {
    assertThat(Fnv.fold(Fnv.OFFSET, "")).isEqualTo(0xcbf29ce484222325L);
    assertThat(Fnv.fold(Fnv.OFFSET, "a")).isEqualTo(0xaf63dc4c8601ec8cL);
    assertThat(Fnv.fold(Fnv.OFFSET, "foobar")).isEqualTo(0x85944171f73967e8L);
    assertThat(Fnv.fold(Fnv.fold(Fnv.OFFSET, "foo"), "bar")).isEqualTo(0x85944171f73967e8L);
  }

  @Test
  void text_ofSeveralBytesACharacter_isFoldedByteByByte() {
    long byHand = Fnv.foldByte(Fnv.foldByte(Fnv.OFFSET, 0xc3), 0xa9);
    assertThat(Fnv.fold(Fnv.OFFSET, "\u00e9")).isEqualTo(byHand);
  }

  @Test
  void number_isFoldedLowestByteFirst() {
    long abcdefgh = 0x68_67_66_65_64_63_62_61L;
    assertThat(Fnv.fold(Fnv.OFFSET, abcdefgh)).isEqualTo(Fnv.fold(Fnv.OFFSET, "abcdefgh"));
    assertThat(Fnv.fold(Fnv.OFFSET, -2L)).isNotEqualTo(Fnv.fold(Fnv.OFFSET, 254L));
  }
}
