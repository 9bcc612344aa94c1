package dev.stowage.content;

import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * On whose behalf flows send. Tenants share a class among each other as the flows of one tenant
 * share what it gets.
 *
 * @param name any text; empty for those who name none
 * @param weight its share relative to other tenants, 1 to {@value Flow#MAX_WEIGHT}
 */
public record Tenant(String name, int weight) {
  /** The tenant of flows that name none. */
  public static final Tenant NONE = new Tenant("", 1);

  /** The fields. */
  public static final Shape<Tenant> SHAPE =
      Shape.of(
          "tenant",
          row -> {
            var name = row.text("name", Tenant::name).orElse("");
            var weight = row.number("weight", Tenant::weight).narrow().orElse(1);
            return v -> new Tenant(name.of(v), weight.intOf(v));
          });

  /** Refuses a weight out of range with {@link IllegalArgumentException}. */
  public Tenant {
    Objects.requireNonNull(name, "name");
    requireWeight(weight);
  }

  /** Stands here and not in {@link Flow}, whose constants need tenants. */
  static void requireWeight(int weight) {
    if (weight < 1 || weight > Flow.MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "weight is " + weight + "; 1 to " + Flow.MAX_WEIGHT + " is accepted");
    }
  }

  /** A tenant of weight 1. */
  public static Tenant of(String name) {
    return new Tenant(name, 1);
  }
}
