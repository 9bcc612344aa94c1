package dev.stowage.sim.kit.scenario.words;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
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
    YamlLine line = new YamlLine(value, EXPECTED);
    JsonNode root = line.tree();
    WeightPolicy.Builder policy = WeightPolicy.builder();
    line.demand(root.isObject());
    for (Map.Entry<String, JsonNode> dataset : root.properties()) {
      line.demand(dataset.getValue().isArray());
      for (JsonNode segment : dataset.getValue()) {
        policy.segment(DatasetId.of(dataset.getKey()), segment(segment, line));
      }
    }
    return policy.build();
  }

  private static WeightPolicy.Segment segment(JsonNode node, YamlLine line) throws UnreadableWord {
    line.demand(node.isObject());
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (!KEYS.contains(each.getKey())) {
        throw UnreadableWord.unknown(each.getKey(), KEYS, "one of " + String.join(", ", KEYS));
      }
    }
    JsonNode from = node.path("from");
    JsonNode weight = node.path("weight");
    line.demand(from.isIntegralNumber() && from.canConvertToLong());
    line.demand(weight.isIntegralNumber() && weight.canConvertToInt());
    JsonNode floor = node.path("floor");
    line.demand(floor.isMissingNode() || floor.isInt());
    return new WeightPolicy.Segment(
        from.longValue(),
        weight.intValue(),
        floor.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(floor.intValue()),
        max(node.path("max"), line),
        new Eligibility(
            WorkerVersion.parse(node.path("min_version").asText("0.0.0")),
            labels(node.path("labels"), line)));
  }

  private static OptionalInt max(JsonNode node, YamlLine line) throws UnreadableWord {
    if (node.isMissingNode()) {
      return OptionalInt.empty();
    }
    boolean isNone = node.asText().equals("none");
    line.demand(isNone || node.isInt());
    return OptionalInt.of(isNone ? WeightPolicy.UNCAPPED : node.intValue());
  }

  private static Labels labels(JsonNode node, YamlLine line) throws UnreadableWord {
    line.demand(node.isMissingNode() || node.isArray());
    List<String> labels = new ArrayList<>();
    node.forEach(each -> labels.add(each.asText()));
    return Labels.copyOf(labels);
  }
}
