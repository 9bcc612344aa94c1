package dev.stowage.config;

import dev.stowage.shape.Form;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A setting of the planner that a rule declares, and {@link PlacementConfig} carries among its own.
 * Immutable.
 *
 * @param <V> its values, which are immutable
 */
public final class RuleSetting<V> {
  private final String name;
  private final Form<V> form;
  private final V byDefault;
  private final String means;
  private final String accepted;
  private final Predicate<V> isAccepted;

  /**
   * Declares a setting.
   *
   * @param form how values are written
   * @param means what it does, as the reference of settings says it
   * @param accepted which values are accepted, in words
   */
  public RuleSetting(
      String name,
      Form<V> form,
      V byDefault,
      String means,
      String accepted,
      Predicate<V> isAccepted) {
    this.name = name;
    this.form = form;
    this.byDefault = Objects.requireNonNull(byDefault, "byDefault");
    this.means = means;
    this.accepted = accepted;
    this.isAccepted = isAccepted;
  }

  /** Returns the name, as in files. */
  public String name() {
    return name;
  }

  /** Returns the value of a configuration that does not set it. */
  public V byDefault() {
    return byDefault;
  }

  Form<V> form() {
    return form;
  }

  String means() {
    return means;
  }

  String accepted() {
    return accepted;
  }

  boolean isAccepted(V value) {
    return isAccepted.test(value);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
