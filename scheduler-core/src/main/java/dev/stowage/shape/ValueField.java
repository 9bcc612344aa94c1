package dev.stowage.shape;

import dev.stowage.columns.ForeignText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A field with a value of a {@link Form}: a text, a constant, a list, a row or a value type. */
public final class ValueField<T, V> extends Field<T, ValueField<T, V>> {
  private final Function<? super T, ? extends @Nullable V> get;
  private final Form<V> form;
  private ToLongFunction<? super V> hash;
  private @Nullable V byDefault;
  private boolean hasDefault;
  private BiFunction<? super V, String, @Nullable String> check = (value, field) -> null;
  private String accepted = "";
  private boolean isJudgedLater;
  private final List<Limit<V>> limits = new ArrayList<>();

  record Limit<V>(long bound, String unit, ToLongFunction<? super V> measure) {
    boolean noteExcess(String name, V value, Collection<String> into) {
      long given = measure.applyAsLong(value);
      return given > bound && into.add(tooMany(name, given, bound, unit));
    }
  }

  ValueField(String name, int place, Function<? super T, ? extends @Nullable V> get, Form<V> form) {
    super(name, place);
    this.get = get;
    this.form = form;
    hash = form::hash;
  }

  /** Declares the value of the field where it is left out. */
  public ValueField<T, V> orElse(V value) {
    open();
    byDefault = Objects.requireNonNull(value, "value");
    hasDefault = true;
    return self();
  }

  /** Declares that the field may be null, and is null where it is left out. */
  public ValueField<T, V> orNone() {
    open();
    byDefault = null;
    hasDefault = true;
    return self();
  }

  /** Declares what a value must be; the words are followed by "is accepted". */
  public ValueField<T, V> must(String words, Predicate<? super V> condition) {
    accepted = words;
    return checkedBy((value, field) ->
        condition.test(value)
            ? null
            : field
                + " is '"
                + ForeignText.quoted(form.print(value))
                + "'; "
                + words
                + " is accepted");
  }

  /** Declares a rule from a value and the field's name to the violation, or null. */
  public ValueField<T, V> checkedBy(BiFunction<? super V, String, @Nullable String> rule) {
    open();
    check = rule;
    return self();
  }

  /**
   * Declares a largest size, such as 256 labels; more is too large, not wrong. Several sizes are
   * measured in order of declaration, up to the first that is exceeded.
   */
  public ValueField<T, V> atMost(long bound, String unit, ToLongFunction<? super V> measure) {
    open();
    limits.add(new Limit<>(bound, unit, measure));
    return self();
  }

  /** Declares that violations within a value are found elsewhere. */
  public ValueField<T, V> judgedLater() {
    open();
    isJudgedLater = true;
    return self();
  }

  /** Declares in words what the form reads. */
  public ValueField<T, V> accepts(String words) {
    open();
    accepted = words;
    return self();
  }

  /** Declares another number for the digest than the hash of the form. */
  public ValueField<T, V> hashedBy(ToLongFunction<? super V> function) {
    open();
    hash = function;
    return self();
  }

  /** Returns the value in a row; null if the field may be null and is. */
  public @Nullable V in(T row) {
    return get.apply(row);
  }

  /** Returns the value among the values read. */
  public V of(Values values) {
    return Objects.requireNonNull(orNull(values), name());
  }

  /** Returns the value read of a field that may be null. */
  @SuppressWarnings("unchecked") // only this field writes its place
  public @Nullable V orNull(Values values) {
    return (V) values.others[place()];
  }

  /** Puts a value into a row that is being built; null only in a field that may be null. */
  public void set(Values into, @Nullable V value) {
    into.others[place()] = value;
  }

  /** Returns the form of the value. */
  public Form<V> form() {
    return form;
  }

  /** Reports whether the field may be null. */
  public boolean isNullable() {
    return hasDefault && byDefault == null;
  }

  @Override
  public Kind kind() {
    return form.kind();
  }

  @Override
  public boolean isNarrow() {
    return form.isNarrow();
  }

  @Override
  public boolean hasDefault() {
    return hasDefault;
  }

  @Override
  public String text(T row) {
    return print(in(row));
  }

  @Override
  public String defaultText() {
    return hasDefault ? print(byDefault) : "";
  }

  @Override
  public String accepted() {
    if (!limits.isEmpty()) {
      return "at most " + limits.get(0).bound() + " " + limits.get(0).unit();
    }
    return accepted.isEmpty() ? form.accepted() : accepted;
  }

  private String print(@Nullable V value) {
    return value == null ? "none" : form.print(value);
  }

  @Override
  boolean isDefault(T row) {
    return hasDefault && Objects.equals(in(row), byDefault);
  }

  @Override
  boolean isDefault(Values values) {
    return hasDefault && Objects.equals(orNull(values), byDefault);
  }

  @Override
  void write(T row, Sink to) {
    V value = in(row);
    if (isNullable()) {
      to.optional(this, value != null);
    }
    if (value != null) {
      form.write(this, value, to);
    }
  }

  @Override
  void read(Source from, Values into) {
    into.others[place()] = isNullable() && !from.optional(this) ? null : form.read(this, from);
  }

  @Override
  void put(Values into, @Nullable Object value) {
    into.others[place()] = isNullable() ? value : Objects.requireNonNull(value, name());
  }

  @Override
  void takeDefault(Values into) {
    into.others[place()] = byDefault;
  }

  @Override
  void copy(T row, Values into) {
    into.others[place()] = in(row);
  }

  @Override
  boolean differs(T one, T other) {
    return !Objects.equals(in(one), in(other));
  }

  @Override
  long hash(T row) {
    V value = in(row);
    return value == null ? 0 : hash.applyAsLong(value);
  }

  @Override
  void oversized(T row, Collection<String> into) {
    V value = in(row);
    if (value == null) {
      return;
    }
    for (Limit<V> limit : limits) {
      if (limit.noteExcess(name(), value, into)) {
        return;
      }
    }
    form.oversized(value, into);
  }

  /** Returns the words for a size that is not accepted. */
  public static String tooMany(String name, long given, long most, String unit) {
    return name + " has " + given + " " + unit + "; at most " + most + " are accepted";
  }

  @Override
  void violations(T row, Collection<String> into) {
    V value = in(row);
    String wrong = value == null ? null : check.apply(value, name());
    if (wrong != null) {
      into.add(wrong);
    } else if (value == null && !isNullable()) {
      into.add(name() + " is missing");
    } else if (value != null && !isJudgedLater) {
      form.violations(name(), value, into);
    }
  }
}
