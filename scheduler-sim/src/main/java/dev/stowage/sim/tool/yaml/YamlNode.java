package dev.stowage.sim.tool.yaml;

import java.util.List;
import java.util.Map;

/** A value of a YAML file that knows its line. */
public sealed interface YamlNode {
  /** Returns the line on which the value begins, counted from 1. */
  long line();

  /**
   * A word or a number.
   *
   * @param text as it is written, without quotes
   */
  record Scalar(long line, String text) implements YamlNode {}

  /** Nothing. Who means the default leaves the key out. */
  record Empty(long line) implements YamlNode {}

  /** Values one after the other. */
  record Sequence(long line, List<YamlNode> values) implements YamlNode {}

  /** Values by key, in the order of the file. */
  record Mapping(long line, Map<String, YamlNode> values) implements YamlNode {}
}
