package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The order of names against the bytes themselves, which the JDK encodes. */
class Utf8OrderTest {
  @Property(seed = "1")
  void compare_agrees_with_the_unsigned_bytes(
      @ForAll("wellFormed") String left, @ForAll("wellFormed") String right) {
    assertThat(sign(Utf8Order.compare(left, right))).isEqualTo(sign(byBytes(left, right)));
  }

  @Property(seed = "1")
  void compare_agrees_with_the_bytes_after_a_shared_start(
      @ForAll("wellFormed") String start,
      @ForAll("wellFormed") String left,
      @ForAll("wellFormed") String right) {
    assertThat(sign(Utf8Order.compare(start + left, start + right)))
        .isEqualTo(sign(byBytes(start + left, start + right)));
  }

  @Property(seed = "1")
  void comparator_is_consistent_with_equals(
      @ForAll("wellFormed") String left, @ForAll("wellFormed") String right) {
    assertThat(Utf8Order.COMPARATOR.compare(left, right) == 0).isEqualTo(left.equals(right));
    assertThat(Utf8Order.COMPARATOR.compare(left, left)).isZero();
  }

  @Property(seed = "1")
  void well_formed_is_what_the_encoder_accepts(@ForAll("anyUnits") String text) {
    assertThat(Utf8Order.isWellFormed(text)).isEqualTo(encodes(text));
  }

  @Example
  void compare_puts_supplementary_characters_last_where_units_do_not() {
    String supplementary = "\ud800\udc00"; // U+10000
    String privateUse = "\ue000";

    assertThat(Utf8Order.compare(supplementary, privateUse)).isPositive();
    assertThat(supplementary.compareTo(privateUse)).isNegative();
    assertThat(Utf8Order.compare(supplementary, "\uffff")).isPositive();
    assertThat(Utf8Order.compare("\ud7ff", supplementary)).isNegative();
  }

  @Example
  void surrogate_without_its_partner_is_not_well_formed() {
    assertThat(Utf8Order.isWellFormed("")).isTrue();
    assertThat(Utf8Order.isWellFormed("a\ud800\udc00b")).isTrue();
    assertThat(Utf8Order.isWellFormed("a\ud800")).isFalse();
    assertThat(Utf8Order.isWellFormed("\ud800b")).isFalse();
    assertThat(Utf8Order.isWellFormed("\udc00")).isFalse();
    assertThat(Utf8Order.isWellFormed("\udc00\ud800")).isFalse();
    assertThat(Utf8Order.isWellFormed("\ud800\ud800\udc00")).isFalse();
    assertThat(Utf8Order.isWellFormed("\ue000\ud7ff")).isTrue();
  }

  /** Code points near every length of encoding and around the surrogates, and any others. */
  @Provide
  Arbitrary<String> wellFormed() {
    Arbitrary<Integer> edges =
        Arbitraries.of(
            0x01, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff);
    Arbitrary<Integer> others =
        Arbitraries.integers().between(1, 0x10ffff).filter(Utf8OrderTest::isScalar);
    return Arbitraries.oneOf(edges, others)
        .list()
        .ofMaxSize(6)
        .map(points -> points.stream().map(Character::toString).reduce("", String::concat))
        .withoutEdgeCases();
  }

  /** Strings in which unpaired surrogates are likely. */
  @Provide
  Arbitrary<String> anyUnits() {
    Arbitrary<Character> units =
        Arbitraries.of('a', '\ud800', '\udbff', '\udc00', '\udfff', '\ud7ff', '\ue000');
    return Combinators.combine(units.list().ofMaxSize(5), wellFormed())
        .as((list, rest) -> list.stream().map(String::valueOf).reduce("", String::concat) + rest)
        .withoutEdgeCases();
  }

  private static boolean isScalar(int point) {
    return point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE;
  }

  private static int byBytes(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean encodes(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return bytes.hasRemaining() || text.isEmpty();
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static int sign(int comparison) {
    return Integer.signum(comparison);
  }
}
