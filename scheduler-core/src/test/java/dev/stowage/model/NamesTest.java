package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The one rule for names, at every type that a user names. */
class NamesTest {
  @ParameterizedTest
  @MethodSource("named")
  void longest_and_oddest_name_is_accepted(String what, Function<String, Object> type) {
    String longest = "\ud83d\ude00".repeat(256);

    assertThat(type.apply(longest).toString()).endsWith(longest);
    assertThat(type.apply(" ").toString()).endsWith(" ");
    assertThat(type.apply("a/b;c,d\"e'").toString()).endsWith("a/b;c,d\"e'");
    assertThat(type.apply("a")).isEqualTo(type.apply("a")).isNotEqualTo(type.apply("A"));
  }

  @ParameterizedTest
  @MethodSource("named")
  void empty_name_is_refused(String what, Function<String, Object> type) {
    assertThatThrownBy(() -> type.apply(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(what + " has 0 characters; 1 to 512 are accepted");
  }

  @ParameterizedTest
  @MethodSource("named")
  void name_of_513_units_is_refused(String what, Function<String, Object> type) {
    assertThatThrownBy(() -> type.apply("x".repeat(513)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(what + " has 513 characters; 1 to 512 are accepted");
  }

  @ParameterizedTest
  @MethodSource("named")
  void unpaired_surrogate_is_refused(String what, Function<String, Object> type) {
    assertThatThrownBy(() -> type.apply("a\ud800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(what + " holds an unpaired surrogate");
  }

  @ParameterizedTest
  @MethodSource("named")
  void control_character_is_refused_with_its_place(String what, Function<String, Object> type) {
    for (String control : new String[] {"\0", "\n", "\r", "\t", "\u001f", "\u007f", "\u0085"}) {
      assertThatThrownBy(() -> type.apply("ab" + control + "c"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(what + " holds a control character at position 2");
    }
  }

  @ParameterizedTest
  @MethodSource("named")
  void null_is_refused_by_name(String what, Function<String, Object> type) {
    assertThatThrownBy(() -> type.apply(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage(what);
  }

  static Stream<Arguments> named() {
    return Stream.of(
        named("dataset id", DatasetId::of),
        named("worker id", WorkerId::of),
        named("portal id", PortalId::of),
        named("chunk id", id -> ChunkKey.of("d", id)));
  }

  private static Arguments named(String what, Function<String, Object> type) {
    return Arguments.of(what, type);
  }
}
