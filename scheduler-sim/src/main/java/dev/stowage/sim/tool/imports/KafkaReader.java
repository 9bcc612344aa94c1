package dev.stowage.sim.tool.imports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Apache Kafka: the JSON of {@code kafka-reassign-partitions}, the text of {@code kafka-topics
 * --describe}, and for sizes the JSON of {@code kafka-log-dirs --describe}.
 */
final class KafkaReader implements FleetFormat.Reader {
  private static final Pattern FIELD =
      Pattern.compile(
          "(?:^|\\s)(Topic|TopicId|PartitionCount|ReplicationFactor|Configs|Partition|Leader"
              + "|Replicas|Isr|Elr|LastKnownElr|Adding Replicas|Removing Replicas"
              + "|MarkedForDeletion):");
  private static final Pattern BROKER = Pattern.compile("[0-9]+");
  private static final String PROPOSED = "Proposed partition reassignment";

  /** The size of a log, and the broker that has it. */
  private record Log(Place at, String broker, String topic, String partition, long bytes) {}

  private final List<Log> logs = new ArrayList<>();

  @Override
  public void read(PrintedFile source, ImportedFleet fleet) throws Refused {
    if (!source.isJson()) {
      new Description(source, fleet).read();
      return;
    }
    boolean isKnown = false;
    for (PrintedFile.Document document : source.documents()) {
      JsonPart root = document.root();
      if (root.has("partitions")) {
        isKnown = true;
        if (!document.heading().startsWith(PROPOSED)) {
          assignment(root, fleet);
        }
      } else if (root.has("brokers")) {
        isKnown = true;
        logDirs(root, fleet);
      }
    }
    if (!isKnown) {
      throw source
          .at(1)
          .refused("JSON with partitions (an assignment) or brokers (log directories)", "neither");
    }
  }

  private static void assignment(JsonPart root, ImportedFleet fleet) throws Refused {
    for (JsonPart partition : root.in("partitions").items()) {
      long number = partition.in("partition").whole();
      List<JsonPart> replicas = partition.in("replicas").items();
      ImportedChunk chunk =
          fleet
              .chunk(partition.at(), partition.in("topic").text(), Long.toString(number), number)
              .floor(replicas.size());
      for (JsonPart broker : replicas) {
        chunk.replica(broker.at(), Long.toString(broker.whole()), Holding.COMPLETE);
      }
    }
  }

  private void logDirs(JsonPart root, ImportedFleet fleet) throws Refused {
    for (JsonPart broker : root.in("brokers").items()) {
      String id = Long.toString(broker.in("broker").whole());
      fleet.workerAnyway(broker.at(), id);
      for (JsonPart folder : broker.in("logDirs").items()) {
        if (folder.has("error")) {
          throw folder
              .in("error")
              .at()
              .refusedText("a log directory that can be read", folder.in("error").text());
        }
        for (JsonPart log : folder.in("partitions").items()) {
          String name = log.in("partition").text();
          int dash = name.lastIndexOf('-');
          if (dash < 1) {
            throw log.in("partition").at().refusedText("TOPIC-PARTITION", name);
          }
          long bytes = log.in("size").whole();
          if (!log.in("isFuture").node().asBoolean()) {
            logs.add(
                new Log(log.at(), id, name.substring(0, dash), name.substring(dash + 1), bytes));
          }
        }
      }
    }
  }

  @Override
  public void end(ImportedFleet fleet) throws Refused {
    for (Log log : logs) {
      Optional<ImportedChunk> chunk = fleet.find(log.at(), log.topic(), log.partition());
      if (chunk.isPresent()) {
        if (!chunk.get().replicas().containsKey(log.broker())) {
          String found = "a log of " + log.topic() + "-" + log.partition() + " on " + log.broker();
          throw log.at().refused("logs on the brokers of the assignment", found);
        }
        chunk.get().size(log.bytes());
      }
    }
  }

