package dev.stowage.sim.kit.scenario.words;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.WeightPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Reads a weight policy in one line, as {@code plan.yaml} has it: {@code {d: [{from: 0, weight:
 * 4}]}}. Stateless.
 */
final class WeightPolicyReader {
  private static final String EXPECTED =
      "datasets with their segments, such as {d: [{from: 0, weight: 4, floor: 2, max: 3}]}";
  private static final List<String> KEYS =
      List.of("from", "weight", "floor", "max", "min_version", "labels");

  private WeightPolicyReader() {}

  static WeightPolicy read(String value) throws UnreadableWord {
    JsonNode root = tree(value);
    WeightPolicy.Builder policy = WeightPolicy.builder();
    demand(root.isObject(), value);
    for (Map.Entry<String, JsonNode> dataset : root.properties()) {
      demand(dataset.getValue().isArray(), value);
      for (JsonNode segment : dataset.getValue()) {
        policy.segment(DatasetId.of(dataset.getKey()), segment(segment, value));
      }
    }
    return policy.build();
  }

  private static JsonNode tree(String value) throws UnreadableWord {
    ObjectMapper mapper =
        new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    try {
      return mapper.readTree(value);
    } catch (JsonProcessingException malformed) {
      throw UnreadableWord.found(value, EXPECTED);
    }
  }

  private static WeightPolicy.Segment segment(JsonNode node, String value) throws UnreadableWord {
    demand(node.isObject(), value);
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (!KEYS.contains(each.getKey())) {
        throw UnreadableWord.found(each.getKey(), "one of " + String.join(", ", KEYS));
      }
    }
    JsonNode from = node.path("from");
    JsonNode weight = node.path("weight");
    demand(from.isIntegralNumber() && from.canConvertToLong(), value);
    demand(weight.isIntegralNumber() && weight.canConvertToInt(), value);
    JsonNode floor = node.path("floor");
    demand(floor.isMissingNode() || floor.isInt(), value);
    return new WeightPolicy.Segment(
        from.longValue(),
        weight.intValue(),
        floor.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(floor.intValue()),
        max(node.path("max"), value),
        new Eligibility(
            WorkerVersion.parse(node.path("min_version").asText("0.0.0")),
            labels(node.path("labels"), value)));
  }

  private static OptionalInt max(JsonNode node, String value) throws UnreadableWord {
    if (node.isMissingNode()) {
      return OptionalInt.empty();
    }
    boolean isNone = node.asText().equals("none");
    demand(isNone || node.isInt(), value);
    return OptionalInt.of(isNone ? WeightPolicy.UNCAPPED : node.intValue());
  }

  private static Labels labels(JsonNode node, String value) throws UnreadableWord {
    demand(node.isMissingNode() || node.isArray(), value);
    List<String> labels = new ArrayList<>();
    node.forEach(each -> labels.add(each.asText()));
    return Labels.copyOf(labels);
  }

  private static void demand(boolean holds, String value) throws UnreadableWord {
    if (!holds) {
      throw UnreadableWord.found(value, EXPECTED);
    }
  }
}
