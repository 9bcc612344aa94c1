package dev.stowage.shape;

import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A field that is true or false, and false where it is left out. */
public final class FlagField<T> extends Field<T, FlagField<T>> {
  private final Predicate<? super T> get;

  FlagField(String name, int place, Predicate<? super T> get) {
    super(name, place);
    this.get = get;
  }

  /** Returns the value in a row. */
  public boolean in(T row) {
    return get.test(row);
  }

  /** Returns the value among the values read. */
  public boolean of(Values values) {
    return values.numbers[place()] != 0;
  }

  @Override
  public Kind kind() {
    return Kind.FLAG;
  }

  @Override
  public boolean hasDefault() {
    return true;
  }

  @Override
  public String text(T row) {
    return Boolean.toString(in(row));
  }

  @Override
  public String defaultText() {
    return "false";
  }

  @Override
  public String accepted() {
    return "true or false";
  }

  @Override
  boolean isDefault(T row) {
    return !in(row);
  }

  @Override
  boolean isDefault(Values values) {
    return !of(values);
  }

  @Override
  void write(T row, Sink to) {
    to.flag(this, in(row));
  }

  @Override
  void read(Source from, Values into) {
    into.numbers[place()] = from.flag(this) ? 1 : 0;
  }

  @Override
  void put(Values into, @Nullable Object value) {
    into.numbers[place()] = Boolean.TRUE.equals(value) ? 1 : 0;
  }

  @Override
  void takeDefault(Values into) {
    into.numbers[place()] = 0;
  }

  @Override
  void copy(T row, Values into) {
    into.numbers[place()] = in(row) ? 1 : 0;
  }

  @Override
  boolean differs(T one, T other) {
    return in(one) != in(other);
  }

  @Override
  long hash(T row) {
    return in(row) ? 1 : 0;
  }

  @Override
  void violations(T row, Collection<String> into) {}

  @Override
  double amount(T row) {
    return in(row) ? 1 : 0;
  }
}
