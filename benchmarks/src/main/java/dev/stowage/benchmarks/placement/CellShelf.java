package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The finished groups of cells in a folder, so that a table that takes hours can be measured in
 * several sittings on one machine: a group with equal events and settings is not measured again.
 */
final class CellShelf {
  private final @Nullable Path folder;
  private final String settings;

  /** Creates a shelf in the folder of the options; without a folder it keeps nothing. */
  CellShelf(TableOptions options) throws IOException {
    folder = options.keep();
    settings =
        String.join(
            " ",
            Runtime.version().toString(),
            Integer.toString(options.runs()),
            Integer.toString(options.threads()),
            Integer.toString(options.warmUpSeconds()),
            Integer.toString(options.limitSeconds()),
            options.heap());
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }

  /** Returns the cells of a planner at a shape, if measured with these events and settings. */
  Optional<Map<Event, Cell>> find(String planner, String shape, List<Event> events)
      throws IOException {
    Path file = file(planner, shape);
    if (file == null || !Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.isEmpty() || !lines.get(0).equals(settings)) {
      return Optional.empty();
    }
    Map<Event, Cell> cells = new EnumMap<>(Event.class);
    for (String line : lines.subList(1, lines.size())) {
      Cell cell = Cell.read(line);
      if (cell != null) {
        cells.put(cell.event(), cell);
      }
    }
    return cells.keySet().containsAll(events) ? Optional.of(cells) : Optional.empty();
  }

  void keep(String planner, String shape, Map<Event, Cell> cells) throws IOException {
    Path file = file(planner, shape);
    if (file != null) {
      String lines = cells.values().stream().map(Cell::line).collect(Collectors.joining("\n"));
      Files.writeString(file, settings + "\n" + lines + "\n", StandardCharsets.UTF_8);
    }
  }

  private @Nullable Path file(String planner, String shape) {
    return folder == null ? null : folder.resolve(shape + "-" + planner + ".cells");
  }
}
