package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpPriorityTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|3|false",
        "u=0|0|false",
        "u=7, i|7|true",
        "i|3|true",
        "i=?1,u=1|1|true",
        "i=?0|3|false",
        "u=5;x=1, i;y|5|true",
        "u=8|3|false",
        "u=-1|3|false",
        "u=1.5|3|false",
        "u=\"1\"|3|false",
        "u=one|3|false",
        "i=1|3|false",
        "u=2, u=4|4|false",
        "u=2, u=9|3|false",
        "foo=(a \"b,u=0\";p), u=6|6|false",
        "bar=\"x,\\\"u=1\", i|3|true",
        "k=:aGk=:, u=2|2|false",
        "  u=2 ,\ti  |2|true",
        "u=2,|3|false",
        "U=2|3|false",
        "u=2 i|3|false",
        "=|3|false",
        "u=|3|false",
        "u=2, \"|3|false",
        "a=1.2345, u=1|3|false"
      })
  void field_isReadAsADictionary_unknownAndBadValuesPassedOver(
      String field, int urgency, boolean incremental) {
    assertThat(HttpPriority.parse(field)).isEqualTo(new HttpPriority(urgency, incremental));
  }

  @Property(seed = "1")
  void printed_isReadBackAsItWas(
      @ForAll @IntRange(min = 0, max = 7) int urgency, @ForAll boolean incremental) {
    HttpPriority priority = new HttpPriority(urgency, incremental);
    assertThat(HttpPriority.parse(priority.print())).isEqualTo(priority);
  }

  @Property(seed = "1")
  void anyText_isReadWithoutFailing(@ForAll String text) {
    assertThat(HttpPriority.parse(text).urgency()).isBetween(0, 7);
  }

  @Test
  void urgency_isSevenMinusTheRank() {
    for (PriorityClass c : PriorityClass.values()) {
      assertThat(c.urgency()).isEqualTo(7 - c.rank());
      assertThat(PriorityClass.ofUrgency(c.urgency())).isEqualTo(c);
    }
    assertThat(HttpPriority.DEFAULT.print()).isEmpty();
    assertThat(new HttpPriority(0, true).print()).isEqualTo("u=0, i");
    assertThatThrownBy(() -> new HttpPriority(8, false)).hasMessageContaining("urgency is 8");
  }
}
