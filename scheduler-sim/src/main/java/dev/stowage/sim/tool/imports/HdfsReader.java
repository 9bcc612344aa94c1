package dev.stowage.sim.tool.imports;

import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * HDFS: the text of {@code hdfs fsck PATH -files -blocks -locations}, or with {@code -racks} or
 * {@code -replicaDetails} instead of locations.
 */
final class HdfsReader implements FleetFormat.Reader {
  private static final Pattern FILE =
      Pattern.compile(
          "(/.*?) ([0-9]+) bytes,\\s+(?:replicated: replication=([0-9]+),\\s+"
              + "|erasure-coded: policy=([^,]+),\\s+)?([0-9]+) block\\(s\\)(.*)");
  private static final Pattern BLOCK =
      Pattern.compile(
          "([0-9]+)\\. (?:\\S+:)?(blk_-?[0-9]+)(?:_[0-9]+)? len=([0-9]+)"
              + "(?: (MISSING!)| (?:Live_repl|Expected_repl|repl)=([0-9]+))?\\s*(.*)");
  private static final String PART = "[^\\s,/()\\[\\]]";

  /** Begins where the text of it does, so that no search begins within. */
  private static final String ADDRESS = "(?<!" + PART + ")(" + PART + "+:[0-9]+)";

  /** A node with its storage, in its rack, or by its address alone, and perhaps a state. */
  private static final Pattern NODE =
      Pattern.compile(
          "(?:DatanodeInfoWithStorage\\[([^,\\]]+),[^\\]]*\\]"
              + ("|(/[^\\s,()\\[\\]]+)/" + ADDRESS)
              + ("|" + ADDRESS + ")")
              + "(?:\\(([A-Z_]+)\\))?");

  private static final String END = "FSCK ended at";

  /** A file whose blocks are being read. */
  private static final class OpenFile {
    private final Place at;
    private final String path;
    private final long blocks;
    private final long replication;
    private final boolean isLeftOut;
    private long found;

    OpenFile(Place at, String path, long blocks, long replication, boolean isLeftOut) {
      this.at = at;
      this.path = path;
      this.blocks = blocks;
      this.replication = replication;
      this.isLeftOut = isLeftOut;
    }
  }

  private final Map<String, String> racks = new HashMap<>();

  @Override
  public void read(PrintedFile source, ImportedFleet fleet) throws Refused {
    List<String> lines = source.lines();
    OpenFile file = null;
    boolean isEnded = false;
    boolean isSummary = false;
    for (int at = 0; at < lines.size(); at++) {
      String line = lines.get(at).strip();
      Place place = source.at(at + 1L);
      isEnded |= line.startsWith(END);
      isSummary |= line.startsWith("Status:");
      Matcher parts = FILE.matcher(line);
      Matcher block = BLOCK.matcher(line);
      if (!isSummary && parts.matches()) {
        requireWhole(file);
        file = file(parts, place, fleet);
      } else if (!isSummary && block.matches()) {
        if (file == null) {
          throw place.refused("the line of a file before its blocks (the option -files)", "none");
        }
        block(file, block, place, fleet);
      }
    }
    requireWhole(file);
    if (!isEnded) {
      throw source.cutOff("'" + END + " ..' of 'hdfs fsck -files -blocks -locations'");
    }
  }

  private static void requireWhole(@Nullable OpenFile file) throws Refused {
    if (file != null && file.found != file.blocks) {
      throw file.at.refused(
          file.blocks + " lines of blocks (the option -blocks)", file.found + ": cut off?");
    }
  }

  private static OpenFile file(Matcher parts, Place place, ImportedFleet fleet) throws Refused {
    String path = parts.group(1);
    String policy = parts.group(4);
    boolean isOpen = parts.group(6).contains("OPENFORWRITE");
    if (policy != null) {
      fleet.leaveOut("erasure coded files, whose parts are no copies", path);
    } else if (isOpen) {
      fleet.leaveOut("files that are being written", path);
    }
    return new OpenFile(
        place,
        path,
        number(parts.group(5), place),
        parts.group(3) == null ? 0 : number(parts.group(3), place),
        policy != null || isOpen);
  }

  private void block(OpenFile file, Matcher parts, Place place, ImportedFleet fleet)
      throws Refused {
    long position = file.found++;
    if (file.isLeftOut) {
      return;
    }
    if (number(parts.group(1), place) != position) {
      throw place.refused("block " + position + " of " + file.path, "block " + parts.group(1));
    }
    ImportedChunk chunk =
        fleet
            .chunk(place, file.path, parts.group(2), position)
            .size(number(parts.group(3), place))
            .floor(file.replication);
    String rest = parts.group(6);
    List<String> places = new ArrayList<>();
    Matcher node = NODE.matcher(rest);
    while (rest.endsWith("]") && node.find()) {
      boolean isPlain = node.group(4) != null;
      String id = node.group(1) != null ? node.group(1) : isPlain ? node.group(4) : node.group(3);
      String state = node.group(5) == null ? "LIVE" : node.group(5);
      places.add(id);
      holder(place, id, node.group(2), state, fleet);
      chunk.replica(place, id, holding(state));
    }
    String live = parts.group(5);
    if (parts.group(4) == null && (live == null || places.size() < number(live, place))) {
      throw place.refused(
          (live == null ? "live" : live) + " replicas in brackets (the option -locations)",
          places.size() + ": cut off?");
    }
  }

  private void holder(
      Place place, String id, @Nullable String rack, String state, ImportedFleet fleet)
      throws Refused {
    ImportedWorker worker = fleet.workerAnyway(place, id);
    if (rack != null) {
      String before = racks.putIfAbsent(id, rack);
      if (before != null && !before.equals(rack)) {
        throw place.refusedText(id + " in rack '" + before + "', as before", rack);
      }
      worker.zone(rack.substring(1));
    }
    if (state.startsWith("DECOMMISSION")) {
      worker.status(WorkerStatus.LEAVING);
    }
  }

  private static Holding holding(String state) {
    return switch (state) {
      case "CORRUPT" -> Holding.COMING;
      case "EXCESS" -> Holding.GOING;
      default -> Holding.COMPLETE;
    };
  }

  private static long number(String digits, Place place) throws Refused {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException tooLarge) {
      throw place.refusedText("a number of at most 2^63 - 1", digits);
    }
  }
}
