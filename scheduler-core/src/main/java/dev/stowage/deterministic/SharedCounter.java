package dev.stowage.deterministic;

import dev.stowage.deterministic.Shared.MemoryOrder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/** A shared 64-bit counter under a declared {@link MemoryOrder}; it wraps. */
public final class SharedCounter {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(SharedCounter.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final MemoryOrder order;

  @SuppressWarnings("unused") // read through the handle
  private long value;

  private SharedCounter(long value, MemoryOrder order) {
    this.order = Objects.requireNonNull(order, "order");
    this.value = value;
    VarHandle.releaseFence();
  }

  /** Creates a counter at {@code start} under an order. */
  public static SharedCounter of(long start, MemoryOrder order) {
    return new SharedCounter(start, order);
  }

  /** Returns the declared order. */
  public MemoryOrder order() {
    return order;
  }

  /** Reads the counter. */
  public long load() {
    return switch (order) {
      case SEQ_CST -> (long) VALUE.getVolatile(this);
      case ACQ_REL -> (long) VALUE.getAcquire(this);
      case RELAXED -> (long) VALUE.getOpaque(this);
    };
  }

  /** Writes the counter. */
  public void store(long next) {
    switch (order) {
      case SEQ_CST -> VALUE.setVolatile(this, next);
      case ACQ_REL -> VALUE.setRelease(this, next);
      case RELAXED -> VALUE.setOpaque(this, next);
    }
  }

  /** Adds {@code delta} and returns the previous value. */
  public long fetchAdd(long delta) {
    if (order != MemoryOrder.RELAXED) {
      return (long) VALUE.getAndAdd(this, delta);
    }
    while (true) {
      long old = (long) VALUE.getOpaque(this);
      if (VALUE.weakCompareAndSetPlain(this, old, old + delta)) {
        return old;
      }
    }
  }

  /** Writes {@code next} if the counter is {@code expected}; returns whether it did. */
  public boolean compareAndSet(long expected, long next) {
    if (order != MemoryOrder.RELAXED) {
      return VALUE.compareAndSet(this, expected, next);
    }
    while ((long) VALUE.getOpaque(this) == expected) {
      if (VALUE.weakCompareAndSetPlain(this, expected, next)) {
        return true;
      }
    }
    return false;
  }
}
