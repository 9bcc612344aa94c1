package dev.stowage.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the values derived from a shape: bytes, digest, changes, violations, words. */
class ShapeTest {
  enum Color {
    RED,
    GREEN
  }

  record Crate(
      long sizeBytes,
      int count,
      boolean isSealed,
      Color color,
      List<String> tags,
      Optional<Inner> inner,
      @Nullable String owner,
      long mark) {
    private static final Shape.Builder<Crate> FIELDS = Shape.named("crate");
    static final NumberField<Crate> SIZE = FIELDS.number("size_bytes", Crate::sizeBytes).atLeast(0);
    static final NumberField<Crate> COUNT =
        FIELDS.number("count", Crate::count).narrow().between(1, 9).word(-1, "any");
    static final FlagField<Crate> SEALED = FIELDS.flag("sealed", Crate::isSealed);
    static final ValueField<Crate, Color> COLOR =
        FIELDS.oneOf("color", Color.class, Crate::color).orElse(Color.RED);
    static final ValueField<Crate, List<String>> TAGS =
        FIELDS
            .list("tags", Crate::tags, Forms.TEXT)
            .atMost(2, "tags", List::size)
            .orElse(List.of());
    static final ValueField<Crate, Optional<Inner>> INNER =
        FIELDS
            .value("inner", Crate::inner, Forms.optional(Forms.row(Inner.SHAPE)))
            .orElse(Optional.empty());
    static final ValueField<Crate, String> OWNER =
        FIELDS
            .text("owner", Crate::owner)
            .must("a name without spaces", text -> !text.contains(" "))
            .orNone();
    static final NumberField<Crate> MARK = FIELDS.number("mark", Crate::mark).mark().orElse(0);
    static final Shape<Crate> SHAPE =
        FIELDS
            .rule("a sealed crate holds nothing else", it -> !it.isSealed || it.inner.isEmpty())
            .make(v ->
                new Crate(
                    SIZE.of(v),
                    COUNT.intOf(v),
                    SEALED.of(v),
                    COLOR.of(v),
                    TAGS.of(v),
                    INNER.of(v),
                    OWNER.orNull(v),
                    MARK.of(v)));
  }

  record Inner(long weight) {
    private static final Shape.Builder<Inner> FIELDS = Shape.named("inner");
    private static final NumberField<Inner> WEIGHT =
        FIELDS.number("weight", Inner::weight).atMost(5);
    static final Shape<Inner> SHAPE = FIELDS.make(v -> new Inner(WEIGHT.of(v)));
  }

  private static final Crate PLAIN =
      new Crate(4, 1, false, Color.RED, List.of(), Optional.empty(), null, 0);
  private static final Crate FULL =
      new Crate(4, 1, true, Color.GREEN, List.of("a", "b"), Optional.of(new Inner(7)), "me", 3);

  private static byte[] bytes(Crate crate) {
    return new CanonicalWriter().row(Crate.SHAPE, crate).toBytes();
  }

  private static Crate read(byte[] bytes) {
    CanonicalReader in = CanonicalReader.of(bytes);
    Crate crate = in.row(Crate.SHAPE);
    in.end();
    return crate;
  }

  @Test
  void bytes_areACountAndThatManyFields_withoutTrailingDefaults() {
    assertThat(bytes(PLAIN)).containsExactly(1, 2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1);
    assertThat(read(bytes(PLAIN))).isEqualTo(PLAIN);
    assertThat(read(bytes(FULL))).isEqualTo(FULL);
  }

  @Test
  void bytes_ofASecondEncoding_areRefused() {
    byte[] longer = {1, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1, 0};
    assertThatThrownBy(() -> read(longer))
        .isInstanceOf(EvidenceException.Malformed.class)
        .hasMessageContaining("sealed is at its default");
    byte[] unknown = {1, 9};
    assertThatThrownBy(() -> read(unknown)).hasMessageContaining("9 fields are given; 8 are known");
    byte[] shorter = {1, 1, 0, 0, 0, 0, 0, 0, 0, 4};
    assertThatThrownBy(() -> read(shorter)).hasMessageContaining("count is missing");
  }

  @Test
  void digest_leavesMarksAndDefaultsOut_andChangesWithEveryOtherField() {
    long digest = Crate.SHAPE.digest(FULL);
    assertThat(Crate.SHAPE.digest(Crate.SHAPE.with(FULL, Crate.MARK, 9))).isEqualTo(digest);
    assertThat(Crate.SHAPE.digest(Crate.SHAPE.with(FULL, Crate.SIZE, 5))).isNotEqualTo(digest);
    assertThat(Crate.SHAPE.digest(Crate.SHAPE.with(FULL, Crate.SEALED, false)))
        .isNotEqualTo(digest);
    assertThat(Crate.SHAPE.digest(Crate.SHAPE.with(FULL, Crate.TAGS, List.of("b", "a"))))
        .isNotEqualTo(digest);
    assertThat(Crate.SHAPE.digest(Crate.SHAPE.with(FULL, Crate.INNER, Optional.of(new Inner(0)))))
        .isNotEqualTo(digest);
    assertThat(Crate.SHAPE.digest(Crate.SHAPE.with(FULL, Crate.OWNER, null))).isNotEqualTo(digest);
    assertThat(Crate.SHAPE.digest(FULL, Crate.MARK.bit()))
        .isNotEqualTo(Crate.SHAPE.digest(PLAIN, Crate.MARK.bit()));
  }

