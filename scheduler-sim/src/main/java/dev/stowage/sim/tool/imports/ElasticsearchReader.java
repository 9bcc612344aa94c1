package dev.stowage.sim.tool.imports;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Elasticsearch and OpenSearch: {@code _cat/shards} and {@code _cat/nodes}, text or JSON. */
final class ElasticsearchReader implements FleetFormat.Reader {
  /** The names of a column, of which the first is the one that is printed by default. */
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "index", List.of("index", "i", "idx"),
          "shard", List.of("shard", "s", "sh"),
          "prirep", List.of("prirep", "p", "pr", "primaryOrReplica"),
          "state", List.of("state", "st"),
          "store", List.of("store", "sto"),
          "node", List.of("node", "n"),
          "name", List.of("name", "n"),
          "node.role", List.of("node.role", "r", "role", "nodeRole"),
          "disk.total", List.of("disk.total", "dt", "diskTotal"));

  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(b|kb|mb|gb|tb|pb)?");
  private static final List<String> UNITS = List.of("b", "kb", "mb", "gb", "tb", "pb");
  private static final String DATA_ROLES = ".*[dhwcfs].*";
  private static final List<String> HELD = List.of("STARTED", "RELOCATING", "INITIALIZING");

  /** One row of a table. */
  private record Row(Place at, Map<String, String> cells) {
    String get(String column) {
      for (String name : NAMES.getOrDefault(column, List.of(column))) {
        String cell = cells.get(name);
        if (cell != null) {
          return cell;
        }
      }
      return "";
    }

    String required(String column) throws Refused {
      String cell = get(column);
      if (cell.isEmpty()) {
        throw at.at(at.key().isEmpty() ? column : at.key() + "." + column)
            .refused("a value", "nothing");
      }
      return cell;
    }
  }

  /** Gathers what the rows of one shard say together. */
  private static final class Copies {
    private final Place at;
    private long count;
    private long primaries;

    Copies(Place at) {
      this.at = at;
    }
  }

  private final Map<String, Map<Long, Copies>> indices = new TreeMap<>();
  private final Set<String> withoutData = new java.util.TreeSet<>();

  @Override
  public void read(PrintedFile source, ImportedFleet fleet) throws Refused {
    List<Row> rows = source.isJson() ? json(source) : table(source);
    boolean isOfShards = has(rows, "shard") && has(rows, "state");
    if (!isOfShards && !has(rows, "name")) {
      throw source
          .at(1)
          .refused(
              "the columns index, shard, prirep, state, store and node of _cat/shards, or name,"
                  + " node.role and disk.total of _cat/nodes (with ?v, or as JSON)",
              "other columns");
    }
    for (Row row : rows) {
      if (isOfShards) {
        shard(row, fleet);
      } else {
        node(row, fleet);
      }
    }
    if (!isOfShards) {
      fleet.listWorkers();
    }
  }

  private static boolean has(List<Row> rows, String column) {
    return !rows.isEmpty()
        && NAMES.getOrDefault(column, List.of()).stream()
            .anyMatch(rows.get(0).cells()::containsKey);
  }

  private static List<Row> json(PrintedFile source) throws Refused {
    List<Row> rows = new ArrayList<>();
    for (PrintedFile.Document document : source.documents()) {
      for (JsonPart item : document.root().items()) {
        Map<String, String> cells = new HashMap<>();
        for (Map.Entry<String, JsonPart> cell : item.entries().entrySet()) {
          cells.put(cell.getKey(), cell.getValue().node().isNull() ? "" : cell.getValue().text());
        }
        rows.add(new Row(item.at(), cells));
      }
    }
    return rows;
  }

  /**
   * Reads a table whose cells stand at the left or at the right end of the header's words; or one
   * with single blanks between all words, as pasting leaves it, by their order.
   */
  private static List<Row> table(PrintedFile source) throws Refused {
    List<String> lines = source.lines();
    int header = 0;
    while (header < lines.size() && lines.get(header).isBlank()) {
      header++;
    }
    List<int[]> spans = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Matcher words = WORD.matcher(header < lines.size() ? lines.get(header) : "");
    while (words.find()) {
      spans.add(new int[] {words.start(), words.end()});
      names.add(words.group());
    }
    boolean isPacked = lines.stream().noneMatch(line -> line.strip().contains("  "));
    List<Row> rows = new ArrayList<>();
    for (int at = header + 1; at < lines.size(); at++) {
      if (!lines.get(at).isBlank()) {
        Place place = source.at(at + 1L);
        String line = lines.get(at);
        rows.add(new Row(place, isPacked ? packed(place, line, names) : cells(line, spans, names)));
      }
    }
    return rows;
  }

  private static Map<String, String> cells(String line, List<int[]> spans, List<String> names) {
    Map<String, String> cells = new LinkedHashMap<>();
    names.forEach(name -> cells.put(name, ""));
    Matcher words = WORD.matcher(line);
    int column = -1;
    while (words.find()) {
      int next = column(spans, words.start(), words.end());
      column = next > column ? next : Math.max(0, column);
      cells.merge(
          names.get(column),
          words.group(),
          (before, word) -> before.isEmpty() ? word : before + " " + word);
    }
    return cells;
  }

  /** Returns the cells of a row; the last has all words that are left, as of a shard in motion. */
  private static Map<String, String> packed(Place at, String line, List<String> names)
      throws Refused {
    String[] words = line.strip().split(" ", Math.max(1, names.size()));
    if (words.length < names.size() && !List.of(words).contains("UNASSIGNED")) {
      throw at.refused(
          names.size()
              + " words, one for each column, or columns that stand below each other, or"
              + " format=json",
          words.length + " words");
    }
    Map<String, String> cells = new LinkedHashMap<>();
    for (int column = 0; column < names.size(); column++) {
      cells.put(names.get(column), column < words.length ? words[column] : "");
    }
    return cells;
  }

  private static int column(List<int[]> spans, int start, int end) {
    for (int at = 0; at < spans.size(); at++) {
      if (spans.get(at)[0] == start || spans.get(at)[1] == end) {
        return at;
      }
    }
    return -1;
  }

  private void node(Row row, ImportedFleet fleet) throws Refused {
    String name = row.required("name");
    if (row.required("node.role").matches(DATA_ROLES)) {
      ImportedWorker worker = fleet.worker(row.at(), name);
      if (!row.get("disk.total").isEmpty()) {
        worker.capacity(bytes(row, "disk.total"));
      }
    } else {
      withoutData.add(name);
    }
  }

  private void shard(Row row, ImportedFleet fleet) throws Refused {
    String index = row.required("index");
    String number = row.required("shard");
    String role = row.required("prirep");
    String state = row.required("state");
    if (!number.matches("[0-9]{1,9}")) {
      throw row.at().at("shard").refusedText("the number of a shard", number);
    }
    if (!role.matches("[pr]")) {
      throw row.at().at("prirep").refusedText("p or r", role);
    }
    long block = Long.parseLong(number);
    Copies copies =
        indices
            .computeIfAbsent(index, name -> new TreeMap<>())
            .computeIfAbsent(block, shard -> new Copies(row.at()));
    copies.count++;
    copies.primaries += role.equals("p") ? 1 : 0;
    ImportedChunk chunk = fleet.find(row.at(), index, number).orElse(null);
    chunk = chunk == null ? fleet.chunk(row.at(), index, number, block) : chunk;
    if (state.equals("UNASSIGNED")) {
      return;
    }
    if (!HELD.contains(state)) {
      throw row.at()
          .at("state")
          .refusedText("STARTED, RELOCATING, INITIALIZING or UNASSIGNED", state);
    }
    if (!row.get("store").isEmpty()) {
      chunk.size(bytes(row, "store"));
    }
    String[] way = row.required("node").split(" -> ", 2);
    if (state.equals("RELOCATING") != (way.length == 2)) {
      throw row.at()
          .at("node")
          .refusedText(
              state.equals("RELOCATING") ? "NODE -> IP ID NODE" : "the name of a node",
              row.get("node"));
    }
    if (way.length == 2) {
      String[] target = way[1].split(" ", 3);
      if (target.length < 3) {
        throw row.at().at("node").refusedText("NODE -> IP ID NODE", row.get("node"));
      }
      chunk.replica(row.at(), way[0], Holding.GOING);
      chunk.replica(row.at(), target[2], Holding.COMING);
    } else {
      chunk.replica(row.at(), way[0], state.equals("STARTED") ? Holding.COMPLETE : Holding.COMING);
    }
  }

  /** Returns bytes; units are powers of 1024, and a number without one has been asked for so. */
  private static long bytes(Row row, String column) throws Refused {
    String text = row.required(column);
    Matcher parts = SIZE.matcher(text);
    if (!parts.matches()) {
      throw row.at().at(column).refusedText("a size such as 1.2gb", text);
    }
    int power = parts.group(2) == null ? 0 : UNITS.indexOf(parts.group(2));
    try {
      return new BigDecimal(parts.group(1))
          .multiply(BigDecimal.valueOf(1024).pow(power))
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    } catch (ArithmeticException tooLarge) {
      throw row.at().at(column).refusedText("a size of at most 2^63 - 1 bytes", text);
    }
  }

  /** Compares the shards of each index: all have as many copies, and one is the primary. */
  @Override
  public void end(ImportedFleet fleet) throws Refused {
    withoutData.forEach(name -> fleet.leaveOut("nodes whose roles hold no data", name));
    for (Map.Entry<String, Map<Long, Copies>> index : indices.entrySet()) {
      long next = 0;
      long count = 0;
      for (Map.Entry<Long, Copies> shard : index.getValue().entrySet()) {
        String name = index.getKey() + "/" + shard.getKey();
        Copies copies = shard.getValue();
        count = count == 0 ? copies.count : count;
        if (shard.getKey() != next++) {
          throw copies.at.refused("the shards from 0 on without a gap", name);
        }
        if (copies.primaries != 1) {
          throw copies.at.refused(
              "one primary of each shard", copies.primaries + " of " + name + ": cut off?");
        }
        if (copies.count != count) {
          throw copies.at.refused(
              count + " rows for each shard of an index",
              copies.count + " for " + name + ": cut off?");
        }
        fleet
            .find(copies.at, index.getKey(), Long.toString(shard.getKey()))
            .orElseThrow()
            .floor(copies.count);
      }
    }
  }
}
