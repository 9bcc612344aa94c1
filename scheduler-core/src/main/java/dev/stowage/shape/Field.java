package dev.stowage.shape;

import dev.stowage.columns.Mix;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A field of a shape: name, place and bounds. Declaring methods return the field; they throw {@link
 * IllegalStateException} once the shape is made.
 */
public abstract sealed class Field<T, F extends Field<T, F>>
    permits NumberField, FlagField, ValueField {
  private final String name;
  private final int place;
  private final Unit unit;
  private String meaning = "";
  private boolean isMark;
  private String subject = "";
  private boolean isMade;

  Field(String name, int place) {
    this.name = name;
    this.place = place;
    unit = Unit.of(name);
  }

  /** Declares the field's meaning, in one line of documentation. */
  public final F means(String line) {
    open();
    meaning = line;
    return self();
  }

  /** Declares that the field is stored, but is no part of the digest. */
  public final F mark() {
    open();
    isMark = true;
    return self();
  }

  /** Declares the field's value a subject of evidence, of the field's name as kind. */
  public final F subject() {
    return subject(name);
  }

  /** Declares the field's value a subject of evidence, of this kind. */
  public final F subject(String kindOfSubject) {
    open();
    subject = kindOfSubject;
    return self();
  }

  @SuppressWarnings("unchecked") // each permitted class names itself
  final F self() {
    return (F) this;
  }

  final void open() {
    if (isMade) {
      throw new IllegalStateException(name + ": its shape is made, and declares nothing more");
    }
  }

  final void made() {
    isMade = true;
  }

  /** Returns the name, in lower case with underscores, such as {@code capacity_bytes}. */
  public final String name() {
    return name;
  }

  /** Returns the word of the field in scenarios and files: its name without the unit. */
  public final String word() {
    return name.substring(0, name.length() - unit.suffix().length());
  }

  /** Returns the place in the shape, from 0. */
  public final int place() {
    return place;
  }

  /** Returns the bit of the field in the masks of its shape. */
  public final long bit() {
    return 1L << place;
  }

  /** Returns the unit that the name ends in. */
  public final Unit unit() {
    return unit;
  }

  /** Returns the line of documentation; empty if there is none. */
  public final String meaning() {
    return meaning;
  }

  /** Reports whether the field is no part of the digest. */
  public final boolean isMark() {
    return isMark;
  }

  /** Returns the kind of subject; empty if the field is no subject. */
  public final String subjectKind() {
    return subject;
  }

  /** Reports whether the field holds a number of 32 bits. */
  public boolean isNarrow() {
    return false;
  }

  /** Returns the kind of value that the field holds. */
  public abstract Kind kind();

  /** Reports whether the field may be left out. */
  public abstract boolean hasDefault();

  /** Returns the value of the field in a row, as text. */
  public abstract String text(T row);

  /** Returns the accepted values as text; empty if all are. */
  public abstract String accepted();

  /** Returns the default as text; empty if the field has none. */
  public abstract String defaultText();

  abstract boolean isDefault(T row);

  abstract boolean isDefault(Values values);

  abstract void write(T row, Sink to);

  abstract void read(Source from, Values into);

  abstract void put(Values into, @Nullable Object value);

  abstract void takeDefault(Values into);

  abstract void copy(T row, Values into);

  abstract boolean differs(T one, T other);

  abstract long hash(T row);

  abstract void violations(T row, Collection<String> into);

  void oversized(T row, Collection<String> into) {}

  final long mixed(T row) {
    return Mix.mix(hash(row) ^ Mix.mix(place + 1L));
  }

  /** Returns a number, or 1 for a flag that is set and 0 for one that is not; else NaN. */
  double amount(T row) {
    return Double.NaN;
  }

  @Override
  public final String toString() {
    return name;
  }
}
