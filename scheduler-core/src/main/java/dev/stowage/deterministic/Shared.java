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

  /**
   * The order a {@link Shared} value or {@link SharedCounter} declares, and the access modes it
   * maps to. Every operation is legal under every order.
   *
   * <table>
   *   <caption>Modes of the underlying variable handle</caption>
   *   <tr><th>order</th><th>load</th><th>store</th><th>read and write</th></tr>
   *   <tr><td>SEQ_CST</td><td>volatile</td><td>volatile</td><td>volatile</td></tr>
   *   <tr><td>ACQ_REL</td><td>acquire</td><td>release</td><td>volatile: no mode has both halves
   *       alone</td></tr>
   *   <tr><td>RELAXED</td><td>opaque</td><td>opaque</td><td>plain compare-and-set, repeated</td></tr>
   * </table>
   */
  public enum MemoryOrder {
    /** One total order over all such operations. Level 0. */
    SEQ_CST,
    /** A load sees everything before the store it reads from. Level 1. */
    ACQ_REL,
    /** Atomic and per-variable coherent, nothing else. Level 2. */
    RELAXED;

    /** The published number of this order, 0 to 2. */
    public int level() {
      return ordinal();
    }
  }
}
