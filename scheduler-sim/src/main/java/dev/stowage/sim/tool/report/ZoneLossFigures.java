package dev.stowage.sim.tool.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The two charts of a {@link ZoneLossRecord}: the departures by class, and the chunks at risk. */
final class ZoneLossFigures {
  private static final int SECONDS_A_ROW = 5;

  private final ZoneLossRecord loss;

  ZoneLossFigures(ZoneLossRecord loss) {
    this.loss = loss;
  }

  /** Returns both figures; an empty text for an empty record. */
  String html() {
    if (loss.isEmpty()) {
      return "";
    }
    return "<div class=\"pair\">"
        + ReportFigure.html(
            "loss-classes",
            "Bytes by class while a zone is lost",
            "A zone of a smaller fleet is lost in second "
                + loss.lostAt()
                + ", while a release spreads and readers take a third of all links. Shaded: the"
                + " band of pressure in force. Seed "
                + loss.seed()
                + ".",
            "Stacked areas, one value per second: bytes of the copies that left, by class.",
            classTable())
        + ReportFigure.html(
            "loss-risk",
            "Chunks at risk, with two orders of transfer",
            "Chunks that readers could lose: with the transfers and the feedback of the library,"
                + " and with the same plans and transfers in the order of assignment.",
            String.join(" ", loss.outcomes()),
            riskTable())
        + "</div>";
  }

  void addTo(ObjectNode root) {
    ObjectNode node = root.putObject("loss");
    ArrayNode bands = node.putArray("bands");
    loss.bands().forEach(bands::add);
    series(node.putArray("classes"), loss.classBytes());
    series(node.putArray("risk"), loss.atRisk());
  }

  private static void series(ArrayNode all, Map<String, long[]> lines) {
    lines.forEach((name, values) -> {
      ArrayNode numbers = all.addObject().put("label", name).putArray("values");
      Arrays.stream(values).forEach(numbers::add);
    });
  }

  private String classTable() {
    List<String> titles =
        new ArrayList<>(List.of("Seconds", "Band", "Waiting copies", "Budget left", "Held back"));
    titles.addAll(loss.classBytes().keySet());
    HtmlTable table = new HtmlTable("Bytes by class, every five seconds", titles);
    for (int from = 0; from < loss.bands().size(); from += SECONDS_A_ROW) {
      int to = Math.min(loss.bands().size(), from + SECONDS_A_ROW);
      List<String> cells =
          new ArrayList<>(
              List.of(
                  loss.bands().get(to - 1),
                  NumberFormats.count(loss.waiting().get(to - 1)),
                  BudgetText.left(loss.budgets().get(to - 1)),
                  BudgetText.held(loss.budgets().get(to - 1))));
      for (long[] values : loss.classBytes().values()) {
        cells.add(NumberFormats.bytes(Arrays.stream(values, from, to).sum()));
      }
      table.row(from + "-" + to, cells.toArray());
    }
    return table.html();
  }

  private String riskTable() {
    List<String> titles = new ArrayList<>(List.of("After"));
    titles.addAll(loss.atRisk().keySet());
    HtmlTable table = new HtmlTable("Chunks at risk", titles);
    for (int at = SECONDS_A_ROW; at <= loss.bands().size(); at += SECONDS_A_ROW) {
      List<String> cells = new ArrayList<>();
      for (long[] values : loss.atRisk().values()) {
        cells.add(NumberFormats.count(values[at - 1]));
      }
      table.row(at + " s", cells.toArray());
    }
    return table.html();
  }
}
