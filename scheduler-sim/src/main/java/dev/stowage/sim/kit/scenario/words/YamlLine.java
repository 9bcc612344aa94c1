package dev.stowage.sim.kit.scenario.words;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/**
 * A value that is written in one line as {@code plan.yaml} has it.
 *
 * @param value as it was written
 * @param expected what its reader expects
 */
record YamlLine(String value, String expected) {
  JsonNode tree() throws UnreadableWord {
    ObjectMapper mapper =
        new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    try {
      return mapper.readTree(value);
    } catch (JsonProcessingException | NumberFormatException malformed) {
      throw UnreadableWord.found(value, expected);
    }
  }

  void demand(boolean holds) throws UnreadableWord {
    UnreadableWord.unless(holds, value, expected);
  }
}
