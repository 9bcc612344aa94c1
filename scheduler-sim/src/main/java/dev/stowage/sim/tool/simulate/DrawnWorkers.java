package dev.stowage.sim.tool.simulate;

import dev.stowage.model.Worker;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.FleetStep;
import dev.stowage.sim.kit.scenario.words.Options;
import dev.stowage.sim.kit.scenario.words.Sizes;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Workers that are drawn, such as {@code 200 zones=4 racks=5 capacity=8TiB..16TiB}, or have each of
 * some capacities in turn, such as {@code capacity=4GiB,8GiB}. Each becomes a line of a scenario;
 * the other options of {@code worker} apply to all of them.
 *
 * @param count how many
 * @param prefix what their names begin with
 * @param zones the zones, filled in turn; 0 for none
 * @param racks the racks of each zone, filled in turn; 0 for none
 * @param capacities in bytes: those that they have in turn
 * @param most the greatest capacity that is drawn, from that in turn on
 * @param others further options
 */
record DrawnWorkers(
    int count,
    String prefix,
    int zones,
    int racks,
    List<Long> capacities,
    long most,
    Map<String, String> others) {
  static final int MOST = 100_000;
  private static final String CAPACITY = "capacity";
  private static final String COUNT = "a number of workers from 1 to " + MOST;

  static DrawnWorkers read(String text) throws UnreadableWord {
    WordReader words = WordReader.of(text);
    DrawnWorkers drawn = take(takeCount(words), words);
    words.end();
    return drawn;
  }

  static int takeCount(WordReader words) throws UnreadableWord {
    String word = words.take(COUNT);
    long count = WordReader.number(word, 1, COUNT);
    UnreadableWord.unless(count <= MOST, word, COUNT);
    return (int) count;
  }

  static DrawnWorkers take(int count, WordReader words) throws UnreadableWord {
    List<String> keys = new ArrayList<>(List.of("zones", "racks", "prefix"));
    Shape.of(Worker.Description.class).fields().forEach(field -> keys.add(field.word()));
    Map<String, String> options = new TreeMap<>(new Options(words, keys).all());
    String[] range = String.valueOf(options.remove(CAPACITY)).split("\\.\\.", 2);
    UnreadableWord.unless(!range[0].equals("null"), "no capacity=", "capacity=SIZE or SIZE..SIZE");
    List<Long> capacities = new ArrayList<>();
    for (String each : range[0].split(",", -1)) {
      capacities.add(Sizes.read(each));
    }
    long least = capacities.get(0);
    long most = range.length == 1 ? 0 : Sizes.read(range[1]);
    UnreadableWord.unless(
        range.length == 1 || least <= most, range[0] + ".." + most, "the smaller size first");
    String prefix = options.getOrDefault("prefix", "w");
    int zones = count(options.getOrDefault("zones", "0"), "zones");
    int racks = count(options.getOrDefault("racks", "0"), "racks");
    UnreadableWord.unless(racks == 0 || zones > 0, "racks=" + racks, "zones= beside racks=");
    options.keySet().removeAll(List.of("prefix", "zones", "racks"));
    DrawnWorkers drawn = new DrawnWorkers(count, prefix, zones, racks, capacities, most, options);
    FleetStep.read(drawn.line(0, least));
    return drawn;
  }

  private static int count(String word, String what) throws UnreadableWord {
    String expected = "a number of " + what + " from 0 to 1000";
    long count = WordReader.number(word, 0, expected);
    UnreadableWord.unless(count <= 1_000, word, expected);
    return (int) count;
  }

  /**
   * Returns the lines that let them join.
   *
   * @param from the number of workers that joined before
   */
  List<String> lines(int from, Chance chance) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double share = (chance.next() >>> 11) * 0x1p-53;
      long least = capacities.get((from + i) % capacities.size());
      long capacity = least + (long) (share * (most - least + 1));
      lines.add(line(from + i, Math.max(least, Math.min(most, capacity))));
    }
    return lines;
  }

  private String line(int number, long capacity) {
    StringBuilder line = new StringBuilder("worker ");
    String digits = Integer.toString(number + 1);
    line.append(prefix).append("0".repeat(Math.max(0, 4 - digits.length()))).append(digits);
    line.append(' ').append(CAPACITY).append('=');
    line.append(capacity).append('B');
    if (zones > 0) {
      line.append(" zone=z").append(1 + number % zones);
      if (racks > 0) {
        line.append("/r").append(1 + number / zones % racks);
      }
    }
    others.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
    return line.toString();
  }
}
