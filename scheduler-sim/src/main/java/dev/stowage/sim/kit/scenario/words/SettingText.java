package dev.stowage.sim.kit.scenario.words;

import dev.stowage.shape.Field;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Source;
import dev.stowage.shape.Unit;
import dev.stowage.shape.ValueField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The value of a field as scenarios and {@code plan.yaml} write it: {@code 0.95} of one, {@code
 * 4GiB}, {@code never}, {@code a,b}.
 */
public final class SettingText implements Source {
  /** The text of an empty list. */
  static final String NONE = "none";

  private static final double MILLION = 1e6;

  private final String text;
  private final String separator;
  private String[] items = {};
  private int item;

  /** Reads this value; the items of a list stand between commas, and none is {@code none}. */
  public SettingText(String text) {
    this(text, ",");
  }

  /** Reads this value; the items of a list stand between separators, and none is nothing. */
  public SettingText(String text, String separator) {
    this.text = text;
    this.separator = separator;
  }

  /** Returns the settings of a shape, and of the shapes within. */
  public static List<Field<?, ?>> settings(Shape<?> shape) {
    List<Field<?, ?>> all = new ArrayList<>();
    for (Field<?, ?> field : shape.fields()) {
      Optional<? extends Shape<?>> within = within(field);
      if (within.isPresent()) {
        all.addAll(settings(within.get()));
      } else {
        all.add(field);
      }
    }
    return all;
  }

  private static Optional<? extends Shape<?>> within(Field<?, ?> field) {
    return field instanceof ValueField<?, ?> value ? value.form().shape() : Optional.empty();
  }

  /** Returns the word of a setting: its name without the unit, which sizes keep. */
  public static String word(Field<?, ?> of) {
    return of.unit() == Unit.BYTES ? of.name() : of.word();
  }

  /**
   * Returns a row with another value of a setting, which may be one of a row within; empty if there
   * is no such setting. Bounds are for the row to judge.
   *
   * @throws IllegalArgumentException if the text is no such value, or the row refuses it
   */
  public static <T> Optional<T> with(Shape<T> shape, T row, String word, String text) {
    for (Field<T, ?> field : shape.fields()) {
      if (within(field).isPresent()) {
        Optional<T> changed = within(shape, row, rowIn(field), word, text);
        if (changed.isPresent()) {
          return changed;
        }
      } else if (word(field).equals(word)) {
        return Optional.of(shape.read(row, field, new SettingText(text)));
      }
    }
    return Optional.empty();
  }

  @SuppressWarnings("unchecked") // only a field of values holds a row
  private static <T> ValueField<T, ?> rowIn(Field<T, ?> field) {
    return (ValueField<T, ?>) (Field<?, ?>) field;
  }

  private static <T, V> Optional<T> within(
      Shape<T> shape, T row, ValueField<T, V> field, String word, String text) {
    V inner = Objects.requireNonNull(field.in(row), field.name());
    return with(field.form().shape().orElseThrow(), inner, word, text)
        .map(changed -> shape.with(row, field, changed));
  }

  /** Returns which values of a setting are accepted. */
  public static String accepted(Field<?, ?> of) {
    if (!(of instanceof NumberField<?> number)) {
      return of.accepted();
    }
    List<String> all = new ArrayList<>();
    if (isSize(of.unit()) && number.words().isEmpty()) {
      all.add(Sizes.EXPECTED);
    } else if (of.unit() == Unit.MILLIONTHS) {
      all.add(print(number, number.least()) + " to " + print(number, number.most()));
    } else {
      all.add(number.range());
    }
    all.addAll(number.words().values());
    return String.join(", or ", all);
  }

  /** Returns which values of a setting are accepted, and that they are whole numbers if so. */
  public static String expected(Field<?, ?> of) {
    if (!(of instanceof NumberField<?> number) || of.unit() == Unit.MILLIONTHS) {
      return accepted(of);
    }
    String size = isSize(of.unit()) ? " of bytes, such as 1048576, 1MiB or 1MB" : "";
    boolean hasRange = size.isEmpty() || !number.words().isEmpty();
    return "a whole number" + size + (hasRange ? ", " + accepted(of) : "");
  }

  /** Returns a number of a setting as text. */
  public static String print(NumberField<?> of, long value) {
    return of.unit() == Unit.MILLIONTHS && !of.words().containsKey(value)
        ? BigDecimal.valueOf(value, 6).stripTrailingZeros().toPlainString()
        : of.print(value);
  }

  @Override
  public long number(Field<?, ?> of) {
    NumberField<?> field = (NumberField<?>) of;
    for (Map.Entry<Long, String> word : field.words().entrySet()) {
      if (word.getValue().equals(text)) {
        return word.getKey();
      }
    }
    return of.unit() == Unit.MILLIONTHS ? millionths() : whole(of);
  }

  private boolean isNone() {
    return text.isEmpty() || (separator.equals(",") && text.equals(NONE));
  }

  /** Reports whether a value of a unit is written as a size, such as {@code 4GiB}. */
  public static boolean isSize(Unit unit) {
    return unit == Unit.BYTES || unit == Unit.BYTES_PER_SECOND;
  }

  private long millionths() {
    return Math.round(new BigDecimal(text).doubleValue() * MILLION);
  }

  private long whole(Field<?, ?> of) {
    try {
      boolean isSize = isSize(of.unit()) && text.endsWith("B");
      long value = isSize ? Sizes.read(text) : new BigDecimal(text).longValueExact();
      return of.isNarrow() ? Math.toIntExact(value) : value;
    } catch (ArithmeticException | UnreadableWord refused) {
      throw new IllegalArgumentException(text, refused);
    }
  }

  @Override
  public <E extends Enum<E>> E constant(Field<?, ?> of, E[] all) {
    for (E each : all) {
      if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
        return each;
      }
    }
    throw new IllegalArgumentException(text);
  }

  @Override
  public String text(Field<?, ?> of) {
    return item < items.length ? items[item++] : text.replace(" ", "");
  }

  @Override
  public int list(Field<?, ?> of) {
    items = isNone() ? new String[0] : text.split(separator, -1);
    item = 0;
    return items.length;
  }

  @Override
  public boolean optional(Field<?, ?> of) {
    return !isNone();
  }
}
