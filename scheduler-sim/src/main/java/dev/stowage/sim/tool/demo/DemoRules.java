package dev.stowage.sim.tool.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of the demo; a tick is a second. */
final class DemoRules {
  static final int FLOOR = 2;
  static final double SATURATION = 0.90;

  static final int MOST_IN_A_RACK = 2;

  static final long ROUND_TICKS = 60;
  static final long DRAIN_WINDOW_TICKS = 300;
  static final long SUSPECT_AFTER_TICKS = 120;
  static final long DEPART_AFTER_TICKS = 360;
  static final long REGROW_AFTER_TICKS = 300;
  static final long LINK_BYTES_PER_TICK = 50_000_000;
  static final int PORTALS = 4;
  static final int LOSS_PERCENT = 10;

  /** The rounds of an absence after which a worker is missed, but not given up. */
  static final int SHORT_ABSENCE_ROUNDS = 3;

  /** The rounds over which the corrections are registered. */
  static final int CORRECTION_WAVES = 6;

  /** The rounds after which a fleet that is not quiet counts as stuck. */
  static final int MOST_ROUNDS = 80;

  private DemoRules() {}

  static Map<String, String> shown(int workers) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("mirrors", workers + " (4, 8 and 16 GiB in turn)");
    shown.put("zones", DemoFleet.ZONES + " (racks of " + DemoFleet.RACK_SIZE + " mirrors)");
    shown.put("a rack", "at most " + MOST_IN_A_RACK + " replicas of a chunk");
    shown.put("floor", Integer.toString(FLOOR));
    shown.put("saturation", "0.90");
    shown.put("balance slack", "0.01");
    shown.put("weights", "required 24, important 12, standard 6, optional 2, extra 1");
    shown.put("round", ROUND_TICKS + " s");
    shown.put("drain window", DRAIN_WINDOW_TICKS + " s");
    shown.put("suspect after", SUSPECT_AFTER_TICKS + " s");
    shown.put("departed after", DEPART_AFTER_TICKS + " s");
    shown.put("regrow after", REGROW_AFTER_TICKS + " s");
    shown.put("link", LINK_BYTES_PER_TICK / 1_000_000 + " MB/s per mirror");
    shown.put("portals", PORTALS + ", lagging up to the drain window");
    shown.put("lost messages", LOSS_PERCENT + " of 100");
    return shown;
  }
}
