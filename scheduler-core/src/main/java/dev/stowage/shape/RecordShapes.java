package dev.stowage.shape;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Declares the shapes of records that have up to three fields, none of them with a default. */
public final class RecordShapes {
  private RecordShapes() {}

  /** Declares a field of a record. */
  @FunctionalInterface
  public interface Column<R, V> {
    /** Adds the field to a row and returns the function from the values read to its value. */
    Function<Values, V> in(Shape.Builder<R> row);
  }

  /** Makes a record of three values. */
  @FunctionalInterface
  public interface Three<A, B, C, R> {
    /** Makes the record. */
    R of(A one, B two, C three);
  }

  /** Returns the shape of a record without fields. */
  public static <R> Shape<R> shape(String name, Supplier<R> make) {
    return Shape.of(name, row -> v -> make.get());
  }

  /** Returns the shape of a record of one field. */
  public static <R, A> Shape<R> shape(String name, Column<R, A> first, Function<A, R> make) {
    return Shape.of(
        name,
        row -> {
          var one = first.in(row);
          return v -> make.apply(one.apply(v));
        });
  }

  /** Returns the shape of a record of two fields. */
  public static <R, A, B> Shape<R> shape(
      String name, Column<R, A> first, Column<R, B> second, BiFunction<A, B, R> make) {
    return Shape.of(
        name,
        row -> {
          var one = first.in(row);
          var two = second.in(row);
          return v -> make.apply(one.apply(v), two.apply(v));
        });
  }

  /** Returns the shape of a record of three fields. */
  public static <R, A, B, C> Shape<R> shape(
      String name,
      Column<R, A> first,
      Column<R, B> second,
      Column<R, C> third,
      Three<A, B, C, R> make) {
    return Shape.of(
        name,
        row -> {
          var one = first.in(row);
          var two = second.in(row);
          var three = third.in(row);
          return v -> make.of(one.apply(v), two.apply(v), three.apply(v));
        });
  }

  /** Declares a number. */
  public static <R> Column<R, Long> number(String name, ToLongFunction<R> get) {
    return row -> row.number(name, get)::of;
  }

  /** Declares a number of 32 bits. */
  public static <R> Column<R, Integer> narrow(String name, ToLongFunction<R> get) {
    return row -> row.number(name, get).narrow()::intOf;
  }

  /** Declares a number that is read without a sign. */
  public static <R> Column<R, Long> unsigned(String name, ToLongFunction<R> get) {
    return row -> row.number(name, get).unsigned()::of;
  }

  /** Declares a text. */
  public static <R> Column<R, String> text(String name, Function<R, String> get) {
    return row -> row.text(name, get)::of;
  }

  /** Declares a list. */
  public static <R, V> Column<R, List<V>> list(
      String name, Function<R, List<V>> get, Form<V> element) {
    return row -> row.list(name, get, element)::of;
  }

  /** Declares a flag. */
  public static <R> Column<R, Boolean> flag(String name, Predicate<R> get) {
    return row -> row.flag(name, get)::of;
  }

  /** Declares a constant of an enumeration. */
  public static <R, E extends Enum<E>> Column<R, E> oneOf(
      String name, Class<E> type, Function<R, E> get) {
    return value(name, get, Forms.oneOf(type));
  }

  /** Declares a row of another shape. */
  public static <R, V> Column<R, V> nested(String name, Function<R, V> get, Shape<V> shape) {
    return value(name, get, Forms.row(shape));
  }

  /** Declares a value of a form. */
  public static <R, V> Column<R, V> value(String name, Function<R, V> get, Form<V> form) {
    return row -> row.value(name, get, form)::of;
  }
}
