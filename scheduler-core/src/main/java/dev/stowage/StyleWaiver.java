package dev.stowage;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Excuses one declaration from one rule of the style test, with a reason. Every use is counted and
 * printed by that test, so that waivers stay rare and visible. Not kept in class files.
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface StyleWaiver {
  /** The rule that this declaration may break, as the style test names it. */
  String rule();

  /** Why breaking it reads better than keeping it. */
  String reason();
}
