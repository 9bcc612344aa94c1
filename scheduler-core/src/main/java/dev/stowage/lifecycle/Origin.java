package dev.stowage.lifecycle;

import dev.stowage.answer.Progress.Cause;
import java.util.Locale;

/** Why a replica came to its worker. Stored by ordinal: new ones are added at the end. */
public enum Origin {
  /** It came before causes were kept. */
  UNKNOWN("for a reason that was not kept"),
  /** Its chunk was placed for the first time. */
  NEW("to place the chunk for the first time"),
  /** The floor of its chunk lacked a replica. */
  REPAIR("to fill up the floor of the chunk"),
  /** The weight of its chunk earned it. */
  GROWTH("because the weight of the chunk earned it"),
  /** To even the fill of workers, or to spread the chunk. */
  BALANCE("to even the fill of workers or to spread the chunk over zones"),
  /** Its chunk had to leave another worker. */
  EVACUATE("because a worker that held the chunk is leaving, not eligible or over its capacity"),
  /** To make room for a floor. */
  RELOCATE("to make room for a floor on the worker that held it"),
  /** The rebalancer asked for it. */
  INTENT("because the rebalancer asked for it"),
  /** The worker's disk had it, and an inventory said so. */
  FOUND("because an inventory found it on the disk"),
  /** The floor of its chunk was raised. */
  RAISE("because the floor of the chunk was raised"),
  /** The operator pinned its chunk to the worker. */
  PIN("because the chunk is pinned to the worker");

  private static final Origin[] ALL = values();

  private final String words;

  Origin(String words) {
    this.words = words;
  }

  /** Returns the origin of a replica that a plan adds for {@code cause}. */
  public static Origin of(Cause cause) {
    return switch (cause) {
      case NEW -> NEW;
      case REPAIR -> REPAIR;
      case GROWTH -> GROWTH;
      case BALANCE -> BALANCE;
      case EVACUATE -> EVACUATE;
      case RELOCATE -> RELOCATE;
      case INTENT -> INTENT;
      case RAISE -> RAISE;
      case PIN -> PIN;
      case SHRINK, SHED -> UNKNOWN;
    };
  }

  /** Returns the origin of this ordinal; a larger one, of a later version, is unknown. */
  public static Origin at(int ordinal) {
    return ordinal < ALL.length ? ALL[ordinal] : UNKNOWN;
  }

  /** Reports whether the plan that added it gave up another replica of the chunk for it. */
  public boolean isMove() {
    return this == BALANCE || this == EVACUATE || this == RELOCATE || isAsked();
  }

  private boolean isAsked() {
    return this == INTENT || this == PIN;
  }

  /** Returns the reason as the end of a sentence. */
  public String inWords() {
    return words;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
