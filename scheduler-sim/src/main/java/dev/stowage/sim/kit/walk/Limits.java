package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.world.Chance;

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
record Limits(
    int levels,
    int regions,
    int zonedPercent,
    boolean isCapped,
    boolean isCounted,
    boolean isOfDomains) {
  /** Zones and bounds of workers only where these are of different kinds. */
  static Limits drawn(boolean isMixed, Chance chance) {
    int levels = isMixed ? 1 + chance.below(3) : 1;
    return new Limits(
        levels,
        levels == 1 ? 3 : 1 + chance.below(3),
        levels == 1 ? 30 : 80,
        chance.happens(35),
        chance.happens(30) && isMixed,
        chance.happens(30) && isMixed);
  }

  /** What the line says in which a worker joins. */
  String ofWorker(Chance chance) {
    String zone = chance.happens(zonedPercent) ? " zone=" + path(levels, regions, chance) : "";
    boolean isFew = isCounted && chance.happens(60);
    return zone + (isFew ? " max_replicas=" + (3 + chance.below(6)) : "");
  }

  /** Few domains of each level, so that workers share them. */
  private static String path(int levels, int regions, Chance chance) {
    StringBuilder path = new StringBuilder("z" + chance.below(regions));
    for (int level = 2; level <= levels; level++) {
      path.append(level == 2 ? "/h" : "/r").append(chance.below(level == 2 ? 3 : 2));
    }
    return path.toString();
  }

  /**
   * The path that a worker is moved to: while a fleet is changed some have more or fewer levels.
   */
  String otherPath(Chance chance) {
    return path(chance.happens(80) ? levels : 1 + chance.below(3), regions, chance);
  }

  /** What the line says by which rules the fleet begins. */
  String ofConfig(Chance chance) {
    return (isCapped ? " max_replication=" + (1 + chance.below(5)) : "")
        + (isOfDomains ? " " + ofDomains(chance) : "")
        + (isOfDomains && chance.happens(40) ? " spread=none" : "");
  }

  /** A count for one level, now and then for another one too. */
  String ofDomains(Chance chance) {
    int level = 1 + chance.below(levels);
    String first = level + ": " + (1 + chance.below(2));
    boolean isMore = level < levels && chance.happens(50);
    return "max_per_domain={"
        + first
        + (isMore ? ", " + (level + 1) + ": " + (1 + chance.below(2)) : "")
        + "}";
  }
}
