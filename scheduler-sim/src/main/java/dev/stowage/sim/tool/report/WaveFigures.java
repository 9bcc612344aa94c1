package dev.stowage.sim.tool.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The two charts of a {@link TransferWave}: what went out by class, and how flows shared. */
final class WaveFigures {
  private static final int SECONDS_A_ROW = 5;

  private final TransferWave wave;

  WaveFigures(TransferWave wave) {
    this.wave = wave;
  }

  /** Both figures; nothing for a wave that holds nothing. */
  String html() {
    if (wave.isEmpty()) {
      return "";
    }
    return "<div class=\"pair\">"
        + ReportFigure.html(
            "wave-classes",
            "Bytes by class under a wave of pressure",
            "One busy link, every class always has something to send; shaded, the darker the"
                + " higher: the band that pressure put in force, normal, elevated, high or"
                + " critical. Seed "
                + wave.seed()
                + ".",
            spokenClasses(),
            classTable())
        + ReportFigure.html(
            "wave-flows",
            "Three flows of one class, by weight",
            "Bytes sent over weight: flows that take turns rise side by side, and rest together"
                + " while pressure holds the class back. A line stands off by what its flow sent"
                + " out of turn, as a rescue of what had waited too long (at most "
                + NumberFormats.bytes(wave.spread().owed())
                + " before later turns paid for it).",
            spokenFlows(),
            flowTable())
        + "</div>";
  }

  /** The numbers that the script draws. */
  void addTo(ObjectNode root) {
    ObjectNode node = root.putObject("wave");
    ArrayNode bands = node.putArray("bands");
    wave.bands().forEach(bands::add);
    series(node.putArray("classes"), wave.classBytes());
    series(node.putArray("flows"), wave.flowBytes());
  }

  private static void series(ArrayNode all, java.util.Map<String, long[]> bytes) {
    bytes.forEach((name, values) -> {
      ArrayNode numbers = all.addObject().put("label", name).putArray("values");
      Arrays.stream(values).forEach(numbers::add);
    });
  }

  private String spokenClasses() {
    List<String> parts = new ArrayList<>();
    wave.classBytes()
        .forEach((name, values) -> {
          long sum = Arrays.stream(values).sum();
          parts.add(
              name
                  + " "
                  + NumberFormats.bytes(sum)
                  + ", longest wait "
                  + seconds(wave.longestWaitMillis().getOrDefault(name, 0L)));
        });
    return "Stacked areas, one value a second. In all: "
        + String.join("; ", parts)
        + ". "
        + NumberFormats.count(wave.rescues())
        + " selections went to who had waited too long.";
  }

  private String spokenFlows() {
    return "Lines of what each flow has sent over its weight. By turns they were never more than "
        + NumberFormats.bytes(wave.spread().byTurns())
        + " apart; turns allow "
        + NumberFormats.bytes(wave.spread().bound())
        + ", a quantum and the largest item. Not counted in it: up to "
        + NumberFormats.bytes(wave.spread().owed())
        + " that a flow sent out of turn, in a rescue, and paid back in the turns that followed.";
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  private String classTable() {
    List<String> titles = new ArrayList<>(List.of("Seconds", "Band"));
    titles.addAll(wave.classBytes().keySet());
    HtmlTable table = new HtmlTable("Bytes by class, every five seconds", titles);
    for (int from = 0; from < wave.bands().size(); from += SECONDS_A_ROW) {
      int to = Math.min(wave.bands().size(), from + SECONDS_A_ROW);
      List<String> cells = new ArrayList<>(List.of(wave.bands().get(to - 1)));
      for (long[] values : wave.classBytes().values()) {
        cells.add(NumberFormats.bytes(Arrays.stream(values, from, to).sum()));
      }
      table.row(from + "-" + to, cells.toArray());
    }
    List<String> waits = new ArrayList<>(List.of(""));
    wave.classBytes()
        .keySet()
        .forEach(name -> waits.add(seconds(wave.longestWaitMillis().getOrDefault(name, 0L))));
    return table.row("longest wait", waits.toArray()).html();
  }

  private String flowTable() {
    List<String> titles = new ArrayList<>(List.of("After"));
    titles.addAll(wave.flowBytes().keySet());
    HtmlTable table = new HtmlTable("Bytes sent over weight", titles);
    for (int at = SECONDS_A_ROW; at <= wave.bands().size(); at += SECONDS_A_ROW) {
      List<String> cells = new ArrayList<>();
      for (long[] values : wave.flowBytes().values()) {
        cells.add(NumberFormats.bytes(values[at - 1]));
      }
      table.row(at + " s", cells.toArray());
    }
    return table.html();
  }
}
