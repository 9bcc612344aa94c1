package dev.stowage.sim.kit.scenario.draw;

/**
 * The bounds on the replicas of a fleet, apart from the bytes of its workers. They are drawn once
 * for a walk, so that walks reach them; deeds change them later.
 *
 * @param levels the levels of zone paths, 1 to 3
 * @param regions the domains of the outermost level, 1 to 3
 * @param zonedPercent the likelihood that a worker has a zone, in percent
 * @param isCapped true if weights earn a limited number of replicas
 * @param isCounted true if workers hold a limited number of replicas
 * @param isOfDomains true if a domain may have a limited number of replicas of a chunk
 */
public record Limits(
    int levels,
    int regions,
    int zonedPercent,
    boolean isCapped,
    boolean isCounted,
    boolean isOfDomains) {
  /** Draws limits; zones and bounds of workers only if workers are of different kinds. */
  static Limits drawn(boolean isMixed, Choices choices) {
    int levels = isMixed ? 1 + choices.below(3) : 1;
    return new Limits(
        levels,
        levels == 1 ? 3 : 1 + choices.below(3),
        levels == 1 ? 30 : 80,
        choices.happens(35),
        choices.happens(30) && isMixed,
        choices.happens(30) && isMixed);
  }

  /** Returns the limits in the line in which a worker joins. */
  public String ofWorker(Choices choices) {
    String zone = choices.happens(zonedPercent) ? " zone=" + path(levels, regions, choices) : "";
    boolean isFew = isCounted && choices.happens(60);
    return zone + (isFew ? " max_replicas=" + (3 + choices.below(6)) : "");
  }

  /** Draws a path with few domains on each level, so that workers share domains. */
  private static String path(int levels, int regions, Choices choices) {
    StringBuilder path = new StringBuilder("z" + choices.below(regions));
    for (int level = 2; level <= levels; level++) {
      path.append(level == 2 ? "/h" : "/r").append(choices.below(level == 2 ? 3 : 2));
    }
    return path.toString();
  }

  /** Draws the new path of a worker; some have more or fewer levels than the limits say. */
  public String otherPath(Choices choices) {
    return path(choices.happens(80) ? levels : 1 + choices.below(3), regions, choices);
  }

  String ofConfig(Choices choices) {
    return (isCapped ? " max_replication=" + (1 + choices.below(5)) : "")
        + (isOfDomains ? " " + ofDomains(choices) : "")
        + (isOfDomains && choices.happens(40) ? " spread=none" : "");
  }

  /** Draws a domain limit for one level, sometimes for a second one. */
  public String ofDomains(Choices choices) {
    int level = 1 + choices.below(levels);
    String first = level + ": " + (1 + choices.below(2));
    boolean isMore = level < levels && choices.happens(50);
    return "max_per_domain={"
        + first
        + (isMore ? ", " + (level + 1) + ": " + (1 + choices.below(2)) : "")
        + "}";
  }
}
