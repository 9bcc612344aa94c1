package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.imports.FleetFormat;
import dev.stowage.sim.tool.imports.ImportOptions;
import dev.stowage.sim.tool.imports.Imported;
import dev.stowage.sim.tool.plan.FleetExport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage import}: make the files of {@code stowage plan} of another system's output. */
@Command(
    name = "import",
    header = "Make files for 'stowage plan' of what another system prints.",
    description = {
      "",
      "Writes workers.csv, chunks.csv, held.csv and plan.yaml. The plan.yaml has the floors that"
          + " the source asks for and movement_budget_bytes: 0, so that a first plan copies only"
          + " what is short. Guesses nothing: what a source does not say is asked for by an option,"
          + " and what contradicts itself or was cut off is refused. Files that are erasure coded"
          + " are left out with a warning, because their parts are no copies.",
      "",
      "FORMAT is one of:",
      "",
      "  kafka          the JSON of kafka-reassign-partitions (of --generate the",
      "                 current assignment) or the text of kafka-topics --describe;",
      "                 for sizes the JSON of kafka-log-dirs --describe",
      "  elasticsearch  _cat/shards?v and _cat/nodes?v&h=name,node.role,disk.total,",
      "                 or both with format=json",
      "  ceph           pg dump -f json, osd df tree -f json, and to tell erasure coded",
      "                 pools and names osd pool ls detail -f json",
      "  hdfs           fsck PATH -files -blocks -locations (or -racks, or",
      "                 -replicaDetails)",
      "  helix          JSON of ideal states and of the configurations of instances",
      "  csv            tables with a header, one row for each replica, chunk or",
      "                 worker; keys: dataset, chunk_id, first_block, last_block,",
      "                 size_bytes, floor, worker_id, capacity_bytes, zone, status,",
      "                 complete, leaving",
      ""
    },
    parameterListHeading = "Parameters:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "  stowage import kafka topics.txt log-dirs.json --capacity 4TB --out fleet",
      "  stowage import elasticsearch shards.txt nodes.txt --out fleet",
      "  stowage import csv copies.csv --map chunk_id=file,worker_id=host --floor 2 \\",
      "      --capacity 500GB --out fleet",
      "  stowage plan --from fleet --out next"
    },
    exitCodeList = {
      " 0:all files are written",
      " 1:the command line is wrong: an unknown option, an unknown format",
      " 2:a file is missing, cut off or contradictory, or something lacks, and nothing is written;"
          + " or the output folder is not writable"
    })
final class ImportCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FORMAT",
      converter = Words.Format.class,
      description = "The system whose output is read.")
  private FleetFormat format;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE", description = "Its output.")
  private List<Path> files = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "The folder for the files; it is created if it does not exist.")
  private Path out;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = Words.Bytes.class,
      description = "The size of each chunk whose size is not in the files, such as 64MiB.")
  private @Nullable Long size;

  @Option(
      names = "--sizes",
      paramLabel = "FILE",
      description = "A CSV file with the columns dataset, chunk_id and size_bytes.")
  private @Nullable Path sizes;

  @Option(
      names = "--capacity",
      paramLabel = "SIZE",
      converter = Words.Bytes.class,
      description = "The capacity of each worker whose capacity is not in the files, such as 8TiB.")
  private @Nullable Long capacity;

  @Option(
      names = "--capacities",
      paramLabel = "FILE",
      description = "A CSV file with the columns worker_id and capacity_bytes.")
  private @Nullable Path capacities;

  @Option(
      names = "--floor",
      paramLabel = "N",
      converter = WholeNumber.Floor.class,
      description = "The replicas of each chunk for which the files ask for no number.")
  private @Nullable Integer floor;

  @Option(
      names = "--map",
      paramLabel = "KEY=COLUMN",
      split = ",",
      description = "The columns of a CSV file that are called otherwise than the keys above.")
  private Map<String, String> columns = new LinkedHashMap<>();

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws BadInputException, OutputException {
    if (!columns.isEmpty() && format != FleetFormat.CSV) {
      throw new ParameterException(spec.commandLine(), "'--map' needs the format csv");
    }
    for (String key : columns.keySet()) {
      Words.require(spec, "--map", key, FleetFormat.keys());
    }
    ImportOptions options =
        new ImportOptions(
            size == null ? OptionalLong.empty() : OptionalLong.of(size),
            capacity == null ? OptionalLong.empty() : OptionalLong.of(capacity),
            Optional.ofNullable(sizes),
            Optional.ofNullable(capacities),
            floor == null ? OptionalInt.empty() : OptionalInt.of(floor),
            columns);
    Imported imported;
    try (ProgressListener progress = console.progress()) {
      progress.at(0, "reading");
      imported = format.read(files, options);
      progress.at(3 / 4.0, "writing");
      OutputFolder.opened(out, FleetExport.names()).write(imported.files().texts());
    }
    ObjectNode document = imported.files().json();
    imported.warnings().forEach(document.putArray("warnings")::add);
    console.document(document);
    PrintWriter warned = console.warnings();
    imported.warnings().forEach(warned::println);
    warned.flush();
    console.text().println(imported.files().summary());
    console.text().println("Written to " + out);
    console.text().flush();
    return ExitCode.OK;
  }
}
