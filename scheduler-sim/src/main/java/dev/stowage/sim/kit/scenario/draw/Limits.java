package dev.stowage.sim.kit.scenario.draw;

/**
 * What bounds the replicas of a fleet beside the bytes of its workers. Drawn once for a walk, so
 * that a bound that is there is met; deeds change it later.
 *
 * @param levels how many levels the paths of zones have, 1 to 3
 * @param regions how many domains the outermost level has, 1 to 3
 * @param zonedPercent how likely a worker has a zone
 * @param isCapped whether weights earn only so many replicas
 * @param isCounted whether workers hold only so many replicas
 * @param isOfDomains whether a domain may have only so many replicas of a chunk
 */
public record Limits(
    int levels,
    int regions,
    int zonedPercent,
    boolean isCapped,
    boolean isCounted,
    boolean isOfDomains) {
  /** Zones and bounds of workers only where these are of different kinds. */
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

  /** What the line says in which a worker joins. */
  public String ofWorker(Choices choices) {
    String zone = choices.happens(zonedPercent) ? " zone=" + path(levels, regions, choices) : "";
    boolean isFew = isCounted && choices.happens(60);
    return zone + (isFew ? " max_replicas=" + (3 + choices.below(6)) : "");
  }

  /** Few domains of each level, so that workers share them. */
  private static String path(int levels, int regions, Choices choices) {
    StringBuilder path = new StringBuilder("z" + choices.below(regions));
    for (int level = 2; level <= levels; level++) {
      path.append(level == 2 ? "/h" : "/r").append(choices.below(level == 2 ? 3 : 2));
    }
    return path.toString();
  }

  /**
   * The path that a worker is moved to: while a fleet is changed some have more or fewer levels.
   */
  public String otherPath(Choices choices) {
    return path(choices.happens(80) ? levels : 1 + choices.below(3), regions, choices);
  }

  /** What the line says by which rules the fleet begins. */
  String ofConfig(Choices choices) {
    return (isCapped ? " max_replication=" + (1 + choices.below(5)) : "")
        + (isOfDomains ? " " + ofDomains(choices) : "")
        + (isOfDomains && choices.happens(40) ? " spread=none" : "");
  }

  /** A count for one level, now and then for another one too. */
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
