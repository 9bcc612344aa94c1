package dev.stowage.storage.postgres.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/** A row of the bench's file: names and values of one round. */
record Round(Map<String, String> values) {
  /** The address of most rounds, which the table does not name. */
  static final String USUAL = "haproxy";

  /** The figures of the table, as the file names them and as the table does. */
  private static final Map<String, String> COLUMNS = columns();

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("acknowledged", "acknowledged");
    columns.put("lost", "lost");
    columns.put("double_leaders", "double leaders");
    columns.put("epochs_twice", "epochs given twice");
    columns.put("gap_s", "gap, s");
    columns.put("database_gap_s", "of it the database's own");
    columns.put("readable_s", "a new chunk readable after, s");
    columns.put("lineages", "new lineages");
    columns.put("dark_portals", "portals dark too long");
    return columns;
  }

  /** The columns whose rounds are added up. */
  private static final List<String> SUMS =
      List.of("acknowledged", "lost", "double_leaders", "epochs_twice", "lineages", "dark_portals");

  static Round of(String line) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : line.strip().split(" +")) {
      int at = word.indexOf('=');
      if (at > 0) {
        values.put(word.substring(0, at), word.substring(at + 1));
      }
    }
    return new Round(values);
  }

  /** Returns the value of a name, empty if there is none. */
  String get(String name) {
    return values.getOrDefault(name, "");
  }

  /** Reports whether the row is that of a round. */
  boolean is(String mode, String fault, String through, int number) {
    return get("mode").equals(mode)
        && get("fault").equals(fault)
        && get("through").equals(through)
        && get("round").equals(String.valueOf(number));
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    values.forEach((name, value) -> words.add(name + "=" + value));
    return String.join(" ", words);
  }

  /** Returns a table in Markdown: sums, and the median and the longest of durations. */
  static List<String> table(List<Round> rounds) {
    List<String> lines = new ArrayList<>();
    lines.add("| mode | fault | rounds | " + String.join(" | ", COLUMNS.values()) + " | load |");
    lines.add("| --- ".repeat(COLUMNS.size() + 4) + "|");
    Map<String, List<Round>> rows = new LinkedHashMap<>();
    for (Round each : rounds) {
      String through = each.get("through");
      String of =
          each.get("mode")
              + " | "
              + each.get("fault")
              + (through.equals(USUAL) ? "" : " through " + through);
      rows.computeIfAbsent(of, it -> new ArrayList<>()).add(each);
    }
    rows.forEach((of, all) -> {
      List<String> cells = new ArrayList<>(List.of(of, String.valueOf(all.size())));
      COLUMNS.keySet().forEach(name -> cells.add(cell(name, all)));
      cells.add(median(all, "load"));
      lines.add("| " + String.join(" | ", cells) + " |");
    });
    return lines;
  }

  private static String cell(String name, List<Round> all) {
    if (SUMS.contains(name)) {
      return String.valueOf(all.stream().mapToLong(it -> Long.parseLong(it.get(name))).sum());
    }
    return all.size() < 2
        ? median(all, name)
        : median(all, name) + ", longest " + one(sorted(all, name).reduce(0, Math::max));
  }

  private static String median(List<Round> all, String name) {
    double[] values = sorted(all, name).toArray();
    if (values.length == 0) {
      return "never";
    }
    int half = values.length / 2;
    double median = values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    return one(median)
        + (values.length < all.size() ? " (" + (all.size() - values.length) + " never)" : "");
  }

  /** Returns what was measured; a value below 0 stands for what never came. */
  private static DoubleStream sorted(List<Round> all, String name) {
    return all.stream()
        .mapToDouble(it -> Double.parseDouble(it.get(name)))
        .filter(it -> it >= 0)
        .sorted();
  }

  private static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
