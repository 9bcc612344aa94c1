package dev.stowage.placement;

import java.util.Optional;

/**
 * The parts of the text of a {@link PlacementPlan#planHash}, in their order: 48 bits of a SHA-256
 * for each, in lower-case hex, with hyphens between.
 */
public enum PlanPart {
  /** The settings, the budget in force and the freeze. */
  SETTINGS("the settings or the budget in force differ", true),
  /** The workers: their descriptions, marks and replacements. */
  WORKERS("the workers differ", true),
  /** The chunks, and what policies ask for them: weights, floors, caps and labels. */
  CHUNKS("the chunks or what is asked for them differ", true),
  /** Pins and bans, and what the rebalancer advises. */
  WISHES("the pins, bans or advice differ", true),
  /** The workers that hold chunks, or are to hold them. */
  HOLDERS("the workers that hold chunks differ", false),
  /** The actions, by what workers possess and portals read. */
  ACTIONS("the actions differ", false);

  private static final String SEPARATOR = "-";
  private static final int DIGITS = 12;

  private final String difference;
  private final boolean isByCommand;

  PlanPart(String difference, boolean isByCommand) {
    this.difference = difference;
    this.isByCommand = isByCommand;
  }

  /** Returns the first part in which two hashes differ; empty if one of them is none. */
  public static Optional<PlanPart> firstDifferent(String reviewed, String found) {
    String[] one = reviewed.split(SEPARATOR);
    String[] other = found.split(SEPARATOR);
    for (PlanPart part : values()) {
      int at = part.ordinal();
      if (at < one.length && at < other.length && !one[at].equals(other[at])) {
        return Optional.of(part);
      }
    }
    return Optional.empty();
  }

  /** Returns what differs, by what ({@code ""} if unknown), and what to do. */
  public String difference(String by) {
    String remedy =
        isByCommand ? "review again" : "wait until nothing is to go, or freeze, and review";
    return difference + (by.isEmpty() ? "" : ", newest by " + by) + "; " + remedy;
  }

  static String hash(String... digests) {
    StringBuilder hash = new StringBuilder();
    for (String digest : digests) {
      hash.append(hash.isEmpty() ? "" : SEPARATOR).append(digest, 0, DIGITS);
    }
    return hash.toString();
  }
}
