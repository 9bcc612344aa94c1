package dev.stowage.deterministic;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The guards of a scheduler, by id 0 to {@link Guards#MAX_ID}. Immutable. */
public final class GuardTable {
  private final @Nullable Guard[] guards;

  private GuardTable(@Nullable Guard[] guards) {
    this.guards = guards;
  }

  /** Returns a table without guards. */
  public static GuardTable empty() {
    return builder().build();
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Reports whether {@code id} has a guard. */
  public boolean knows(int id) {
    return id >= 0 && id < guards.length && guards[id] != null;
  }

  /**
   * Returns the guard of {@code id}; throws {@code IllegalArgumentException} if there is none,
   * {@link Guards.InvalidGuardId} for an id out of range.
   */
  public Guard require(int id) {
    Guards.of(id);
    Guard guard = knows(id) ? guards[id] : null;
    if (guard == null) {
      throw new IllegalArgumentException("guard " + id + " is not in this scheduler's table");
    }
    return guard;
  }

  /** Throws {@code IllegalArgumentException}, naming the first, if an id has no guard. */
  public void requireAll(Guards ids) {
    for (int i = 0; i < ids.count(); i++) {
      require(ids.id(i));
    }
  }

  /** Collects guards. Not thread-safe. */
  public static final class Builder {
    private final @Nullable Guard[] guards = new @Nullable Guard[Guards.MAX_ID + 1];

    private Builder() {}

    /** Adds a guard; throws {@code IllegalArgumentException} if the id is out of range or taken. */
    public Builder add(int id, Guard guard) {
      Guards.of(id);
      if (guards[id] != null) {
        throw new IllegalArgumentException("guard id " + id + " is taken");
      }
      guards[id] = Objects.requireNonNull(guard, "guard");
      return this;
    }

    /** Returns the table. */
    public GuardTable build() {
      return new GuardTable(guards.clone());
    }
  }
}
