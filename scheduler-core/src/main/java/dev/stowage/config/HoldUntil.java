package dev.stowage.config;

import dev.stowage.columns.ForeignText;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Unit;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Says what a fleet must have before its first chunk is placed: workers, or bytes of capacity. As
 * text {@code none}, {@code workers:5} or {@code capacity:40TiB}.
 *
 * @param measure the counted quantity
 * @param least the least amount, at least 1; 0 for {@link #NONE}
 */
public record HoldUntil(Measure measure, long least) {
  /** Nothing is waited for. */
  public static final HoldUntil NONE = new HoldUntil(Measure.NONE, 0);

  /** Names the texts that are accepted. */
  public static final String ACCEPTED =
      "none, workers:N, or capacity:SIZE, such as workers:5 or capacity:40TiB, at least 1";

  /** The form of the setting. */
  static final Form<HoldUntil> FORM = Forms.text(HoldUntil::parse, HoldUntil::toString);

  /** Names the quantity added up over the counted workers (lifecycle design, section 1). */
  public enum Measure {
    /** Nothing. */
    NONE,
    /** The workers. */
    WORKERS,
    /** The bytes of their capacity. */
    CAPACITY;

    private final String word = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
      return word;
    }
  }

  /** A fleet that does not have enough yet. */
  public record Wait(HoldUntil until, long have) {
    /** Returns what the fleet has and what it waits for, in words. */
    public String inWords() {
      return until.measure == Measure.CAPACITY
          ? Unit.BYTES.print(have) + " of " + Unit.BYTES.print(until.least) + " of capacity"
          : have + " of " + until.least + " workers";
    }
  }

  /** Throws {@code IllegalArgumentException} if the amount is out of bounds. */
  public HoldUntil {
    if (measure == Measure.NONE ? least != 0 : least < 1) {
      throw new IllegalArgumentException(
          "hold_until is " + measure + ":" + least + "; " + ACCEPTED + ", is accepted");
    }
  }

  /** Returns a wait for a number of workers, at least 1. */
  public static HoldUntil workers(int least) {
    return new HoldUntil(Measure.WORKERS, least);
  }

  /** Returns a wait for a capacity in bytes, at least 1. */
  public static HoldUntil capacityBytes(long least) {
    return new HoldUntil(Measure.CAPACITY, least);
  }

  /** Reads a text; throws {@code IllegalArgumentException} for one that is not accepted. */
  public static HoldUntil parse(String text) {
    if (text.equals(Measure.NONE.word)) {
      return NONE;
    }
    for (Measure measure : Measure.values()) {
      String prefix = measure.word + ":";
      if (measure != Measure.NONE && text.startsWith(prefix)) {
        OptionalLong least = amount(measure, text.substring(prefix.length()));
        if (least.isPresent() && least.getAsLong() > 0) {
          return new HoldUntil(measure, least.getAsLong());
        }
      }
    }
    throw new IllegalArgumentException(
        "hold_until is '" + ForeignText.quoted(text) + "'; " + ACCEPTED + ", is accepted");
  }

  private static OptionalLong amount(Measure measure, String text) {
    boolean isWhole = text.matches("[0-9]{1,18}");
    if (isWhole) {
      return OptionalLong.of(Long.parseLong(text));
    }
    return measure == Measure.CAPACITY ? Unit.readBytes(text) : OptionalLong.empty();
  }

  @Override
  public String toString() {
    return switch (measure) {
      case NONE -> measure.word;
      case WORKERS -> measure + ":" + least;
      case CAPACITY -> measure + ":" + Unit.wholeBytes(least);
    };
  }
}
