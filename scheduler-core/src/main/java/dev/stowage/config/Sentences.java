package dev.stowage.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sentences of a {@link Reason}. Each continues a text about a chunk, "it". Immutable. Methods
 * throw {@code NullPointerException} if the reason never explains what they ask about.
 */
public final class Sentences {
  private final @Nullable String action;
  private final @Nullable String shortage;
  private final @Nullable String stuck;
  private final @Nullable String worker;
  private final @Nullable String workers;

  private Sentences(
      @Nullable String action,
      @Nullable String shortage,
      @Nullable String stuck,
      @Nullable String worker,
      @Nullable String workers) {
    this.action = action;
    this.shortage = shortage;
    this.stuck = stuck;
    this.worker = worker;
    this.workers = workers;
  }

  /** Begins with why an action is taken. */
  public static Sentences ofAction(String why) {
    return new Sentences(why, null, null, null, null);
  }

  /** Begins with why a floor is short. */
  public static Sentences ofShortage(String why) {
    return new Sentences(null, why, null, null, null);
  }

  /** Begins with why a replica is stuck. */
  public static Sentences ofStuck(String why) {
    return new Sentences(null, null, why, null, null);
  }

  /** Begins with why one worker, or more, are given no replica. */
  public static Sentences ofWorkers(String one, String many) {
    return new Sentences(null, null, null, one, many);
  }

  /** Adds why a floor is short. */
  public Sentences andShortage(String why) {
    return new Sentences(action, why, stuck, worker, workers);
  }

  /** Adds why a replica is stuck. */
  public Sentences andStuck(String why) {
    return new Sentences(action, shortage, why, worker, workers);
  }

  /** Adds why one worker, or more, are given no replica. */
  public Sentences andWorkers(String one, String many) {
    return new Sentences(action, shortage, stuck, one, many);
  }

  /** Returns why an action is taken. */
  public String whyTaken() {
    return Objects.requireNonNull(action, "action");
  }

  /** Returns why a floor is short. */
  public String whyShort() {
    return Objects.requireNonNull(shortage, "shortage");
  }

  /** Returns why a replica is stuck. */
  public String whyStuck() {
    return Objects.requireNonNull(stuck, "stuck");
  }

  /** Returns why workers of this number are given no replica, to follow their names. */
  public String whyNotOn(int count) {
    return Objects.requireNonNull(count == 1 ? worker : workers, "workers");
  }
}
