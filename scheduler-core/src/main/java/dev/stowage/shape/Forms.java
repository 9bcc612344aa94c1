package dev.stowage.shape;

import dev.stowage.columns.ForeignText;
import dev.stowage.columns.Mix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Forms that most fields have. */
public final class Forms {
  static final Declared DECLARED = new Declared("FORM");

  /** A string. */
  public static final Form<String> TEXT = text(Function.identity(), Function.identity());

  /** A number of 32 bits. */
  public static final Form<Integer> INT =
      new NumberForm<>(value -> (int) value, Integer::longValue, true, Long::toString);

  /** A number of 32 bits that may be absent. */
  public static final Form<OptionalInt> OPTIONAL_INT =
      of(
          optional(INT),
          value -> value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty(),
          value -> value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty());

  /** A number of 64 bits that may be absent. */
  public static final Form<OptionalLong> OPTIONAL_LONG =
      of(
          optional(number(Long::valueOf, Long::longValue)),
          value -> value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty(),
          value -> value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty());

  /** An array of bytes. */
  public static final Form<byte[]> BYTES = new BytesForm();

  private Forms() {}

  /** Returns the form of a value that is written as a text. */
  public static <V> Form<V> text(Function<String, V> parse, Function<V, String> print) {
    return new TextForm<>(parse, print);
  }

  /** Returns the form of a value that is written as a number of 64 bits. */
  public static <V> Form<V> number(LongFunction<V> of, ToLongFunction<V> value) {
    return new NumberForm<>(of, value, false, Long::toString);
  }

  /** Returns the form of a value that is written as a number of 64 bits without a sign. */
  public static <V> Form<V> unsigned(LongFunction<V> of, ToLongFunction<V> value) {
    return new NumberForm<>(of, value, false, Long::toUnsignedString);
  }

  /** Returns the form of a value that is written as a number of 64 bits and printed as digits. */
  public static <V> Form<V> number(
      LongFunction<V> of, ToLongFunction<V> value, LongFunction<String> digits) {
    return new NumberForm<>(of, value, false, digits);
  }

  /** Returns the form of a constant of an enumeration. */
  public static <E extends Enum<E>> Form<E> oneOf(Class<E> type) {
    return new ConstantForm<>(type.getEnumConstants());
  }

  /** Returns the form of an unmodifiable set of constants; they are written in their order. */
  public static <E extends Enum<E>> Form<Set<E>> setOf(Class<E> type) {
    return of(
        list(oneOf(type)),
        all -> {
          EnumSet<E> set = EnumSet.noneOf(type);
          set.addAll(all);
          if (!List.copyOf(set).equals(all)) {
            throw new IllegalArgumentException(
                ForeignText.quoted(String.valueOf(all)) + " repeats, or is out of order");
          }
          return Collections.unmodifiableSet(set);
        },
        set -> set.stream().sorted().toList());
  }

  /** Returns the form of an unmodifiable list; violations of its elements are not checked. */
  public static <V> Form<List<V>> list(Form<V> element) {
    return new ListForm<>(element);
  }

  /** Returns the form of an unmodifiable map by text; it is written in the order of its keys. */
  public static <V> Form<Map<String, V>> map(Form<V> value) {
    Shape<Map.Entry<String, V>> entry =
        Shape.of(
            "entry",
            row -> {
              var key = row.text("key", Map.Entry<String, V>::getKey);
              var of = row.value("value", Map.Entry<String, V>::getValue, value);
              return v -> Map.entry(key.of(v), of.of(v));
            });
    return of(
        list(row(entry)),
        entries -> {
          TreeMap<String, V> map = new TreeMap<>();
          entries.forEach(it -> map.put(it.getKey(), it.getValue()));
          if (!List.copyOf(map.entrySet()).equals(entries)) {
            throw new IllegalArgumentException(
                ForeignText.quoted(String.valueOf(entries)) + " repeats, or is out of order");
          }
          return Collections.unmodifiableMap(map);
        },
        map -> List.copyOf(new TreeMap<>(map).entrySet()));
  }

  /** Returns the form of a row of a shape. */
  public static <V> Form<V> row(Shape<V> shape) {
    return new RowForm<>(shape);
  }

  /** Returns the form of an optional value. */
  public static <V> Form<Optional<V>> optional(Form<V> form) {
    return new OptionalForm<>(form);
  }

  /** Returns the form of a value that is made of another one, such as a list. */
  public static <V, W> Form<V> of(Form<W> form, Function<W, V> make, Function<V, W> take) {
    return new MadeForm<>(form, make, take);
  }

  static Form<?> declaredBy(Class<?> type) {
    return DECLARED.isDeclaredBy(type) ? Form.of(type) : row(Shape.of(type));
  }

  static long hash(String text) {
    long folded = text.length();
    for (int at = 0; at < text.length(); at++) {
      folded = folded * 0x100000001b3L + text.charAt(at);
    }
    return Mix.mix(folded);
  }

  private record TextForm<V>(Function<String, V> parse, Function<V, String> printer)
      implements Form<V> {
    @Override
    public Kind kind() {
      return Kind.TEXT;
    }

    @Override
    public void write(Field<?, ?> of, V value, Sink to) {
      to.text(of, printer.apply(value));
    }

    @Override
    public V read(Field<?, ?> of, Source from) {
      return parse.apply(from.text(of));
    }

    @Override
    public long hash(V value) {
      return Forms.hash(printer.apply(value));
    }

    @Override
    public String print(V value) {
      return printer.apply(value);
    }
  }

