package dev.stowage.deterministic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A reference that threads share under a declared {@link MemoryOrder}: every operation takes its
 * mode from the declaration. Comparison is by identity.
 *
 * @param <T> value type
 */
public final class Shared<T> {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Shared.class, "value", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final MemoryOrder order;

  @SuppressWarnings("unused") // read through the handle
  private Object value;

  private Shared(T value, MemoryOrder order) {
    this.order = Objects.requireNonNull(order, "order");
    this.value = Objects.requireNonNull(value, "value");
    VarHandle.releaseFence();
  }

  /** A shared value under an order. */
  public static <T> Shared<T> of(T value, MemoryOrder order) {
    return new Shared<>(value, order);
  }

  /** The declared order. */
  public MemoryOrder order() {
    return order;
  }

  /** Reads the value. */
  @SuppressWarnings("unchecked")
  public T load() {
    return (T)
        switch (order) {
          case SEQ_CST -> VALUE.getVolatile(this);
          case ACQ_REL -> VALUE.getAcquire(this);
          case RELAXED -> VALUE.getOpaque(this);
        };
  }

  /** Writes the value. */
  public void store(T next) {
    Objects.requireNonNull(next, "next");
    switch (order) {
      case SEQ_CST -> VALUE.setVolatile(this, next);
      case ACQ_REL -> VALUE.setRelease(this, next);
      case RELAXED -> VALUE.setOpaque(this, next);
    }
  }

  /** Writes {@code next} if the value is {@code expected}; returns whether it did. */
  public boolean compareAndSet(T expected, T next) {
    Objects.requireNonNull(next, "next");
    if (order != MemoryOrder.RELAXED) {
      return VALUE.compareAndSet(this, expected, next);
    }
    while (VALUE.getOpaque(this) == expected) {
      if (VALUE.weakCompareAndSetPlain(this, expected, next)) {
        return true;
      }
    }
    return false;
  }

  /** Writes a value and returns the one before. */
  public T exchange(T next) {
    return fetchUpdate(old -> next);
  }

  /**
   * Replaces the value by a function of it, retried until no other write came between; returns the
   * value before.
   */
  public T fetchUpdate(UnaryOperator<T> change) {
    while (true) {
      T old = load();
      if (compareAndSet(old, change.apply(old))) {
        return old;
      }
    }
  }
}
