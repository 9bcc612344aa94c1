package dev.stowage.benchmarks.peers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Kafka's cooperative sticky assignor: chunks are the partitions of one topic, workers its
 * consumers. A moving partition is first taken from its owner, and given to the next one in a
 * second round; the first round is timed, and the assignment is that of the second.
 */
final class KafkaSubject implements PlacementSubject {
  private static final String TOPIC = "chunks";

  @Override
  public boolean isSingle() {
    return true;
  }

  @Override
  public Trial prepare(PlacementProblem problem) {
    return new Round(problem);
  }

  private static final class Round implements Trial {
    private final PlacementProblem problem;
    private final Map<String, List<PartitionInfo>> partitions;
    private final Map<String, Subscription> members;
    private Map<String, List<TopicPartition>> given = Map.of();

    Round(PlacementProblem problem) {
      this.problem = problem;
      List<PartitionInfo> infos = new ArrayList<>();
      for (int chunk = 0; chunk < problem.chunks().count(); chunk++) {
        infos.add(new PartitionInfo(TOPIC, chunk, null, null, null));
      }
      partitions = new HashMap<>(Map.of(TOPIC, infos));
      members = members(owned());
    }

    private Map<String, List<TopicPartition>> owned() {
      Map<String, List<TopicPartition>> owned = new HashMap<>();
      for (String worker : problem.fleet().names()) {
        owned.put(worker, new ArrayList<>());
      }
      PlacementProblem.Past past = problem.past();
      if (past != null) {
        Assignment held = past.held();
        for (int chunk = 0; chunk < held.chunks(); chunk++) {
          for (int i = held.start()[chunk]; i < held.start()[chunk + 1]; i++) {
            owned
                .computeIfAbsent(problem.fleet().name(held.worker()[i]), name -> new ArrayList<>())
                .add(new TopicPartition(TOPIC, chunk));
          }
        }
      }
      return owned;
    }

    private static Map<String, Subscription> members(Map<String, List<TopicPartition>> owned) {
      Map<String, Subscription> members = new HashMap<>();
      owned.forEach((worker, partitions) ->
          members.put(
              worker, new Subscription(List.of(TOPIC), null, partitions, 1, Optional.empty())));
      return members;
    }

    @Override
    public void run() {
      given = new CooperativeStickyAssignor().assignPartitions(partitions, members);
    }

    @Override
    public Assignment assignment() {
      Map<String, List<TopicPartition>> settled = given;
      int assigned = settled.values().stream().mapToInt(List::size).sum();
      if (assigned < problem.chunks().count()) {
        settled = new CooperativeStickyAssignor().assignPartitions(partitions, members(settled));
      }
      Map<String, Integer> positions = problem.fleet().positions();
      Assignment.Pairs pairs = Assignment.pairs(problem.chunks().count());
      settled.forEach((worker, owned) -> {
        int position = positions.getOrDefault(worker, -1);
        owned.forEach(partition -> pairs.add(partition.partition(), position));
      });
      return pairs.assignment();
    }
  }
}
