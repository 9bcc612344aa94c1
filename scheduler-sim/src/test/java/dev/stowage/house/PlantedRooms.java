package dev.stowage.house;

import static dev.stowage.house.Rooms.sorted;

import dev.stowage.house.Rooms.Bounds;
import dev.stowage.house.Rooms.Room;
import dev.stowage.house.Rooms.Unfinished;
import java.util.List;
import java.util.Map;

/** The plan of the planted house: like the real one, with bounds that a few classes can break. */
final class PlantedRooms {
  private PlantedRooms() {}

  static Rooms rooms() {
    return new Rooms(
        List.of(
            Room.of("columns"),
            Room.of("model"),
            Room.of("evidence"),
            Room.of("deterministic"),
            Room.of("pressure"),
            Room.of("content"),
            Room.of("transfer"),
            Room.of("placement"),
            Room.of("rebalance"),
            Room.of("lifecycle").around("rows", "documents", "state").withDoors("LifecycleDoor"),
            Room.of("store"),
            Room.of("audit"),
            Room.inRoot(Rooms.VALUES, "Planted", "Setting", "SettingKnowsMachine"),
            Room.of("engine"),
            Room.inRoot(Rooms.FACE, "Front"),
            Room.of("storage.memory"),
            Room.of("storage.postgres"),
            Room.of("sim.kit").around("world", "reference", "scenario"),
            Room.of("sim.tool").around("report", "cli"),
            Room.of("benchmarks")),
        sorted(
            Map.entry("face", List.of("")),
            Map.entry("words", List.of("lifecycle")),
            Map.entry("SPI", List.of("store", "lifecycle.rows")),
            Map.entry("other", List.of("model", "content"))),
        sorted(Map.entry("lifecycle.documents", List.of("storage.memory"))),
        new Bounds(5, Map.of("audit", 6), 2, 13, 9),
        Unfinished.NOTHING);
  }
}
