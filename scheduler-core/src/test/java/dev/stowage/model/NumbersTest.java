package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every numbered type at its least value, below it, and in order. */
class NumbersTest {
  @ParameterizedTest
  @MethodSource("numbered")
  void least_value_is_accepted_and_one_below_is_refused(
      String what, long least, LongFunction<Object> type) {
    assertThat(type.apply(least).toString()).endsWith(Long.toString(least));
    assertThatThrownBy(() -> type.apply(least - 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(what + " is " + (least - 1) + "; at least " + least + " is accepted");
  }

  @ParameterizedTest
  @MethodSource("numbered")
  void equal_numbers_are_equal_values(String what, long least, LongFunction<Object> type) {
    assertThat(type.apply(7)).isEqualTo(type.apply(7)).isNotEqualTo(type.apply(8));
  }

  @Test
  void numbers_compare_as_numbers() {
    assertThat(Tick.of(9)).isLessThan(Tick.of(10)).isGreaterThan(Tick.of(8));
    assertThat(Tick.of(Long.MAX_VALUE)).isGreaterThan(Tick.of(0));
    assertThat(Incarnation.of(9)).isLessThan(Incarnation.of(10));
    assertThat(WorkerAssignmentId.of(9)).isLessThan(WorkerAssignmentId.of(10));
    assertThat(PortalAssignmentId.of(9)).isLessThan(PortalAssignmentId.of(10));
  }

  @Test
  void lineage_is_any_token_and_shows_all_of_it() {
    assertThat(Lineage.of(-1)).hasToString("ffffffffffffffff");
    assertThat(Lineage.of(10)).hasToString("000000000000000a");
    assertThat(new ChunkNumber(Lineage.of(10), 3)).hasToString("000000000000000a-3");
  }

  static Stream<Arguments> numbered() {
    return Stream.of(
        numbered("tick", 0, Tick::of),
        numbered("incarnation", 0, Incarnation::of),
        numbered("worker assignment id", 0, WorkerAssignmentId::of),
        numbered("portal assignment id", 0, PortalAssignmentId::of),
        numbered("chunk number", 1, value -> new ChunkNumber(Lineage.of(1), value)));
  }

  private static Arguments numbered(String what, long least, LongFunction<Object> type) {
    return Arguments.of(what, least, type);
  }
}
