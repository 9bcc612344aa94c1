package dev.stowage.sim.kit.scenario.words;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.placement.PlacementConfig;
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

  /** Factors in millionths, by weight. */
  static SortedMap<Integer, Long> read(String value) throws UnreadableWord {
    JsonNode root = tree(value);
    demand(root.isObject(), value);
    SortedMap<Integer, Long> millionths = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : root.properties()) {
      demand(each.getKey().matches("[1-9][0-9]{0,9}") && each.getValue().isNumber(), value);
      long weight = Long.parseLong(each.getKey());
      demand(weight <= Integer.MAX_VALUE && isFinite(each.getValue()), value);
      BigDecimal factor = each.getValue().decimalValue();
      demand(factor.signum() >= 0 && factor.compareTo(MOST) <= 0, value);
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

  private static JsonNode tree(String value) throws UnreadableWord {
    ObjectMapper mapper =
        new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    try {
      return mapper.readTree(value);
    } catch (JsonProcessingException | NumberFormatException malformed) {
      throw UnreadableWord.found(value, EXPECTED);
    }
  }

  private static void demand(boolean holds, String value) throws UnreadableWord {
    if (!holds) {
      throw UnreadableWord.found(value, EXPECTED);
    }
  }
}
