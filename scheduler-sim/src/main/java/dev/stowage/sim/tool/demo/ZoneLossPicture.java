package dev.stowage.sim.tool.demo;

import dev.stowage.content.PriorityClass;
import dev.stowage.sim.tool.report.ZoneLossRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs the experiment of {@link ZoneLoss} in both ways, at a size that a demo has time for. */
final class ZoneLossPicture {
  private static final int MIRRORS = 60;
  private static final int CHUNKS = 300;

  /** The shown seconds: until well after the loss of the zone. */
  private static final int SHOWN = 60;

  private ZoneLossPicture() {}

  static ZoneLossRecord of(long seed) {
    ZoneLoss.Outcome joined = ZoneLoss.run(new ZoneLoss.Settings(MIRRORS, CHUNKS, seed, true));
    ZoneLoss.Outcome first = ZoneLoss.run(new ZoneLoss.Settings(MIRRORS, CHUNKS, seed, false));
    List<ZoneLoss.Second> shown = joined.seconds().subList(0, SHOWN);
    Map<String, long[]> bytes = new LinkedHashMap<>();
    for (PriorityClass each :
        List.of(PriorityClass.DATA, PriorityClass.REPAIR, PriorityClass.PREFETCH)) {
      String name = each.displayName();
      bytes.put(name, shown.stream().mapToLong(it -> it.bytes().getOrDefault(name, 0L)).toArray());
    }
    Map<String, long[]> risk = new LinkedHashMap<>();
    risk.put("joined", atRisk(joined));
    risk.put("first come, first served", atRisk(first));
    return new ZoneLossRecord(
        seed,
        joined.lostAt(),
        shown.stream().map(ZoneLoss.Second::band).toList(),
        shown.stream().map(ZoneLoss.Second::waiting).toList(),
        shown.stream().map(ZoneLoss.Second::budget).toList(),
        bytes,
        risk,
        List.of(inWords("Joined", joined), inWords("First come, first served", first)));
  }

  private static long[] atRisk(ZoneLoss.Outcome outcome) {
    return outcome.seconds().stream().limit(SHOWN).mapToLong(ZoneLoss.Second::atRisk).toArray();
  }

  private static String inWords(String way, ZoneLoss.Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "%s: no chunk at risk %d s after the loss, every floor restored after %d s, 99th percentile"
            + " of readers %.1f ms, %.0f MiB copied in vain.",
        way,
        outcome.secondsAtRisk(),
        outcome.secondsBelowFloor(),
        outcome.p99Millis(),
        outcome.wastedBytes() / (double) (1 << 20));
  }
}
