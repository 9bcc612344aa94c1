package dev.stowage.sim.kit.scenario.words;

import dev.stowage.shape.Field;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of a row, and of rows within, as {@link SettingText} reads them, by field in
 * the order of the shape. The inverse of {@link SettingText}.
 */
public final class SettingSink implements Sink {
  private final Map<Field<?, ?>, String> texts = new LinkedHashMap<>();
  private final String separator;
  private @Nullable List<String> items;

  private SettingSink(String separator) {
    this.separator = separator;
  }

  /**
   * Returns the texts of all fields; the items of a list stand between separators, and none is
   * {@code none} where they are commas.
   */
  public static <T> Map<Field<?, ?>, String> of(Shape<T> shape, T row, String separator) {
    SettingSink sink = new SettingSink(separator);
    shape.write(row, sink);
    return sink.texts;
  }

  @Override
  public void begin(Shape<?> shape, int fields) {}

  @Override
  public boolean isWhole() {
    return true;
  }

  @Override
  public void number(Field<?, ?> of, long value) {
    put(of, SettingText.print((NumberField<?>) of, value));
  }

  @Override
  public void flag(Field<?, ?> of, boolean value) {
    put(of, Boolean.toString(value));
  }

  @Override
  public void text(Field<?, ?> of, String value) {
    put(of, value);
  }

  @Override
  public void constant(Field<?, ?> of, Enum<?> value) {
    put(of, value.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void bytes(Field<?, ?> of, byte[] value) {
    throw new IllegalArgumentException(of.name() + " is no setting");
  }

  @Override
  public void list(Field<?, ?> of, int count) {
    items = new ArrayList<>();
  }

  @Override
  public void endList(Field<?, ?> of) {
    List<String> all = items;
    items = null;
    boolean isNone = separator.equals(",") && (all == null || all.isEmpty());
    put(of, isNone ? SettingText.NONE : all == null ? "" : String.join(separator, all));
  }

  @Override
  public void optional(Field<?, ?> of, boolean isPresent) {
    if (!isPresent) {
      put(of, "");
    }
  }

  private void put(Field<?, ?> of, String text) {
    if (items == null) {
      texts.put(of, text);
    } else {
      items.add(text);
    }
  }
}
