package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.Worker.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** A set of labels is one value, however it was written down. */
class LabelsTest {
  @Property(seed = "1")
  void order_and_repetition_do_not_matter(
      @ForAll @Size(max = 6) List<@AlphaChars @StringLength(min = 1, max = 2) String> labels,
      @ForAll Random random) {
    List<String> again = new ArrayList<>(labels);
    again.addAll(labels);
    Collections.shuffle(again, random);

    assertThat(Labels.copyOf(again)).isEqualTo(Labels.copyOf(labels));
    assertThat(Labels.copyOf(again).hashCode()).isEqualTo(Labels.copyOf(labels).hashCode());
    assertThat(Labels.copyOf(labels).sorted())
        .isSortedAccordingTo(Utf8Order.COMPARATOR)
        .doesNotHaveDuplicates();
  }

  @Property(seed = "1")
  void contains_all_is_inclusion_of_sets(
      @ForAll @Size(max = 4) List<@AlphaChars @StringLength(min = 1, max = 1) String> has,
      @ForAll @Size(max = 4) List<@AlphaChars @StringLength(min = 1, max = 1) String> wants) {
    assertThat(Labels.copyOf(has).containsAll(Labels.copyOf(wants)))
        .isEqualTo(new HashSet<>(has).containsAll(wants));
  }

  @Example
  void empty_set_is_in_every_set() {
    assertThat(Labels.NONE.isEmpty()).isTrue();
    assertThat(Labels.NONE.containsAll(Labels.NONE)).isTrue();
    assertThat(Labels.of("ssd").containsAll(Labels.NONE)).isTrue();
    assertThat(Labels.NONE.containsAll(Labels.of("ssd"))).isFalse();
    assertThat(Labels.copyOf(List.of())).isSameAs(Labels.NONE);
    assertThat(Labels.of("ssd").isEmpty()).isFalse();
  }

  @Example
  void labels_are_sorted_by_bytes_and_joined_by_semicolons() {
    assertThat(Labels.of("\ud800\udc00", "\ue000", "b", "a", "b"))
        .hasToString("a;b;\ue000;\ud800\udc00");
  }

  @Example
  void label_that_is_no_name_is_refused() {
    assertThatThrownBy(() -> Labels.of("ssd", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label has 0 characters");
  }

  @Example
  void later_change_of_the_source_does_not_reach_the_set() {
    List<String> source = new ArrayList<>(List.of("ssd"));
    Labels labels = Labels.copyOf(source);
    source.add("hdd");

    assertThat(labels).isEqualTo(Labels.of("ssd"));
    assertThatThrownBy(() -> labels.sorted().add("hdd"))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
