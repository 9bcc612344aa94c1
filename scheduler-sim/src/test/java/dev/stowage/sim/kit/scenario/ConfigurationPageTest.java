package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.client.ClientConfig;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.content.ContentConfig;
import dev.stowage.model.Worker;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.shape.Field;
import dev.stowage.shape.Kind;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import dev.stowage.shape.ValueField;
import dev.stowage.sim.kit.scenario.words.SettingText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The page on settings is printed from their shapes, from its heading "Fleet" to its end. It is
 * printed anew by copying {@code target/configuration.md}, which every run of this test writes,
 * over the page.
 */
class ConfigurationPageTest {
  private static final String FLEET =
      """
      ## Fleet

      The builder of `LifecycleConfig` has a method for each setting, such as `drainWindowTicks`, and some for several (`retention`, `trust`).
      `stowage set`, [`plan.yaml`](plan.md) and [scenario files](internals/scenarios.md) leave `_ticks` and `_millionths` out: `drain_window`. There a share is
      a decimal fraction, and a size may have a unit, such as `4GiB`. A number without other bounds is at least 0.
      A configuration that violates a bound is refused, and every violation is named.

      """;
  private static final String PLANNER =
      """

      ## Planner

      `PlacementConfig` has these settings. They are keys of `plan.yaml` as well.

      """;

  private static final String PARTS =
      """

      ## Parts

      Parts beside a fleet have configurations of their own, explained by their javadoc. Each has a `DEFAULT` or `defaults()` and methods for
      frequent changes, such as `withMaxWait`; its constructor takes every setting.

      | part | settings and defaults |
      | --- | --- |
      """;

  private static final String WORKER =
      """

      ## Worker

      `Worker.Description` holds what a host says of a worker. A field with a default may be left out. `--workers` of [`stowage plan`](plan.md) has a
      column for each field, [scenario files](internals/scenarios.md) a word, the name without its unit.

      """;

  private static final Map<String, Shape<?>> OF_PARTS =
      new TreeMap<>(
          Map.of(
              "ClientConfig", Shape.of(ClientConfig.class),
              "ContentConfig", Shape.of(ContentConfig.class),
              "LoadGovernor.Config", Shape.of(LoadGovernor.Config.class),
              "PressurePolicy", Shape.of(PressurePolicy.class),
              "PropagationConfig", Shape.of(PropagationConfig.class),
              "RebalanceConfig", Shape.of(RebalanceConfig.class)));

  private final Map<String, String> defaults = new TreeMap<>();

  @Test
  void page_isWhatTheShapesSay() throws IOException {
    collect(Shape.of(LifecycleConfig.class), LifecycleConfig.defaults(), defaults);
    List<Field<?, ?>> planner = SettingText.settings(Shape.of(PlacementConfig.class));
    List<Field<?, ?>> fleet =
        SettingText.settings(Shape.of(LifecycleConfig.class)).stream()
            .filter(field -> !planner.contains(field))
            .toList();
    String page = Files.readString(Path.of("..", "docs", "configuration.md"));
    String prose = page.substring(0, page.indexOf("## Fleet\n"));
    String printed = prose + FLEET + table(fleet) + PLANNER + table(planner) + PARTS + parts();
    printed += WORKER + workers();
    Files.writeString(Path.of("target", "configuration.md"), printed);
    assertThat(printed).isEqualTo(page);
  }

  private static String parts() {
    StringBuilder page = new StringBuilder();
    OF_PARTS.forEach((name, shape) ->
        page.append(
            partSettings(shape).stream()
                .map(field -> "`" + field.name() + "` " + partDefault(field))
                .collect(Collectors.joining(", ", "| `" + name + "` | ", " |\n"))));
    return page.toString();
  }

  private static String partDefault(Field<?, ?> field) {
    String text = field.defaultText();
    if (text.isEmpty()) {
      return "none";
    }
    if (field.unit() == Unit.NANOS) {
      return Unit.NANOS.print(Long.parseLong(text));
    }
    return field.kind() == Kind.CONSTANT ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** A row that may be left out is one setting. */
  private static List<Field<?, ?>> partSettings(Shape<?> shape) {
    List<Field<?, ?>> all = new ArrayList<>();
    for (Field<?, ?> field : shape.fields()) {
      if (field instanceof ValueField<?, ?> value
          && !value.isNullable()
          && value.form().shape().isPresent()) {
        all.addAll(partSettings(value.form().shape().get()));
      } else {
        all.add(field);
      }
    }
    return all;
  }

  private static String workers() {
    StringBuilder page = new StringBuilder("| field | default | meaning |\n| --- | --- | --- |\n");
    for (Field<Worker.Description, ?> field : Shape.of(Worker.Description.class).fields()) {
      assertThat(field.meaning()).as(field.name()).isNotEmpty();
      page.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %s |\n",
              field.name(),
              field.hasDefault() && field.defaultText().isEmpty() ? "none" : field.defaultText(),
              field.meaning()));
    }
    return page.toString();
  }

  @Test
  void setting_hasALineOfDocumentation() {
    List<Field<?, ?>> all = SettingText.settings(Shape.of(LifecycleConfig.class));
    for (Field<?, ?> field : all) {
      assertThat(field.meaning()).as(field.name()).isNotEmpty();
    }
  }

  private String table(List<Field<?, ?>> fields) {
    StringBuilder page =
        new StringBuilder(
            "| setting | default | accepted | meaning |\n| --- | --- | --- | --- |\n");
    for (Field<?, ?> field : fields) {
      String usual = Objects.requireNonNull(defaults.get(field.name()));
      page.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %s | %s |\n",
              field.name(),
              usual,
              SettingText.accepted(field).replaceFirst("^at least 0(, |$)", ""),
              field.meaning()));
    }
    return page.toString();
  }

  private static <T> void collect(Shape<T> shape, T row, Map<String, String> into) {
    for (Field<T, ?> field : shape.fields()) {
      Field<?, ?> any = field;
      if (any instanceof ValueField<?, ?> value && value.form().shape().isPresent()) {
        within(value, row, into);
      } else {
        into.put(field.name(), text(field, row));
      }
    }
  }

  @SuppressWarnings("unchecked") // the field is one of the shape of the row
  private static <T, V> void within(ValueField<?, V> field, T row, Map<String, String> into) {
    V inner = Objects.requireNonNull(((ValueField<T, V>) field).in(row));
    collect(field.form().shape().orElseThrow(), inner, into);
  }

  @SuppressWarnings("unchecked") // the field is one of the shape of the row
  private static <T> String text(Field<T, ?> field, T row) {
    if (field.kind() == Kind.NUMBER) {
      NumberField<T> number = (NumberField<T>) (Field<?, ?>) field;
      return SettingText.print(number, number.in(row));
    }
    String text = field.text(row);
    return text.isEmpty() ? "none" : text.toLowerCase(Locale.ROOT);
  }
}
