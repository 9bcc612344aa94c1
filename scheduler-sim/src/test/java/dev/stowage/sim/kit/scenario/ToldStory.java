package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A story that was told, as lines, and what was found at its end.
 *
 * @param lines a config line and steps, as they were told
 * @param found where the core and the model went apart; empty if they did not
 */
record ToldStory(List<String> lines, List<String> found) {
  /** Draws a story and tells it to both. */
  static ToldStory drawn(long seed, int steps) {
    return drawn(seed, steps, true);
  }

  /** Creates a story without audits, so that only the model finds anything. */
  static ToldStory unaudited(long seed, int steps) {
    return drawn(seed, steps, false);
  }

  private static ToldStory drawn(long seed, int steps, boolean isAudited) {
    DrawnStory story = new DrawnStory(seed);
    List<String> lines = new ArrayList<>();
    lines.add(story.settings());
    try (TwinStory twins = new TwinStory(settings(lines.get(0)), isAudited)) {
      for (String line : story.beginning()) {
        lines.add(line);
        twins.tell(line);
      }
      for (int step = 0; step < steps && twins.differences().isEmpty(); step++) {
        String line = story.next(twins.world().books());
        lines.add(line);
        twins.tell(line);
      }
      return new ToldStory(List.copyOf(lines), List.copyOf(twins.differences()));
    }
  }

  /** Tells these lines to both; expectations are passed over, and so are faults of the store. */
  static ToldStory of(List<String> lines) {
    String config =
        lines.isEmpty() || !lines.get(0).startsWith("config ") ? "config" : lines.get(0);
    try (TwinStory twins = new TwinStory(settings(config), true)) {
      for (String line : lines) {
        boolean isStep = !line.matches("(?s)(config|expect|fault)\\b.*");
        if (isStep && twins.differences().isEmpty()) {
          twins.tell(line);
        }
      }
      return new ToldStory(lines, List.copyOf(twins.differences()));
    }
  }

  /** The shortest story that still ends in a difference: lines are left out while they can be. */
  ToldStory shrunk() {
    ToldStory best = this;
    for (int size = Math.max(1, lines.size() / 2); size >= 1; size /= 2) {
      boolean isShorter = true;
      while (isShorter) {
        isShorter = false;
        for (int from = 1; from < best.lines.size(); from += size) {
          List<String> fewer = new ArrayList<>(best.lines.subList(0, from));
          fewer.addAll(
              best.lines.subList(Math.min(from + size, best.lines.size()), best.lines.size()));
          ToldStory shorter = of(fewer);
          if (!shorter.found.isEmpty()) {
            best = shorter;
            isShorter = true;
          }
        }
      }
    }
    return best;
  }

  static Settings settings(String config) {
    Map<String, String> values = new TreeMap<>();
    try {
      WordReader words = WordReader.of(config);
      words.literal("config");
      if (words.hasNext()) {
        values.putAll(new Options(words, SettingKeys.names()).all());
      }
      Settings settings = Settings.defaults();
      SettingKeys.apply(settings, values);
      return settings;
    } catch (UnreadableWord unreadable) {
      throw new IllegalArgumentException(config, unreadable);
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n# " + String.join("\n# ", found);
  }
}
