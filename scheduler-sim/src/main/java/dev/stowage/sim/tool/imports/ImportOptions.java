package dev.stowage.sim.tool.imports;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Keeps what a user adds to a source that says less than a plan needs.
 *
 * @param size the bytes of each chunk without a size
 * @param capacity the bytes of each worker without a capacity
 * @param sizes a CSV file with the sizes of chunks
 * @param capacities a CSV file with the capacities of workers
 * @param floor the replicas of each chunk whose source asks for no number
 * @param columns the column of a CSV file for each key that is called otherwise there
 */
public record ImportOptions(
    OptionalLong size,
    OptionalLong capacity,
    Optional<Path> sizes,
    Optional<Path> capacities,
    OptionalInt floor,
    Map<String, String> columns) {
  /** Keeps a copy of the map. */
  public ImportOptions {
    columns = Collections.unmodifiableMap(new TreeMap<>(columns));
  }
}
