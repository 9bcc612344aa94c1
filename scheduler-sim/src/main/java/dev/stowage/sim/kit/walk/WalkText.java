package dev.stowage.sim.kit.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The statistics of walks, for people. Stateless. */
public final class WalkText {
  private static final String DID = "did: ";
  private static final String REFUSED = "refused: ";

  private WalkText() {}

  /** Returns a few lines about the walks of one model. */
  public static List<String> of(WalkTotals totals) {
    List<String> lines = new ArrayList<>();
    double seconds = totals.nanos() / 1e9;
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %d walks, %d steps and %d audited commands in %.1f s (%.0f and %.0f a second)",
            totals.model().title(),
            totals.walks(),
            totals.steps(),
            totals.commands(),
            seconds,
            seconds == 0 ? 0 : totals.steps() / seconds,
            seconds == 0 ? 0 : totals.commands() / seconds));
    lines.add("  required: " + required(totals));
    lines.add(
        "  met: " + listed(totals, what -> !what.startsWith(DID) && !what.startsWith(REFUSED)));
    if (!totals.neverAsked().isEmpty()) {
      lines.add("  never judged: " + String.join(", ", totals.neverAsked()));
    }
    lines.add("  done: " + listed(totals, what -> what.startsWith(DID)));
    lines.add("  refused: " + listed(totals, what -> what.startsWith(REFUSED)));
    return lines;
  }

  private static String required(WalkTotals totals) {
    return totals.required().stream()
        .map(each ->
            each.what()
                + " in "
                + totals.percentOf(each.what())
                + " % of the walks (of "
                + each.percent()
                + ")")
        .collect(Collectors.joining(", "));
  }

  private static String listed(WalkTotals totals, Predicate<String> wanted) {
    String list =
        totals.sums().entrySet().stream()
            .filter(each -> wanted.test(each.getKey()) && each.getValue() > 0)
            .map(WalkText::entry)
            .collect(Collectors.joining(", "));
    return list.isEmpty() ? "nothing" : list;
  }

  private static String entry(Map.Entry<String, Long> each) {
    return each.getKey().replace(DID, "").replace(REFUSED, "") + " " + each.getValue();
  }
}