  @Test
  void changes_areOneBitAField() {
    assertThat(Crate.SHAPE.changed(FULL, FULL)).isZero();
    Crate other = Crate.SHAPE.with(Crate.SHAPE.with(FULL, Crate.COUNT, 2), Crate.OWNER, "you");
    assertThat(Crate.SHAPE.changed(FULL, other))
        .isEqualTo(Crate.COUNT.bit() | Crate.OWNER.bit())
        .isEqualTo(Crate.SHAPE.changed(other, FULL));
    assertThat(Crate.SHAPE.difference(FULL, other)).isEqualTo("count: 1 -> 2, owner: me -> you");
    assertThat(Crate.SHAPE.text(PLAIN)).isEqualTo("size_bytes 4, count 1");
  }

  @Test
  void violations_nameEveryFieldAtOnce() {
    Crate wrong =
        new Crate(
            -1, 0, true, Color.RED, List.of("a", "b", "c"), Optional.of(new Inner(7)), "a b", 0);
    assertThat(Crate.SHAPE.violations(wrong))
        .containsExactly(
            "size_bytes is -1; at least 0 is accepted",
            "count is 0; 1 to 9, or -1 (any) is accepted",
            "weight is 7; at most 5 is accepted",
            "owner is 'a b'; a name without spaces is accepted",
            "a sealed crate holds nothing else");
    assertThat(Crate.SHAPE.oversized(wrong))
        .containsExactly("tags has 3 tags; at most 2 are accepted");
    assertThat(Crate.SHAPE.violations(Crate.SHAPE.with(PLAIN, Crate.COUNT, -1))).isEmpty();
    assertThat(Crate.SHAPE.checked(PLAIN)).isSameAs(PLAIN);
    assertThatThrownBy(() -> Crate.SHAPE.checked(wrong))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("crate: size_bytes is -1; at least 0 is accepted; count is 0;");
  }

  @Test
  void fields_areFoundByName_andHaveAWordWithoutTheirUnit() {
    assertThat(Crate.SHAPE.field("size_bytes")).contains(Crate.SIZE);
    assertThat(Crate.SHAPE.field("size")).isEmpty();
    assertThat(Crate.SIZE.word()).isEqualTo("size");
    assertThat(Crate.SIZE.unit()).isEqualTo(Unit.BYTES);
    assertThat(Crate.COUNT.word()).isEqualTo("count");
  }

  @Test
  void declarations_thatComeTooLateOrTwice_areRefused() {
    assertThatThrownBy(() -> Crate.SIZE.atMost(3)).isInstanceOf(IllegalStateException.class);
    assertThat(Crate.SIZE.most()).isEqualTo(Long.MAX_VALUE);
    Shape.Builder<Inner> twice = Shape.named("twice");
    twice.number("a", Inner::weight);
    assertThatThrownBy(() -> twice.number("a", Inner::weight))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("twice has two fields named a");
    Shape.Builder<Inner> many = Shape.named("many");
    for (int at = 0; at < Shape.MOST_FIELDS; at++) {
      many.number("f" + at, Inner::weight);
    }
    assertThatThrownBy(() -> many.number("one more", Inner::weight))
        .hasMessage("many has more than 64 fields");
  }

  @Provide
  static Arbitrary<Crate> crates() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.integers(),
            Arbitraries.of(true, false),
            Arbitraries.of(Color.class),
            Arbitraries.strings().alpha().ofMaxLength(3).list().ofMaxSize(3),
            Arbitraries.longs().map(Inner::new).optional(),
            Arbitraries.strings().alpha().ofMaxLength(3).injectNull(0.3),
            Arbitraries.longs())
        .as(Crate::new);
  }

  @Property
  void rows_areReadAsTheyWereWritten_andEqualRowsHaveEqualBytesAndDigests(
      @ForAll("crates") Crate one, @ForAll("crates") Crate other) {
    assertThat(read(bytes(one))).isEqualTo(one);
    assertThat(java.util.Arrays.equals(bytes(one), bytes(other))).isEqualTo(one.equals(other));
    Crate again = read(bytes(one));
    assertThat(Crate.SHAPE.digest(again)).isEqualTo(Crate.SHAPE.digest(one));
    assertThat(Crate.SHAPE.changed(one, other) == 0).isEqualTo(one.equals(other));
  }
}
