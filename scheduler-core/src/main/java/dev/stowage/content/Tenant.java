package dev.stowage.content;

import dev.stowage.shape.Shape;
import java.util.Objects;

/** A sender; the weight, relative to other tenants, is 1 to {@value Flow#MAX_WEIGHT}. */
public record Tenant(String name, int weight) {
  /** The unnamed tenant. */
  public static final Tenant NONE = new Tenant("", 1);

  /** The shape of a tenant. */
  public static final Shape<Tenant> SHAPE =
      Shape.of(
          "tenant",
          row -> {
            var name = row.text("name", Tenant::name).orElse("");
            var weight = row.number("weight", Tenant::weight).narrow().orElse(1);
            return v -> new Tenant(name.of(v), weight.intOf(v));
          });

  /** Throws {@link IllegalArgumentException} for a weight out of range. */
  public Tenant {
    Objects.requireNonNull(name, "name");
    requireWeight(weight);
  }

  /** Stays out of {@link Flow}, whose constants need tenants during initialisation. */
  static void requireWeight(int weight) {
    if (weight < 1 || weight > Flow.MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "weight is " + weight + "; 1 to " + Flow.MAX_WEIGHT + " is accepted");
    }
  }

  /** Creates a tenant of weight 1. */
  public static Tenant of(String name) {
    return new Tenant(name, 1);
  }
}
