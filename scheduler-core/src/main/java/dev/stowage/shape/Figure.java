package dev.stowage.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Declares one figure of a value: its name, unit, sentence, label, and how it is read. Meters,
 * text, JSON and the tables of pages are drawn from lists of figures. Immutable and thread-safe.
 */
public final class Figure<T> {
  private static final Declared FIGURES = new Declared("FIGURES");
  private static final String UNLABELLED = "";

  private final String name;
  private final Unit unit;
  private final String sentence;
  private final boolean isTotal;
  private final String label;
  private final List<String> fixed;
  private final Function<T, Map<String, Double>> values;

  private Figure(
      String name,
      Unit unit,
      String sentence,
      boolean isTotal,
      String label,
      List<String> fixed,
      Function<T, Map<String, Double>> values) {
    this.name = Objects.requireNonNull(name, "name");
    this.unit = Objects.requireNonNull(unit, "unit");
    this.sentence = Objects.requireNonNull(sentence, "sentence");
    this.isTotal = isTotal;
    this.label = Objects.requireNonNull(label, "label");
    this.fixed = List.copyOf(fixed);
    this.values = Objects.requireNonNull(values, "values");
  }

  /** Returns the figures that a class declares in its constant {@code FIGURES}. */
  @SuppressWarnings("unchecked") // a class declares figures of its own
  public static <T> List<Figure<T>> of(Class<T> type) {
    return (List<Figure<T>>) FIGURES.get(type);
  }

  /** Returns a figure without label. Names are parts with dots between, as in {@code at.risk}. */
  public static <T> Figure<T> of(
      String name, Unit unit, String sentence, ToDoubleFunction<T> value) {
    return new Figure<>(name, unit, sentence, false, UNLABELLED, List.of(UNLABELLED), one(value));
  }

  /** Returns a figure without label that only grows. */
  public static <T> Figure<T> total(String name, String sentence, ToDoubleFunction<T> value) {
    return new Figure<>(
        name, Unit.NONE, sentence, true, UNLABELLED, List.of(UNLABELLED), one(value));
  }

  /**
   * Returns a figure for each number and each flag of a shape whose meaning is declared: 1 for a
   * flag that is set. The name has dots for the lines of the field's name.
   */
  public static <T, R> List<Figure<T>> ofFields(Shape<R> shape, Function<T, R> row) {
    List<Figure<T>> figures = new ArrayList<>();
    for (Field<R, ?> field : shape.fields()) {
      if (!field.meaning().isEmpty() && !(field instanceof ValueField<?, ?>)) {
        figures.add(
            of(
                field.name().replace('_', '.'),
                field.unit(),
                field.meaning(),
                it -> field.amount(row.apply(it))));
      }
    }
    return figures;
  }

  private static <T> Function<T, Map<String, Double>> one(ToDoubleFunction<T> value) {
    return of -> Map.of(UNLABELLED, value.applyAsDouble(of));
  }

  /** Returns a figure with a value for each constant of an enumeration. */
  public static <T, E extends Enum<E>> Figure<T> each(
      String name,
      Unit unit,
      String sentence,
      String label,
      Class<E> constants,
      ToDoubleBiFunction<T, E> value) {
    E[] all = constants.getEnumConstants();
    return new Figure<>(
        name,
        unit,
        sentence,
        false,
        label,
        Stream.of(all).map(Figure::lower).toList(),
        of -> {
          Map<String, Double> values = new LinkedHashMap<>();
          Stream.of(all).forEach(it -> values.put(lower(it), value.applyAsDouble(of, it)));
          return values;
        });
  }

  /** Returns a figure with a value for each value of a label that {@code values} names. */
  public static <T> Figure<T> each(
      String name,
      Unit unit,
      String sentence,
      String label,
      Function<T, Map<String, Double>> values) {
    return new Figure<>(name, unit, sentence, false, label, List.of(), values);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns the unit. */
  public Unit unit() {
    return unit;
  }

  /** Returns what the figure shows, in words. */
  public String sentence() {
    return sentence;
  }

  /** Reports whether the figure only grows. */
  public boolean isTotal() {
    return isTotal;
  }

  /** Returns the name of the label; empty without one. */
  public String label() {
    return label;
  }

  /** Returns the values of the label, one empty value without a label; empty if they vary. */
  public List<String> fixed() {
    return fixed;
  }

  /** Returns the figure by value of the label; NaN if it is not known. */
  public Map<String, Double> of(T value) {
    return Collections.unmodifiableMap(values.apply(value));
  }

  /** Returns a row of a page's table: the name behind a prefix, and what it shows. */
  public String row(String prefix) {
    StringBuilder shows = new StringBuilder(sentence);
    if (!label.isEmpty()) {
      shows.append(", by `").append(label).append('`');
      if (!fixed.isEmpty()) {
        shows.append(": `").append(String.join("`, `", fixed)).append('`');
      }
    }
    return "| `" + prefix + name + "` | " + shows + " |";
  }

  /** Returns a line for each known value of each figure. */
  public static <T> List<String> lines(List<Figure<T>> figures, T of) {
    return figures.stream()
        .flatMap(figure ->
            figure.of(of).entrySet().stream()
                .filter(each -> !each.getValue().isNaN())
                .map(each -> {
                  String by = each.getKey().isEmpty() ? "" : " " + each.getKey();
                  String name = figure.name.replace('.', ' ');
                  return name + by + ": " + figure.unit.print(each.getValue());
                }))
        .toList();
  }

  /**
   * Returns the figures as one JSON object: a number for each, or an object by value of the label.
   * Null stands for unknown and for unbounded.
   */
  public static <T> String json(List<Figure<T>> figures, T of) {
    StringBuilder text = new StringBuilder("{");
    for (Figure<T> figure : figures) {
      text.append(text.length() == 1 ? "" : ",").append(quoted(figure.key())).append(':');
      Map<String, Double> values = figure.of(of);
      if (figure.label.isEmpty()) {
        text.append(number(values.getOrDefault(UNLABELLED, Double.NaN)));
      } else {
        text.append('{');
        values.forEach((by, value) -> {
          boolean isFirst = text.charAt(text.length() - 1) == '{';
          text.append(isFirst ? "" : ",").append(quoted(by)).append(':').append(number(value));
        });
        text.append('}');
      }
    }
    return text.append('}').toString();
  }

  private String key() {
    String key = name.replace('.', '_');
    boolean isNamed = key.startsWith(unit.suffix().substring(Math.min(1, unit.suffix().length())));
    return isNamed || key.endsWith(unit.suffix()) ? key : key + unit.suffix();
  }

  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "null";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e18
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** Returns a text as JSON, in quotation marks. */
  public static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      if (each == '"' || each == '\\') {
        quoted.append('\\').append(each);
      } else if (each < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
      } else {
        quoted.append(each);
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
