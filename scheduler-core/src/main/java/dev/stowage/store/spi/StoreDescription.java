package dev.stowage.store.spi;

import java.util.Objects;

/**
 * The identity of a store: its implementation, one word such as {@code memory}, its fleet, and the
 * version of its layout, at least 1.
 */
public record StoreDescription(String kind, String fleet, int schemaVersion) {
  /** Throws {@link IllegalArgumentException} if the version is below 1. */
  public StoreDescription {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(fleet, "fleet");
    if (schemaVersion < 1) {
      throw new IllegalArgumentException(
          "schema version is " + schemaVersion + "; at least 1 is accepted");
    }
  }
}
