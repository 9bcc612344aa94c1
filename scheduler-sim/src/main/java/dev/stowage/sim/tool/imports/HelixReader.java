package dev.stowage.sim.tool.imports;

import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Apache Helix: ideal states, of which lists name who is to hold a partition and maps who holds it
 * in which state, and configurations of instances.
 */
final class HelixReader implements FleetFormat.Reader {
  private static final List<String> COMPLETE =
      List.of("MASTER", "SLAVE", "LEADER", "STANDBY", "ONLINE");
  private static final List<String> INCOMPLETE = List.of("OFFLINE", "BOOTSTRAP", "ERROR");
  private static final String DROPPED = "DROPPED";
  private static final Pattern NUMBER = Pattern.compile(".*_([0-9]{1,18})");

  @Override
  public void read(PrintedFile source, ImportedFleet fleet) throws Refused {
    List<PrintedFile.Document> documents = source.documents();
    for (PrintedFile.Document document : documents) {
      JsonPart root = document.root();
      List<JsonPart> records = root.node().isArray() ? root.items() : List.of(root);
      for (JsonPart each : records) {
        JsonPart simple = each.in("simpleFields");
        if (simple.has("NUM_PARTITIONS")) {
          idealState(each, simple, fleet);
        } else if (simple.has("HELIX_HOST") || simple.has("HELIX_ENABLED")) {
          instance(each, simple, fleet);
          fleet.listWorkers();
        } else {
          throw simple
              .at()
              .refused(
                  "an ideal state (NUM_PARTITIONS) or the configuration of an instance"
                      + " (HELIX_HOST)",
                  "neither");
        }
      }
    }
    if (documents.isEmpty()) {
      throw source.at(1).refused("JSON of an ideal state or of an instance", "none");
    }
  }

  private static void instance(JsonPart root, JsonPart simple, ImportedFleet fleet) throws Refused {
    ImportedWorker worker = fleet.worker(root.in("id").at(), root.in("id").text());
    String domain =
        simple.has("DOMAIN")
            ? simple.in("DOMAIN").text()
            : simple.has("ZONE_ID") ? simple.in("ZONE_ID").text() : "";
    List<String> path = new ArrayList<>();
    for (String level : domain.isBlank() ? new String[0] : domain.split(",")) {
      path.add(level.substring(level.indexOf('=') + 1).strip());
    }
    worker.zone(String.join("/", path));
    if (simple.has("HELIX_ENABLED") && simple.in("HELIX_ENABLED").node().asText().equals("false")) {
      worker.status(WorkerStatus.LEAVING);
    }
    JsonPart tags = root.in("listFields").in("TAG_LIST");
    if (tags.node().isArray()) {
      List<String> labels = new ArrayList<>();
      for (JsonPart tag : tags.items()) {
        labels.add(tag.text());
      }
      worker.labels(labels);
    }
  }

  private static void idealState(JsonPart root, JsonPart simple, ImportedFleet fleet)
      throws Refused {
    String resource = root.in("id").text();
    Map<String, JsonPart> lists = entries(root.in("listFields"));
    Map<String, JsonPart> maps = entries(root.in("mapFields"));
    Set<String> partitions = new LinkedHashSet<>(lists.keySet());
    partitions.addAll(maps.keySet());
    JsonPart count = simple.in("NUM_PARTITIONS");
    if (!count.text().equals(Integer.toString(partitions.size()))) {
      throw count
          .at()
          .refused(
              partitions.size() + ", the partitions in listFields and mapFields", count.text());
    }
    String replicas = simple.has("REPLICAS") ? simple.in("REPLICAS").text() : "";
    boolean areNumbered = partitions.stream().allMatch(name -> NUMBER.matcher(name).matches());
    long position = 0;
    for (String name : partitions) {
      Matcher number = NUMBER.matcher(name);
      long block = areNumbered && number.matches() ? Long.parseLong(number.group(1)) : position;
      position++;
      JsonPart list = lists.get(name);
      JsonPart map = maps.get(name);
      Place at = list != null ? list.at() : map != null ? map.at() : root.at();
      ImportedChunk chunk = fleet.chunk(at, resource, name, block);
      Map<String, JsonPart> wanted = wanted(list, map);
      for (Map.Entry<String, JsonPart> each : wanted.entrySet()) {
        boolean isPossessed = map == null || isComplete(map, each.getKey());
        chunk.replica(each.getValue().at(), each.getKey(), Holding.of(true, isPossessed));
      }
      if (map != null) {
        going(map, wanted, chunk);
      }
      chunk.floor(replicas.matches("[0-9]{1,9}") ? Long.parseLong(replicas) : wanted.size());
      if (simple.has("INSTANCE_GROUP_TAG")) {
        chunk.label(simple.in("INSTANCE_GROUP_TAG").text());
      }
    }
  }

  /** Adds the instances of a map that are not to hold the partition. */
  private static void going(JsonPart map, Map<String, JsonPart> wanted, ImportedChunk chunk)
      throws Refused {
    for (Map.Entry<String, JsonPart> each : map.entries().entrySet()) {
      if (!wanted.containsKey(each.getKey())) {
        boolean isPossessed =
            state(each.getValue()).equals(DROPPED) || isComplete(map, each.getKey());
        chunk.replica(each.getValue().at(), each.getKey(), Holding.of(false, isPossessed));
      }
    }
  }

  private static Map<String, JsonPart> entries(JsonPart fields) throws Refused {
    return fields.node().isMissingNode() ? Map.of() : fields.entries();
  }

  /** Returns the instances of the list; without one, those of the map that are not dropped. */
  private static Map<String, JsonPart> wanted(@Nullable JsonPart list, @Nullable JsonPart map)
      throws Refused {
    Map<String, JsonPart> wanted = new LinkedHashMap<>();
    if (list != null && !list.items().isEmpty()) {
      for (JsonPart instance : list.items()) {
        if (wanted.put(instance.text(), instance) != null) {
          throw instance.at().refusedText("each instance once", instance.text());
        }
      }
    } else if (map != null) {
      for (Map.Entry<String, JsonPart> each : map.entries().entrySet()) {
        if (!state(each.getValue()).equals(DROPPED)) {
          wanted.put(each.getKey(), each.getValue());
        }
      }
    }
    return wanted;
  }

  private static boolean isComplete(JsonPart map, String instance) throws Refused {
    JsonPart state = map.in(instance);
    return !state.node().isMissingNode() && COMPLETE.contains(state(state));
  }

  private static String state(JsonPart state) throws Refused {
    String word = state.text();
    if (!COMPLETE.contains(word) && !INCOMPLETE.contains(word) && !word.equals(DROPPED)) {
      throw state
          .at()
          .refusedText(
              "a state of MASTER, SLAVE, LEADER, STANDBY, ONLINE, OFFLINE, BOOTSTRAP, ERROR,"
                  + " DROPPED",
              word);
    }
    return word;
  }
}