  /** The text of one description. */
  private static final class Description {
    private final PrintedFile source;
    private final ImportedFleet fleet;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<String, Long> found = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();

    Description(PrintedFile source, ImportedFleet fleet) {
      this.source = source;
      this.fleet = fleet;
    }

    void read() throws Refused {
      List<String> lines = source.lines();
      for (int at = 0; at < lines.size(); at++) {
        Map<String, String> fields = fields(lines.get(at));
        Place place = source.at(at + 1L);
        if (fields.containsKey("PartitionCount")) {
          String topic = required(fields, "Topic", place);
          counts.put(topic, number(fields, "PartitionCount", place));
          places.put(topic, place);
        } else if (fields.containsKey("Partition")) {
          partition(fields, place);
        }
      }
      if (found.isEmpty() && counts.isEmpty()) {
        throw source.at(1).refused("the output of 'kafka-topics --describe', or JSON", "neither");
      }
      for (Map.Entry<String, Long> topic : counts.entrySet()) {
        long partitions = found.getOrDefault(topic.getKey(), 0L);
        if (partitions != topic.getValue()) {
          throw places
              .getOrDefault(topic.getKey(), source.at(1))
              .at("PartitionCount")
              .refused(topic.getValue() + " lines of partitions", partitions + ": cut off?");
        }
      }
    }

    private void partition(Map<String, String> fields, Place place) throws Refused {
      String topic = required(fields, "Topic", place);
      long number = number(fields, "Partition", place);
      List<String> replicas = brokers(fields, "Replicas", place);
      Set<String> inSync = new LinkedHashSet<>(brokers(fields, "Isr", place));
      Set<String> leaving =
          fields.containsKey("Removing Replicas")
              ? new HashSet<>(brokers(fields, "Removing Replicas", place))
              : Set.of();
      ImportedChunk chunk = fleet.chunk(place, topic, Long.toString(number), number);
      for (String broker : replicas) {
        chunk.replica(
            place, broker, Holding.of(!leaving.contains(broker), inSync.contains(broker)));
      }
      for (String broker : inSync) {
        if (!chunk.replicas().containsKey(broker)) {
          throw place.at("Isr").refusedText("brokers of Replicas", broker);
        }
      }
      chunk.floor(replicas.stream().filter(broker -> !leaving.contains(broker)).count());
      found.merge(topic, 1L, Long::sum);
    }

    private static Map<String, String> fields(String line) {
      Map<String, String> fields = new LinkedHashMap<>();
      Matcher matcher = FIELD.matcher(line);
      String name = "";
      int from = 0;
      while (matcher.find()) {
        fields.put(name, line.substring(from, matcher.start()).strip());
        name = matcher.group(1);
        from = matcher.end();
      }
      fields.put(name, line.substring(from).strip());
      return fields;
    }

    private static String required(Map<String, String> fields, String name, Place place)
        throws Refused {
      String text = fields.get(name);
      if (text == null || text.isEmpty()) {
        throw place.at(name).refused("this field", "nothing");
      }
      return text;
    }

    private static long number(Map<String, String> fields, String name, Place place)
        throws Refused {
      String text = required(fields, name, place);
      if (!text.matches("[0-9]{1,9}")) {
        throw place.at(name).refusedText("a whole number", text);
      }
      return Long.parseLong(text);
    }

    /** Returns the ids of brokers, which may be none. */
    private static List<String> brokers(Map<String, String> fields, String name, Place place)
        throws Refused {
      String text = fields.get(name);
      if (text == null) {
        throw place.at(name).refused("brokers such as 1,2,3", "nothing");
      }
      List<String> brokers = new ArrayList<>();
      for (String each : text.isEmpty() ? new String[0] : text.split(",", -1)) {
        String broker = each.strip();
        if (!BROKER.matcher(broker).matches()) {
          throw place.at(name).refusedText("brokers such as 1,2,3", text);
        }
        brokers.add(broker);
      }
      return brokers;
    }
  }
}
