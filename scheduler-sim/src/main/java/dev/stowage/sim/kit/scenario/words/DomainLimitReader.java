package dev.stowage.sim.kit.scenario.words;

import dev.stowage.placement.PlacementConfig;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads {@code max_per_domain} in one line, as {@code plan.yaml} has it. Stateless. */
final class DomainLimitReader {
  private static final String EXPECTED =
      "counts of at least 1 by levels from 1 to "
          + PlacementConfig.MOST_LEVELS
          + ", such as {1: 2, 2: 1}, or none";

  private DomainLimitReader() {}

  /** How many replicas of a chunk a domain may have, by its level. */
  static SortedMap<Integer, Integer> read(String value) throws UnreadableWord {
    SortedMap<Integer, Integer> limits = new TreeMap<>();
    if (value.equals("none")) {
      return limits;
    }
    UnreadableWord.unless(value.startsWith("{") && value.endsWith("}"), value, EXPECTED);
    for (String limit : value.substring(1, value.length() - 1).split(",", -1)) {
      String[] parts = limit.strip().split(" *: *", -1);
      boolean isLimit =
          parts.length == 2
              && parts[0].matches("[1-9][0-9]?")
              && parts[1].matches("[1-9][0-9]{0,8}");
      UnreadableWord.unless(
          isLimit
              && limits.put(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])) == null
              && limits.lastKey() <= PlacementConfig.MOST_LEVELS,
          value,
          EXPECTED);
    }
    return limits;
  }
}
