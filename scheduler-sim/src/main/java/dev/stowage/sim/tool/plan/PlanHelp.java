package dev.stowage.sim.tool.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Lists the columns and keys that the files of a plan may have. */
public final class PlanHelp {
  private static final int WIDTH = 78;
  private static final String INDENT = "           ";

  private PlanHelp() {}

  /** Returns the lines of the help. */
  public static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (String file :
        List.of(PlanFields.WORKERS_FILE, PlanFields.CHUNKS_FILE, PlanFields.HELD_FILE)) {
      List<String> words = new ArrayList<>(PlanFields.FILES.getOrDefault(file, List.of()));
      PlanFields.optional(file).forEach(column -> words.add("[" + column + "]"));
      wrap(file.substring(2), words, lines);
    }
    SortedMap<String, List<String>> keys = PlanSettings.keys();
    wrap("config", keys.keySet().stream().toList(), lines);
    List<String> fleet = new ArrayList<>(List.of("below", PlanSettings.SETTINGS + ":"));
    fleet.addAll(keys.getOrDefault(PlanSettings.SETTINGS, List.of()));
    wrap("", fleet, lines);
    return lines;
  }

  private static void wrap(String title, List<String> words, List<String> to) {
    StringBuilder line = new StringBuilder(("  " + title + INDENT).substring(0, INDENT.length()));
    for (int at = 0; at < words.size(); at++) {
      String word = words.get(at) + (at == words.size() - 1 || isBare(words, at) ? "" : ",");
      if (line.length() + word.length() > WIDTH) {
        to.add(line.toString().stripTrailing());
        line = new StringBuilder(INDENT);
      }
      line.append(word).append(' ');
    }
    to.add(line.toString().stripTrailing());
  }

  private static boolean isBare(List<String> words, int at) {
    return words.get(0).equals("below") && at < 2;
  }
}
