package dev.stowage.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares what the name and type of a record's component do not tell about its field. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Declare {
  /** Returns the name; by default that of the component, without a leading {@code is} of a flag. */
  String name() default "";

  /** Returns the name of the constant of {@link #forms} with the form; empty to tell it by type. */
  String form() default "";

  /** Returns the class that has the form. */
  Class<?> forms() default Forms.class;

  /** Returns the least number that is accepted. */
  long least() default Long.MIN_VALUE;

  /** Returns the largest number that is accepted; of other values the largest size. */
  long most() default Long.MAX_VALUE;

  /** Returns the plural of what the size of a value counts. */
  String unit() default "";

  /**
   * Returns the numbers for which the words of {@link #word} stand; by default the one left out.
   */
  long[] at() default {};

  /** Returns the words, in the order of {@link #at}. */
  String[] word() default {};

  /** Returns the number that stands where the field is left out; empty if it may not be. */
  long[] orElse() default {};

  /** Returns the name of the constant of the component's type that stands where it is left out. */
  String or() default "";

  /** Reports whether a list, map or optional value that is left out is empty. */
  boolean orEmpty() default false;

  /** Reports whether the value may be null, and is null where it is left out. */
  boolean orNone() default false;

  /** Reports whether the number is read without a sign. */
  boolean unsigned() default false;

  /** Reports whether the field is no part of the digest. */
  boolean mark() default false;

  /** Reports whether the value is a subject of evidence, of the field's name as kind. */
  boolean subject() default false;

  /** Reports whether the components of the record in this one are fields in its place. */
  boolean flat() default false;
}
