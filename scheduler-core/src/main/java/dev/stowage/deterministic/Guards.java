package dev.stowage.deterministic;

import dev.stowage.evidence.Hash256;
import java.util.Arrays;
import java.util.Objects;

/**
 * The guards of one task, by id, in the order in which they are evaluated: none, one, or several up
 * to {@link #MAX_COUNT}. A value of this type holds valid ids only.
 */
public final class Guards {
  /** Greatest guard id. */
  public static final int MAX_ID = 1023;

  /** Most guards on one task. */
  public static final int MAX_COUNT = 8;

  private static final Guards NONE = new Guards(new int[0]);

  private final int[] ids;

  private Guards(int[] ids) {
    this.ids = ids;
  }

  /** What {@link #check} finds. */
  public sealed interface Check {}

  /**
   * The ids may guard a task.
   *
   * @param count how many there are
   */
  public record Valid(int count) implements Check {}

  /**
   * One id is outside its range.
   *
   * @param id the first such id
   */
  public record InvalidId(int id) implements Check {}

  /**
   * There are more than {@link #MAX_COUNT}.
   *
   * @param count how many there are
   */
  public record TooMany(int count) implements Check {}

  /** Says whether these ids may guard a task, without building anything. */
  public static Check check(int... ids) {
    for (int id : ids) {
      if (id < 0 || id > MAX_ID) {
        return new InvalidId(id);
      }
    }
    return ids.length > MAX_COUNT ? new TooMany(ids.length) : new Valid(ids.length);
  }

  /** No guards. */
  public static Guards none() {
    return NONE;
  }

  /**
   * These guards, evaluated in this order.
   *
   * @throws InvalidGuardId if an id is outside 0 to {@value #MAX_ID}
   * @throws TooManyGuards if there are more than {@value #MAX_COUNT}
   */
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

  /** How many guards there are, 0 to {@value #MAX_COUNT}. */
  public int count() {
    return ids.length;
  }

  /**
   * The id at a position.
   *
   * @throws IndexOutOfBoundsException unless 0 to count - 1
   */
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

  /** The ids in brackets. */
  @Override
  public String toString() {
    return Arrays.toString(ids);
  }

  /** Refuses a guard id outside 0 to 1023. */
  public static final class InvalidGuardId extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidGuardId(int id) {
      super("guard id is " + id + "; 0 to " + Guards.MAX_ID + " is accepted");
    }
  }

  /**
   * What an observation hands back.
   *
   * @param taskId unsigned
   * @param fired the guards that held, in the task's order
   * @param steps ticks it took
   * @param output SHA-256 of the canonical encoding of task id, fired guards, steps and context
   */
  public record Receipt(long taskId, Guards fired, long steps, Hash256 output) {
    /** Refuses null. */
    public Receipt {
      Objects.requireNonNull(fired, "fired");
      Objects.requireNonNull(output, "output");
    }
  }

  /** Refuses a ninth guard on one task. */
  public static final class TooManyGuards extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TooManyGuards(int count) {
      super(count + " guards given; at most " + Guards.MAX_COUNT + " are accepted");
    }
  }
}
