package dev.stowage.deterministic;

import java.util.Objects;
import java.util.function.UnaryOperator;

/** Holds a value for the thread that created it. */
public final class CoreLocal<T> {
  private final Thread owner = Thread.currentThread();
  private T value;

  private CoreLocal(T value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** Creates a holder of {@code value}, ideally immutable, owned by the calling thread. */
  public static <T> CoreLocal<T> of(T value) {
    return new CoreLocal<>(value);
  }

  /** Returns the value; throws {@link ForeignAccess} unless the caller owns it. */
  public T value() {
    requireOwner();
    return value;
  }

  /** Applies a function, returns the result; throws {@link ForeignAccess} for a foreign caller. */
  public T update(UnaryOperator<T> change) {
    requireOwner();
    value = Objects.requireNonNull(change.apply(value), "changed value");
    return value;
  }

  private void requireOwner() {
    Thread caller = Thread.currentThread();
    if (owner != caller) {
      throw new ForeignAccess("this core-local value", owner, caller);
    }
  }

  /** Reports an access by a thread that does not own the value. */
  public static final class ForeignAccess extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; the message names the value, its owner and the caller. */
    public ForeignAccess(String what, Object owner, Thread caller) {
      super(what + " belongs to " + owner + "; " + caller + " may not touch it");
    }
  }
}
