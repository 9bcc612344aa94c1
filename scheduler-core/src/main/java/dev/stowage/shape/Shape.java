package dev.stowage.shape;

import dev.stowage.columns.Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Declares the fields of a row, command, configuration or record. Immutable and thread-safe. A row
 * is a count of fields and the fields in place, without trailing defaults, so that a field added at
 * the end with a default leaves other rows' bytes and digests unchanged.
 */
public final class Shape<T> {
  /** The most fields of a shape, the bits of a mask. */
  public static final int MOST_FIELDS = Long.SIZE;

  private static final Declared SHAPES = new Declared("SHAPE");

  private final String name;
  private final Field<T, ?>[] fields;
  private final List<Rule<T>> rules;
  private final ValueField.@Nullable Limit<T> whole;
  private final Function<Values, T> constructor;

  private interface Rule<T> {
    @Nullable String violation(T row);
  }

  private Shape(Builder<T> from, Function<Values, T> constructor) {
    name = from.name;
    fields = from.fields.toArray(Builder::array);
    rules = List.copyOf(from.rules);
    whole = from.whole;
    this.constructor = constructor;
  }

  /** Returns the shape that a class declares in its constant {@code SHAPE}. */
  @SuppressWarnings("unchecked") // a class declares its own shape
  public static <T> Shape<T> of(Class<T> type) {
    return (Shape<T>) SHAPES.get(type);
  }

  /** Returns a builder of a shape. */
  public static <T> Builder<T> named(String name) {
    return new Builder<>(name);
  }

  /** Returns the shape of a record, whose fields its components declare. */
  public static <T> Shape<T> derived(String name, Class<T> type) {
    return derived(name, type, row -> {});
  }

  /** Returns the shape of a record, with what {@code more} declares of its fields. */
  public static <T> Shape<T> derived(String name, Class<T> type, Consumer<Builder<T>> more) {
    Builder<T> builder = named(name);
    Derived<T> fields = new Derived<>(type, builder, null);
    more.accept(builder);
    return builder.make(fields.constructor());
  }

  /** Returns a shape of the fields declared by a function, whose result makes the rows. */
  public static <T> Shape<T> of(String name, Function<Builder<T>, Function<Values, T>> fields) {
    Builder<T> builder = named(name);
    return builder.make(fields.apply(builder));
  }

  /** Returns the name of the row. */
  public String name() {
    return name;
  }

  /** Returns the fields in their places. */
  public List<Field<T, ?>> fields() {
    return List.of(fields);
  }

  /** Returns the number of fields. */
  public int size() {
    return fields.length;
  }

