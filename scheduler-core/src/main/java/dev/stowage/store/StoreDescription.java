package dev.stowage.store;

import java.util.Objects;

/**
 * What store this is.
 *
 * @param kind the implementation, one word such as {@code memory}
 * @param fleet the fleet that it holds
 * @param schemaVersion the version of its layout, at least 1
 */
public record StoreDescription(String kind, String fleet, int schemaVersion) {
  /** Refuses nulls and a version below 1. */
  public StoreDescription {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(fleet, "fleet");
    if (schemaVersion < 1) {
      throw new IllegalArgumentException(
          "schema version is " + schemaVersion + "; at least 1 is accepted");
    }
  }
}
