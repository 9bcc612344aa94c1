package dev.stowage.sim.tool.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value in a JSON document, with the path of keys that leads to it. */
record JsonPart(Place at, JsonNode node) {
  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** Returns the value of a key, which is of no kind if it is absent. */
  JsonPart in(String key) {
    return new JsonPart(at.at(at.key().isEmpty() ? key : at.key() + "." + key), node.path(key));
  }

  List<JsonPart> items() throws Refused {
    if (!node.isArray()) {
      throw at.refused("a list", kind());
    }
    List<JsonPart> items = new ArrayList<>();
    for (JsonNode item : node) {
      items.add(new JsonPart(at.at(at.key() + "[" + items.size() + "]"), item));
    }
    return items;
  }

  Map<String, JsonPart> entries() throws Refused {
    if (!node.isObject()) {
      throw at.refused("keys with values", kind());
    }
    Map<String, JsonPart> entries = new LinkedHashMap<>();
    node.fieldNames().forEachRemaining(key -> entries.put(key, in(key)));
    return entries;
  }

  /** Returns a text, or a number as it is written. */
  String text() throws Refused {
    if (!node.isTextual() && !node.isNumber()) {
      throw at.refused("a text", kind());
    }
    return node.asText();
  }

  /** Returns a whole number of at least 0. */
  long whole() throws Refused {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw at.refused("a whole number of at least 0", node.isNumber() ? node.asText() : kind());
    }
    return node.longValue();
  }

  private String kind() {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "keys with values";
      case MISSING, NULL -> "nothing";
      default -> "'" + node.asText() + "'";
    };
  }
}
