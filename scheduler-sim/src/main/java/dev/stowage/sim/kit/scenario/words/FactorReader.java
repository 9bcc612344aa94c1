package dev.stowage.sim.kit.scenario.words;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.config.PlacementConfig;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the factors of a previous plan in one line, as {@code plan.yaml} has them. Stateless. */
final class FactorReader {
  private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);
  private static final String EXPECTED =
      "factors from 0 to " + MOST + " by weights of at least 1, such as {12: 5, 4: 2.5}";

  private FactorReader() {}

  /** Returns the factors in millionths, by weight. */
  static SortedMap<Integer, Long> read(String value) throws UnreadableWord {
    YamlLine line = new YamlLine(value, EXPECTED);
    JsonNode root = line.tree();
    line.demand(root.isObject());
    SortedMap<Integer, Long> millionths = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : root.properties()) {
      line.demand(each.getKey().matches("[1-9][0-9]{0,9}") && each.getValue().isNumber());
      long weight = Long.parseLong(each.getKey());
      line.demand(weight <= Integer.MAX_VALUE && isFinite(each.getValue()));
      BigDecimal factor = each.getValue().decimalValue();
      line.demand(factor.signum() >= 0 && factor.compareTo(MOST) <= 0);
      millionths.put((int) weight, millionths(factor));
    }
    return millionths;
  }

  private static boolean isFinite(JsonNode number) {
    return number.isIntegralNumber() || number.isBigDecimal();
  }

  private static long millionths(BigDecimal factor) {
    return factor
        .setScale(6, RoundingMode.HALF_UP)
        .multiply(BigDecimal.valueOf(PlacementConfig.ONE))
        .longValueExact();
  }
}
