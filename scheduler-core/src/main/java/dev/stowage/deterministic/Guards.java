package dev.stowage.deterministic;

import dev.stowage.evidence.Hash256;
import java.util.Arrays;
import java.util.Objects;

/** The valid guard ids of one task, 0 to {@link #MAX_COUNT} of them, in order of evaluation. */
public final class Guards {
  /** The greatest guard id. */
  public static final int MAX_ID = 1023;

  /** The most guards of one task. */
  public static final int MAX_COUNT = 8;

  private static final Guards NONE = new Guards(new int[0]);

  private final int[] ids;

  private Guards(int[] ids) {
    this.ids = ids;
  }

  /** The result of {@link #check}. */
  public sealed interface Check {}

  /** A valid list of {@code count} ids. */
  public record Valid(int count) implements Check {}

  /** A list in which {@code id} is the first out of range. */
  public record InvalidId(int id) implements Check {}

  /** A list whose {@code count} exceeds {@link #MAX_COUNT}. */
  public record TooMany(int count) implements Check {}

  /** Checks guard ids without creating an instance. */
  public static Check check(int... ids) {
    for (int id : ids) {
      if (id < 0 || id > MAX_ID) {
        return new InvalidId(id);
      }
    }
    return ids.length > MAX_COUNT ? new TooMany(ids.length) : new Valid(ids.length);
  }

  /** Returns the empty list of guards. */
  public static Guards none() {
    return NONE;
  }

  /** Returns guards in order; throws {@link InvalidGuardId} or {@link TooManyGuards}. */
  public static Guards of(int... ids) {
    Check check = check(ids);
    if (check instanceof InvalidId invalid) {
      throw new InvalidGuardId(invalid.id());
    }
    if (check instanceof TooMany many) {
      throw new TooManyGuards(many.count());
    }
    return ids.length == 0 ? NONE : new Guards(ids.clone());
  }

  /** Returns the number of guards, 0 to {@value #MAX_COUNT}. */
  public int count() {
    return ids.length;
  }

  /** Returns an id; throws {@link IndexOutOfBoundsException} unless 0 to count - 1. */
  public int id(int position) {
    return ids[position];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Guards that && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }

  /** Reports a guard id outside 0 to 1023. */
  public static final class InvalidGuardId extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidGuardId(int id) {
      super("guard id is " + id + "; 0 to " + Guards.MAX_ID + " is accepted");
    }
  }

  /**
   * The result of an observation: task id (unsigned), guards that held in task order, ticks, and
   * SHA-256 of the canonical encoding of task id, fired guards, steps and context.
   */
  public record Receipt(long taskId, Guards fired, long steps, Hash256 output) {
    /** Throws {@code NullPointerException} if a reference is null. */
    public Receipt {
      Objects.requireNonNull(fired, "fired");
      Objects.requireNonNull(output, "output");
    }
  }

  /** Reports more than 8 guards on one task. */
  public static final class TooManyGuards extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TooManyGuards(int count) {
      super(count + " guards given; at most " + Guards.MAX_COUNT + " are accepted");
    }
  }
}
