package dev.stowage.deterministic;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value that only its owning thread may touch; every other access throws {@link ForeignAccess}.
 * The maker owns it first. Ownership is given up with {@link #release} and taken with {@link
 * #claim}; what the old owner wrote is visible to the new one.
 *
 * <p>In a scheduler each core has one, owned by the thread that runs the core while a task runs, so
 * that a task which lets its handle escape cannot use it from elsewhere or later.
 *
 * @param <T> value type; should be immutable, for the check covers the reference
 */
public final class CoreLocal<T> {
  private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();
  private T value;

  private CoreLocal(T value, Thread owner) {
    this.value = Objects.requireNonNull(value, "value");
    this.owner.set(owner);
  }

  /** A value owned by the calling thread. */
  public static <T> CoreLocal<T> of(T value) {
    return new CoreLocal<>(value, Thread.currentThread());
  }

  /**
   * Reads the value.
   *
   * @throws ForeignAccess unless the caller owns it
   */
  public T value() {
    requireOwner();
    return value;
  }

  /**
   * Replaces the value and returns the old one.
   *
   * @throws ForeignAccess unless the caller owns it
   */
  public T replace(T next) {
    requireOwner();
    T old = value;
    value = Objects.requireNonNull(next, "next");
    return old;
  }

  /**
   * Replaces the value by a function of it and returns the new one.
   *
   * @throws ForeignAccess unless the caller owns it
   */
  public T update(UnaryOperator<T> change) {
    requireOwner();
    value = Objects.requireNonNull(change.apply(value), "changed value");
    return value;
  }

  /**
   * Gives up ownership.
   *
   * @throws ForeignAccess unless the caller owns it
   */
  public void release() {
    requireOwner();
    owner.set(null);
  }

  /**
   * Makes the calling thread the owner of an unowned value.
   *
   * @throws ForeignAccess if another thread owns it
   */
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

  /** Refuses an access by a thread that does not own what it touches. */
  public static final class ForeignAccess extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Names what was touched, whose it is, and who touched it. */
    public ForeignAccess(String what, Object owner, Thread caller) {
      super(what + " belongs to " + owner + "; " + caller + " may not touch it");
    }
  }
}
