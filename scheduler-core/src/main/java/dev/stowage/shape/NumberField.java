package dev.stowage.shape;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A field that holds a whole number. */
public final class NumberField<T> extends Field<T, NumberField<T>> {
  private final ToLongFunction<? super T> get;
  private final Map<Long, String> words = new TreeMap<>();
  private long least = Long.MIN_VALUE;
  private long most = Long.MAX_VALUE;
  private long byDefault;
  private boolean hasDefault;
  private boolean isNarrow;
  private boolean isReal;
  private LongFunction<String> digits = Long::toString;
  private @Nullable NumberField<T> bound;
  private boolean isStrict;

  NumberField(String name, int place, ToLongFunction<? super T> get) {
    super(name, place);
    this.get = get;
  }

  /** Declares that the number has 32 bits. */
  public NumberField<T> narrow() {
    open();
    isNarrow = true;
    return self();
  }

  /** Declares the least number that is accepted. */
  public NumberField<T> atLeast(long bound) {
    open();
    least = bound;
    return self();
  }

  /** Declares the largest number that is accepted. */
  public NumberField<T> atMost(long bound) {
    open();
    most = bound;
    return self();
  }

  /** Declares that the number is no less than another one of the row. */
  public NumberField<T> atLeast(NumberField<T> other) {
    open();
    bound = other;
    return self();
  }

  /** Declares that the number, unless it stands for a word, is above another one of the row. */
  public NumberField<T> above(NumberField<T> other) {
    isStrict = true;
    return atLeast(other);
  }

  /** Declares the least and the largest number that are accepted. */
  public NumberField<T> between(long from, long to) {
    return atLeast(from).atMost(to);
  }

  /** Declares the bounds of a real number, at least 0; refuses NaN, accepts -0.0 where 0 is. */
  public NumberField<T> realBetween(double from, double to) {
    isReal = true;
    return between(Double.doubleToLongBits(from), Double.doubleToLongBits(to));
  }

  /** Declares a number that stands for a word, such as "unlimited"; it is accepted. */
  public NumberField<T> word(long value, String word) {
    open();
    words.put(value, word);
    return self();
  }

  /** Declares that the number is read without a sign. */
  public NumberField<T> unsigned() {
    return printedBy(Long::toUnsignedString);
  }

  /** Declares how the number reads where no word stands for it. */
  public NumberField<T> printedBy(LongFunction<String> function) {
    open();
    digits = function;
    return self();
  }

  /** Declares the value of the field where it is left out. */
  public NumberField<T> orElse(long value) {
    open();
    byDefault = value;
    hasDefault = true;
    return self();
  }

  /** Declares the value of a real number where it is left out. */
  public NumberField<T> orElseReal(double value) {
    return orElse(Double.doubleToLongBits(value));
  }

  /** Declares the value of the field where it is left out, and the word for it. */
  public NumberField<T> orElse(long value, String word) {
    return word(value, word).orElse(value);
  }

  /** Returns the value in a row. */
  public long in(T row) {
    return get.applyAsLong(row);
  }

  /** Returns the value among the values read. */
  public long of(Values values) {
    return values.numbers[place()];
  }

  /** Returns the value of a narrow field among the values read. */
  public int intOf(Values values) {
    return (int) values.numbers[place()];
  }

  /** Returns the value read of a field made by {@link Shape.Builder#real}. */
  public double realOf(Values values) {
    return Double.longBitsToDouble(of(values));
  }

  /** Puts a number into a row that is being built. */
  public void set(Values into, long value) {
    into.numbers[place()] = value;
  }

  /** Returns the least number that is accepted. */
  public long least() {
    return least;
  }

  /** Returns the largest number that is accepted. */
  public long most() {
    return most;
  }

  /** Returns the numbers that stand for words, in ascending order. */
  public Map<Long, String> words() {
    return new TreeMap<>(words);
  }

  /** Returns a number as text: its word, or its digits. */
  public String print(long value) {
    String word = words.get(value);
    return word == null ? digits.apply(value) : word;
  }

  /** Reports whether the number is the bits of a real number. */
  public boolean isReal() {
    return isReal;
  }

  NumberField<T> real() {
    isReal = true;
    return printedBy(bits -> Double.toString(Double.longBitsToDouble(bits)));
  }

  @Override
  public boolean isNarrow() {
    return isNarrow;
  }

  @Override
  public Kind kind() {
    return Kind.NUMBER;
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
    StringBuilder text = new StringBuilder(range());
    words.forEach((value, word) -> {
      if (value < least || value > most) {
        text.append(text.isEmpty() ? "" : ", or ").append(value).append(" (").append(word);
        text.append(')');
      }
    });
    return text.toString();
  }

  /** Returns the accepted numbers beside those with words; empty if all are. */
  public String range() {
    if (bound != null) {
      return relation() + bound.name();
    }
    if (least > Long.MIN_VALUE) {
      String from = digits.apply(least);
      return most < Long.MAX_VALUE ? from + " to " + digits.apply(most) : "at least " + from;
    }
    return most < Long.MAX_VALUE ? "at most " + digits.apply(most) : "";
  }

  @Override
  boolean isDefault(T row) {
    return hasDefault && in(row) == byDefault;
  }

  @Override
  boolean isDefault(Values values) {
    return hasDefault && of(values) == byDefault;
  }

  @Override
  void write(T row, Sink to) {
    to.number(this, in(row));
  }

  @Override
  void read(Source from, Values into) {
    set(into, from.number(this));
  }

  @Override
  void put(Values into, @Nullable Object value) {
    Number number = (Number) Objects.requireNonNull(value, name());
    set(into, isReal ? Double.doubleToLongBits(number.doubleValue()) : number.longValue());
  }

  @Override
  void takeDefault(Values into) {
    set(into, byDefault);
  }

  @Override
  void copy(T row, Values into) {
    set(into, in(row));
  }

  @Override
  boolean differs(T one, T other) {
    return in(one) != in(other);
  }

  @Override
  long hash(T row) {
    return in(row);
  }

  @Override
  void violations(T row, Collection<String> into) {
    long value = in(row);
    if (isReal && value == Long.MIN_VALUE) {
      return; // the bits of -0.0
    }
    if ((value < least || value > most) && !words.containsKey(value)) {
      into.add(name() + " is " + digits.apply(value) + "; " + accepted() + " is accepted");
    } else if (bound != null && isBelow(value, bound.in(row))) {
      into.add(
          name()
              + " is "
              + value
              + "; "
              + relation()
              + bound.name()
              + ", "
              + bound.print(bound.in(row))
              + ", is accepted");
    }
  }

  private boolean isBelow(long value, long other) {
    return isStrict ? value <= other && !words.containsKey(value) : value < other;
  }

  private String relation() {
    return isStrict ? "more than " : "at least ";
  }

  @Override
  double amount(T row) {
    return in(row);
  }
}
