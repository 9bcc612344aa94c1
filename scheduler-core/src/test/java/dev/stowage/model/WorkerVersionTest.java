package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.Worker.WorkerVersion;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions are numbers, not text. */
class WorkerVersionTest {
  @Property(seed = "1")
  void parse_reads_what_to_string_writes(
      @ForAll @IntRange(max = 999_999_999) int major,
      @ForAll @IntRange(max = 999_999_999) int minor,
      @ForAll @IntRange(max = 999_999_999) int patch) {
    WorkerVersion version = new WorkerVersion(major, minor, patch);

    assertThat(WorkerVersion.parse(version.toString())).isEqualTo(version);
  }

  @Property(seed = "1")
  void order_is_that_of_the_numbers(
      @ForAll @IntRange(max = 3) int a,
      @ForAll @IntRange(max = 3) int b,
      @ForAll @IntRange(max = 3) int c,
      @ForAll @IntRange(max = 3) int d,
      @ForAll @IntRange(max = 3) int e,
      @ForAll @IntRange(max = 3) int f) {
    int expected = Arrays.compare(new int[] {a, b, c}, new int[] {d, e, f});

    assertThat(Integer.signum(new WorkerVersion(a, b, c).compareTo(new WorkerVersion(d, e, f))))
        .isEqualTo(Integer.signum(expected));
  }

  @Test
  void ten_is_above_nine() {
    assertThat(WorkerVersion.parse("1.10.0")).isGreaterThan(WorkerVersion.parse("1.9.9"));
    assertThat(WorkerVersion.parse("01.2.3")).isEqualTo(new WorkerVersion(1, 2, 3));
    assertThat(WorkerVersion.ZERO).isLessThan(WorkerVersion.parse("0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "1.2.x",
        "-1.2.3",
        "1.2.3-rc1",
        " 1.2.3",
        "1.2.3\n",
        "1..3",
        "1.2.1000000000",
        "\u0661.2.3"
      })
  void text_of_another_form_is_refused_and_shown(String text) {
    assertThatThrownBy(() -> WorkerVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version is '" + text.replace("\n", "\\u{a}") + "'")
        .hasMessageContaining("major.minor.patch");
  }

  @ParameterizedTest
  @CsvSource({"-1,0,0,major", "0,-1,0,minor", "0,0,-1,patch"})
  void negative_part_is_refused_by_name(int major, int minor, int patch, String part) {
    assertThatThrownBy(() -> new WorkerVersion(major, minor, patch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(part + " version is -1; at least 0 is accepted");
  }
}
