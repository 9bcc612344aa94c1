package dev.stowage.sim.tool.imports;

import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** A system whose output can be imported. */
public enum FleetFormat {
  /** Assignments, descriptions of topics, and log directories. */
  KAFKA(options -> new KafkaReader()),
  /** {@code _cat/shards} and {@code _cat/nodes}. */
  ELASTICSEARCH(options -> new ElasticsearchReader()),
  /** {@code pg dump}, {@code osd df tree} and, to tell pools, {@code osd pool ls detail}. */
  CEPH(options -> new CephReader()),
  /** {@code fsck -files -blocks -locations}. */
  HDFS(options -> new HdfsReader()),
  /** Ideal states and configurations of instances. */
  HELIX(options -> new HelixReader()),
  /** Tables with columns of any name. */
  CSV(options -> new TableReader(options.columns()));

  /** Reads the files of one run. */
  interface Reader {
    void read(PrintedFile source, ImportedFleet fleet) throws Refused;

    /** Takes what needs all files. */
    default void end(ImportedFleet fleet) throws Refused {}
  }

  @SuppressWarnings("ImmutableEnumChecker") // a function without a state
  private final Function<ImportOptions, Reader> reader;

  FleetFormat(Function<ImportOptions, Reader> reader) {
    this.reader = reader;
  }

  /** Returns the format in lower case, as users write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the keys of a table to which columns can be mapped. */
  public static List<String> keys() {
    return TableReader.KEYS;
  }

  /**
   * Reads the files of a fleet.
   *
   * @throws BadInputException if one is missing, cut off or contradictory, or something lacks
   */
  public Imported read(List<Path> files, ImportOptions options) throws BadInputException {
    ProblemList problems = new ProblemList();
    ImportedFleet fleet = new ImportedFleet(problems);
    Reader reads = reader.apply(options);
    for (Path file : files) {
      Optional<PrintedFile> source = PrintedFile.read(file, problems);
      try {
        if (source.isPresent()) {
          reads.read(source.get(), fleet);
        }
      } catch (Refused refused) {
        problems.add(refused.problem());
      }
    }
    problems.refuseIfAny();
    try {
      reads.end(fleet);
    } catch (Refused refused) {
      problems.add(refused.problem());
    }
    problems.refuseIfAny();
    fleet.complete(options);
    problems.refuseIfAny();
    if (fleet.chunks().isEmpty()) {
      problems.add(
          InputProblem.ofFile(files.get(0).toString(), "at least one chunk that is held", "none"));
      problems.refuseIfAny();
    }
    return Imported.of(fleet);
  }
}