  private record NumberForm<V>(
      LongFunction<V> make, ToLongFunction<V> value, boolean isNarrow, LongFunction<String> digits)
      implements Form<V> {
    @Override
    public Kind kind() {
      return Kind.NUMBER;
    }

    @Override
    public void write(Field<?, ?> of, V each, Sink to) {
      to.number(of, value.applyAsLong(each));
    }

    @Override
    public V read(Field<?, ?> of, Source from) {
      return make.apply(from.number(of));
    }

    @Override
    public long hash(V each) {
      return value.applyAsLong(each);
    }

    @Override
    public String print(V each) {
      return digits.apply(value.applyAsLong(each));
    }
  }

  private record ConstantForm<E extends Enum<E>>(E[] all) implements Form<E> {
    @Override
    public Kind kind() {
      return Kind.CONSTANT;
    }

    @Override
    public void write(Field<?, ?> of, E value, Sink to) {
      to.constant(of, value);
    }

    @Override
    public E read(Field<?, ?> of, Source from) {
      return from.constant(of, all);
    }

    @Override
    public String accepted() {
      return String.join(
          " or ", Stream.of(all).map(each -> each.name().toLowerCase(Locale.ROOT)).toList());
    }

    @Override
    public long hash(E value) {
      return value.ordinal();
    }
  }

  private record BytesForm() implements Form<byte[]> {
    @Override
    public Kind kind() {
      return Kind.BYTES;
    }

    @Override
    public void write(Field<?, ?> of, byte[] value, Sink to) {
      to.bytes(of, value);
    }

    @Override
    public byte[] read(Field<?, ?> of, Source from) {
      return from.bytes(of);
    }

    @Override
    public long hash(byte[] value) {
      return Arrays.hashCode(value);
    }

    @Override
    public String print(byte[] value) {
      return value.length + " bytes";
    }
  }

  private record ListForm<V>(Form<V> element) implements Form<List<V>> {
    private static final int UNPROVEN = 1 << 12;

    @Override
    public Kind kind() {
      return element.kind() == Kind.TEXT ? Kind.TEXTS : Kind.LIST;
    }

    @Override
    public boolean isNarrow() {
      return element.isNarrow();
    }

    @Override
    public void write(Field<?, ?> of, List<V> values, Sink to) {
      to.list(of, values.size());
      for (V value : values) {
        element.write(of, value, to);
      }
      to.endList(of);
    }

    @Override
    public List<V> read(Field<?, ?> of, Source from) {
      int count = from.list(of);
      List<V> values = new ArrayList<>(Math.max(0, Math.min(count, UNPROVEN)));
      for (int at = 0; count == Source.EACH ? from.hasElement(of) : at < count; at++) {
        values.add(element.read(of, from));
      }
      from.endList(of);
      return Collections.unmodifiableList(values);
    }

    @Override
    public long hash(List<V> values) {
      long hash = values.size();
      for (V value : values) {
        hash = Mix.fold(hash, element.hash(value));
      }
      return hash;
    }

    @Override
    public String print(List<V> values) {
      return String.join(";", values.stream().map(element::print).toList());
    }
  }

  private record OptionalForm<V>(Form<V> form) implements Form<Optional<V>> {
    @Override
    public Kind kind() {
      return form.kind();
    }

    @Override
    public boolean isNarrow() {
      return form.isNarrow();
    }

    @Override
    public void write(Field<?, ?> of, Optional<V> value, Sink to) {
      to.optional(of, value.isPresent());
      if (value.isPresent()) {
        form.write(of, value.get(), to);
      }
    }

    @Override
    public Optional<V> read(Field<?, ?> of, Source from) {
      return from.optional(of) ? Optional.of(form.read(of, from)) : Optional.empty();
    }

    @Override
    public long hash(Optional<V> value) {
      return value.isPresent() ? Mix.mix(form.hash(value.get())) : 0;
    }

    @Override
    public String print(Optional<V> value) {
      return value.map(form::print).orElse("none");
    }

    @Override
    public void violations(String name, Optional<V> value, Collection<String> into) {
      value.ifPresent(each -> form.violations(name, each, into));
    }

    @Override
    public void oversized(Optional<V> value, Collection<String> into) {
      value.ifPresent(each -> form.oversized(each, into));
    }
  }

  private record MadeForm<V, W>(Form<W> form, Function<W, V> make, Function<V, W> take)
      implements Form<V> {
    @Override
    public Kind kind() {
      return form.kind();
    }

    @Override
    public boolean isNarrow() {
      return form.isNarrow();
    }

    @Override
    public void write(Field<?, ?> of, V value, Sink to) {
      form.write(of, take.apply(value), to);
    }

    @Override
    public V read(Field<?, ?> of, Source from) {
      return make.apply(form.read(of, from));
    }

    @Override
    public long hash(V value) {
      return form.hash(take.apply(value));
    }

    @Override
    public String print(V value) {
      return form.print(take.apply(value));
    }

    @Override
    public void violations(String name, V value, Collection<String> into) {
      form.violations(name, take.apply(value), into);
    }

    @Override
    public void oversized(V value, Collection<String> into) {
      form.oversized(take.apply(value), into);
    }
  }
}
