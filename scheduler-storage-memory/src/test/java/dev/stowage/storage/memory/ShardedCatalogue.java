package dev.stowage.storage.memory;

import dev.stowage.Stowage;
import dev.stowage.StowageFleets;
import dev.stowage.answer.ChunkStatus;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientMemory;
import dev.stowage.client.PortalClient;
import dev.stowage.client.Transport;
import dev.stowage.client.WorkerClient;
import dev.stowage.client.WorkerDisk;
import dev.stowage.command.Result;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The example that docs/service.md links: one catalogue over several fleets. */
final class ShardedCatalogue {
  private final StowageFleets fleets;
  private final Map<DatasetId, String> homes; // your table: a dataset stays where it is

  ShardedCatalogue(StowageFleets fleets, Map<DatasetId, String> homes) {
    this.fleets = fleets;
    this.homes = homes;
  }

  String fleetOf(DatasetId dataset) {
    String fleet = homes.get(dataset);
    if (fleet == null) {
      throw new IllegalArgumentException(dataset + " has no fleet; enter it in the table first");
    }
    return fleet;
  }

  List<Result.Item> ingest(List<Chunk> chunks) {
    return byFleet(chunks, Chunk::key, (fleet, part) -> fleet.ingest(part, fleet.now()).items());
  }

  List<ChunkStatus> status(List<ChunkKey> keys) {
    return byFleet(keys, key -> key, Stowage::status);
  }

  // Asks each fleet for its part; the answers are in the order of the fleets, then as given.
  private <T, R> List<R> byFleet(
      List<T> given, Function<T, ChunkKey> key, BiFunction<Stowage, List<T>, List<R>> ask) {
    Map<String, List<T>> parts = new TreeMap<>();
    for (T each : given) {
      String fleet = fleetOf(key.apply(each).dataset());
      parts.computeIfAbsent(fleet, it -> new ArrayList<>()).add(each);
    }
    List<R> answers = new ArrayList<>();
    parts.forEach(
        (fleet, part) -> answers.addAll(ask.apply(fleets.stowage(fleet).orElseThrow(), part)));
    return answers;
  }

  PortalClient.Sight at(
      Map<String, PortalClient> portals, DatasetId dataset, long block, long nowNanos) {
    return portals.get(fleetOf(dataset)).at(dataset, block, nowNanos);
  }

  // One process, one folder and one share of the disk for each fleet.
  static List<WorkerClient> worker(
      String name,
      Path folder,
      Map<String, Long> shares,
      Function<String, Transport> transports,
      Function<Path, WorkerDisk> disks) {
    List<WorkerClient> clients = new ArrayList<>();
    shares.forEach((fleet, bytes) -> {
      Path own = folder.resolve(fleet);
      clients.add(
          new WorkerClient(
              fleet,
              Worker.of(WorkerId.of(name), bytes),
              transports.apply(fleet),
              disks.apply(own),
              ClientMemory.at(own.resolve("client")),
              ClientConfig.DEFAULT));
    });
    return clients; // call turn of each
  }
}