  /** Returns the field of a name. */
  public Optional<Field<T, ?>> field(String wanted) {
    for (Field<T, ?> field : fields) {
      if (field.name().equals(wanted)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }

  /** Returns the number of a name; throws {@link ShapeException} if there is none. */
  @SuppressWarnings("unchecked") // a number or flag of a shape is one of its rows
  public NumberField<T> number(String wanted) {
    return (NumberField<T>) known(wanted);
  }

  /** Returns the flag of a name; throws {@link ShapeException} if there is none. */
  @SuppressWarnings("unchecked") // a number or flag of a shape is one of its rows
  public FlagField<T> flag(String wanted) {
    return (FlagField<T>) known(wanted);
  }

  /** Returns the value of a name; throws {@link ShapeException} if there is none. */
  @SuppressWarnings("unchecked") // the caller names the type of the component
  public <V> ValueField<T, V> value(String wanted) {
    return (ValueField<T, V>) known(wanted);
  }

  private Field<T, ?> known(String wanted) {
    return field(wanted).orElseThrow(() -> problem("no field is named " + wanted));
  }

  /** Writes a row. */
  public void write(T row, Sink to) {
    int count = fields.length;
    boolean isWhole = to.isWhole();
    while (count > 0 && !isWhole && fields[count - 1].isDefault(row)) {
      count--;
    }
    to.begin(this, count);
    for (int at = 0; at < count; at++) {
      if (!isWhole || !isOmitted(fields[at], row, to)) {
        fields[at].write(row, to);
      }
    }
    to.end(this);
  }

  /** Writes the fields of a mask, in their places, without the row around them. */
  public void write(T row, long mask, Sink to) {
    for (Field<T, ?> field : fields) {
      if ((mask & field.bit()) != 0 && !isOmitted(field, row, to)) {
        field.write(row, to);
      }
    }
  }

  private static <T> boolean isOmitted(Field<T, ?> field, T row, Sink to) {
    return field.hasDefault() && field.isDefault(row) && to.omits(field);
  }

  /** Reads the fields of a mask, without the row around; others are at their default, 0 or null. */
  public Values read(long mask, Source from) {
    Values values = new Values(fields.length);
    for (Field<T, ?> field : fields) {
      if ((mask & field.bit()) != 0 && from.has(field)) {
        field.read(from, values);
      } else {
        field.takeDefault(values);
      }
    }
    return values;
  }

  /**
   * Reads a row without checking {@link #violations}. Throws {@link ShapeException} for a missing,
   * unknown or needless field, {@code IllegalArgumentException} for a refused value.
   */
  public T read(Source from) {
    Values values = new Values(fields.length);
    int count = from.begin(this);
    if (count > fields.length) {
      throw problem(count + " fields are given; " + fields.length + " are known");
    }
    for (int at = 0; at < fields.length; at++) {
      Field<T, ?> field = fields[at];
      if (count == Source.EACH ? from.has(field) : at < count) {
        field.read(from, values);
      } else if (field.hasDefault()) {
        field.takeDefault(values);
      } else {
        throw problem(field.name() + " is missing");
      }
    }
    if (count > 0 && fields[count - 1].isDefault(values)) {
      throw problem(fields[count - 1].name() + " is at its default, and must be left out");
    }
    from.end(this);
    return make(values);
  }

  /** Returns every bound and rule that a row violates, with the value. */
  public List<String> violations(T row) {
    List<String> violations = new ArrayList<>(0);
    for (Field<T, ?> field : fields) {
      field.violations(row, violations);
    }
    for (Rule<T> rule : rules) {
      String violation = rule.violation(row);
      if (violation != null) {
        violations.add(violation);
      }
    }
    return violations;
  }

  /** Returns the parts of a row that are larger than accepted. */
  public List<String> oversized(T row) {
    List<String> found = new ArrayList<>(0);
    for (Field<T, ?> field : fields) {
      field.oversized(row, found);
    }
    if (found.isEmpty() && whole != null) {
      whole.noteExcess(name, row, found);
    }
    return found;
  }

  /** Returns the row; throws {@link ShapeException}, naming every violation, if it has any. */
  public T checked(T row) {
    List<String> violations = violations(row);
    if (!violations.isEmpty()) {
      throw new ShapeException(name, violations);
    }
    return row;
  }

  /** Returns the digest of a row, which marks and fields at their defaults do not change. */
  public long digest(T row) {
    long sum = 0;
    for (Field<T, ?> field : fields) {
      if (!field.isMark() && !field.isDefault(row)) {
        sum += field.mixed(row);
      }
    }
    return Mix.mix(sum);
  }

  /** Returns a hash of the fields of a mask, marks included. */
  public long digest(T row, long mask) {
    long sum = 0;
    for (Field<T, ?> field : fields) {
      if ((mask & field.bit()) != 0) {
        sum += field.mixed(row);
      }
    }
    return Mix.mix(sum);
  }

  /** Returns the bits of the fields in which two rows differ; 0 if in none. */
  public long changed(T one, T other) {
    long changed = 0;
    if (one != other) {
      for (Field<T, ?> field : fields) {
        changed |= field.differs(one, other) ? field.bit() : 0;
      }
    }
    return changed;
  }

  /** Returns the bits of the fields of a condition. */
  public long mask(Predicate<? super Field<T, ?>> condition) {
    long mask = 0;
    for (Field<T, ?> field : fields) {
      mask |= condition.test(field) ? field.bit() : 0;
    }
    return mask;
  }

  /** Returns the bits of named fields; throws {@link ShapeException} for an unknown name. */
  public long mask(String... names) {
    long mask = 0;
    for (String wanted : names) {
      mask |= known(wanted).bit();
    }
    return mask;
  }

  /** Returns a row with another number. */
  public T with(T row, NumberField<T> field, long value) {
    return draft(row).with(field, value).row();
  }

  /** Returns a row with another flag. */
  public T with(T row, FlagField<T> field, boolean value) {
    return draft(row).with(field, value).row();
  }

  /** Returns a row with another value, or with null in a field that may be null. */
  public <V> T with(T row, ValueField<T, V> field, @Nullable V value) {
    return draft(row).with(field, value).row();
  }

  /** Returns a row with another value of a named field, as {@link Draft#with(String, Object)}. */
  public T with(T row, String field, @Nullable Object value) {
    return draft(row).with(field, value).row();
  }

  /** Returns a draft of a row, with all fields at their defaults. */
  public Draft<T> draft() {
    return new Draft<>(this, values());
  }

  /** Returns a draft of a row with other fields. */
  public Draft<T> draft(T row) {
    return new Draft<>(this, values(row));
  }

  /** Returns a row with a field read; throws {@code IllegalArgumentException} if it is refused. */
  public T read(T row, Field<T, ?> field, Source from) {
    Values values = values(row);
    field.read(from, values);
    return make(values);
  }

  /** Returns the defaults of all fields, for a builder; a field without one is 0 or null. */
  public Values values() {
    Values values = new Values(fields.length);
    for (Field<T, ?> field : fields) {
      field.takeDefault(values);
    }
    return values;
  }

  /** Returns the values of a row, for a builder that starts from it. */
  public Values values(T row) {
    Values values = new Values(fields.length);
    for (Field<T, ?> field : fields) {
      field.copy(row, values);
    }
    return values;
  }

  /** Returns the row of these values. */
  public T make(Values values) {
    return constructor.apply(values);
  }

  /** Returns a row as text: each field that is not at its default, with its name. */
  public String text(T row) {
    List<String> parts = new ArrayList<>();
    for (Field<T, ?> field : fields) {
      if (!field.isDefault(row)) {
        parts.add(field.name() + " " + field.text(row));
      }
    }
    return String.join(", ", parts);
  }

  /** Returns the changes, such as {@code capacity_bytes: 4 -> 8}; empty if there are none. */
  public String difference(T one, T other) {
    List<String> parts = new ArrayList<>();
    for (Field<T, ?> field : fields) {
      if (field.differs(one, other)) {
        parts.add(field.name() + ": " + field.text(one) + " -> " + field.text(other));
      }
    }
    return String.join(", ", parts);
  }

  private ShapeException problem(String words) {
    return new ShapeException(name, List.of(words));
  }

  @Override
  public String toString() {
    return name;
  }

  /** A row to be made with other fields. Not thread-safe. */
  public static final class Draft<T> {
    private final Shape<T> shape;
    private final Values values;

    private Draft(Shape<T> shape, Values values) {
      this.shape = shape;
      this.values = values;
    }

    /** Sets a number. */
    public Draft<T> with(NumberField<T> field, long value) {
      field.set(values, value);
      return this;
    }

    /** Sets a flag. */
    public Draft<T> with(FlagField<T> field, boolean value) {
      values.numbers[field.place()] = value ? 1 : 0;
      return this;
    }

    /** Sets a value, or null in a field that may be null. */
    public <V> Draft<T> with(ValueField<T, V> field, @Nullable V value) {
      field.set(values, value);
      return this;
    }

    /** Sets the number, flag or value of a name; throws {@link ShapeException} if there is none. */
    public Draft<T> with(String field, @Nullable Object value) {
      shape.known(field).put(values, value);
      return this;
    }

    /** Returns the row. */
    public T row() {
      return shape.make(values);
    }
  }

  /** Declares the fields of a shape in their places. Not thread-safe. */
  public static final class Builder<T> {
    private final String name;
    private final List<Field<T, ?>> fields = new ArrayList<>();
    private final List<Rule<T>> rules = new ArrayList<>();
    private ValueField.@Nullable Limit<T> whole;

    private Builder(String name) {
      this.name = Objects.requireNonNull(name, "name");
    }

    @SuppressWarnings("unchecked") // a new array holds nothing of another type
    private static <T> Field<T, ?>[] array(int length) {
      return (Field<T, ?>[]) new Field<?, ?>[length];
    }

    private <F extends Field<T, F>> F add(F field) {
      if (fields.size() == MOST_FIELDS) {
        throw new IllegalStateException(name + " has more than " + MOST_FIELDS + " fields");
      }
      if (fields.stream().anyMatch(other -> other.name().equals(field.name()))) {
        throw new IllegalStateException(name + " has two fields named " + field.name());
      }
      fields.add(field);
      return field;
    }

    private Field<T, ?> named(String wanted) {
      return fields.stream().filter(it -> it.name().equals(wanted)).findFirst().orElseThrow();
    }

    /** Returns the number of a name among the fields so far. */
    @SuppressWarnings("unchecked") // a number or flag of a shape is one of its rows
    public NumberField<T> number(String wanted) {
      return (NumberField<T>) named(wanted);
    }

    /** Returns the value of a name among the fields so far. */
    @SuppressWarnings("unchecked") // the caller names the type of the component
    public <V> ValueField<T, V> value(String wanted) {
      return (ValueField<T, V>) named(wanted);
    }

    /** Adds a number. */
    public NumberField<T> number(String field, ToLongFunction<? super T> get) {
      return add(new NumberField<>(field, fields.size(), get));
    }

    /** Adds a real number, kept as the bits of a double; any double, NaN included. */
    public NumberField<T> real(String field, ToDoubleFunction<? super T> get) {
      return number(field, row -> Double.doubleToLongBits(get.applyAsDouble(row))).real();
    }

    /** Adds a flag. */
    public FlagField<T> flag(String field, Predicate<? super T> get) {
      return add(new FlagField<>(field, fields.size(), get));
    }

    /** Adds a value of a form. */
    public <V> ValueField<T, V> value(
        String field, Function<? super T, ? extends @Nullable V> get, Form<V> form) {
      return add(new ValueField<>(field, fields.size(), get, form));
    }

    /** Adds a text. */
    public ValueField<T, String> text(
        String field, Function<? super T, ? extends @Nullable String> get) {
      return value(field, get, Forms.TEXT);
    }

    /** Adds a constant of an enumeration. */
    public <E extends Enum<E>> ValueField<T, E> oneOf(
        String field, Class<E> type, Function<? super T, ? extends @Nullable E> get) {
      return value(field, get, Forms.oneOf(type));
    }

    /** Adds a list. */
    public <V> ValueField<T, List<V>> list(
        String field, Function<? super T, List<V>> get, Form<V> element) {
      return value(field, get, Forms.list(element));
    }

    /** Adds a row of another shape. */
    public <V> ValueField<T, V> nested(
        String field, Function<? super T, ? extends @Nullable V> get, Shape<V> shape) {
      return value(field, get, Forms.row(shape));
    }

    /** Adds a rule on several fields; the words describe its violation. */
    public Builder<T> rule(String words, Predicate<? super T> holds) {
      return rule(row -> holds.test(row) ? null : words);
    }

    /** Adds a rule on several fields that returns its violation, or null. */
    public Builder<T> rule(Function<? super T, @Nullable String> violation) {
      rules.add(violation::apply);
      return this;
    }

    /** Declares the largest size of a whole row; more is too large, not wrong. */
    public Builder<T> atMost(long bound, String unit, ToLongFunction<? super T> measure) {
      whole = new ValueField.Limit<>(bound, unit, measure);
      return this;
    }

    /** Returns the shape, whose rows this constructor makes. */
    public Shape<T> make(Function<Values, T> constructor) {
      fields.forEach(Field::made);
      return new Shape<>(this, constructor);
    }
  }
}
