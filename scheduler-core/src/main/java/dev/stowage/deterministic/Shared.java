package dev.stowage.deterministic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A shared reference with the access modes of its {@link MemoryOrder}; compared by identity. */
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

  /** Creates a shared value under an order. */
  public static <T> Shared<T> of(T value, MemoryOrder order) {
    return new Shared<>(value, order);
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

  /** Applies {@code change}, again after each concurrent write; returns the previous value. */
  public T fetchUpdate(UnaryOperator<T> change) {
    while (true) {
      T old = load();
      if (compareAndSet(old, change.apply(old))) {
        return old;
      }
    }
  }

  /** The access modes of a {@link Shared}; all operations are legal. */
  public enum MemoryOrder {
    /** One total order over all operations: volatile mode for load, store and update. Level 0. */
    SEQ_CST,
    /** A load (acquire) sees all before its store (release); updates are volatile. Level 1. */
    ACQ_REL,
    /** Per-variable coherence alone: opaque mode, plain compare-and-set repeated. Level 2. */
    RELAXED
  }
}
