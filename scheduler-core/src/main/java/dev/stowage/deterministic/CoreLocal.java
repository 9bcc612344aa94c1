package dev.stowage.deterministic;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Holds a value for one owning thread; a claim sees all writes before the last release. */
public final class CoreLocal<T> {
  private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();
  private T value;

  private CoreLocal(T value, Thread owner) {
    this.value = Objects.requireNonNull(value, "value");
    this.owner.set(owner);
  }

  /** Creates a holder of {@code value}, ideally immutable, owned by the calling thread. */
  public static <T> CoreLocal<T> of(T value) {
    return new CoreLocal<>(value, Thread.currentThread());
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

  /** Gives up ownership; throws {@link ForeignAccess} unless the caller owns the value. */
  public void release() {
    requireOwner();
    owner.set(null);
  }

  /** Makes the caller the owner; throws {@link ForeignAccess} if another thread owns the value. */
  public void claim() {
    Thread caller = Thread.currentThread();
    if (!owner.compareAndSet(null, caller) && owner.get() != caller) {
      throw new ForeignAccess("this core-local value", String.valueOf(owner.get()), caller);
    }
  }

  private void requireOwner() {
    Thread caller = Thread.currentThread();
    Thread current = owner.getAcquire();
    if (current != caller) {
      throw new ForeignAccess("this core-local value", String.valueOf(current), caller);
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
