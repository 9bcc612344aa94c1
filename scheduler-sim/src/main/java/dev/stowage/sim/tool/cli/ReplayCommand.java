package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.Replayer.ReplayComparison;
import dev.stowage.evidence.Replayer.ReplayComparison.RecordDifference;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.files.EvidenceFile.FileReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage replay}: is this record whole, and would the same inputs lead to it again? */
@Command(
    name = "replay",
    header = "Verify a recording, run it again, and show where it first differs.",
    description = {
      "",
      "Reads a recording, checks every checksum and every link of its hash chain, then feeds the"
          + " recorded inputs, and nothing else, to a fresh engine: each decision must be the"
          + " recorded one to the last bit. With --compare, two recordings are compared with each"
          + " other instead. The first difference is shown with both of its sides.",
      ""
    },
    footer = {
      "  stowage demo --record run.evidence      write a recording",
      "  stowage replay run.evidence             verify it, and run it again",
      "  stowage replay --head 3f..a9 run.evidence",
      "                                          the chain must also end where you know it",
      "                                          to end, which detects a cut tail",
      "  stowage replay --compare a.evidence b.evidence",
      "                                          where two runs first differ"
    },
    exitCodeList = {
      " 0:the recording is whole and replays equal (with --compare: both are equal)",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:a file is missing, unreadable or not evidence, or cannot be replayed",
      " 3:the recording is damaged, or a difference was found"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int HASH_DIGITS = 64;

  private final Console console;
  private final ObjectNode document = LiveAnswer.object();
  private final ArrayNode lines = document.putArray("lines");

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "A recording: a file, or a folder of segments.")
  private @Nullable Path recording;

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "FILE",
      description = "Compare these two recordings; neither is replayed.")
  private List<Path> compared = List.of();

  @Option(
      names = "--head",
      paramLabel = "HASH",
      description = "The hash that the chain must end with, 64 hexadecimal digits.")
  private @Nullable String head;

  ReplayCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    boolean isComparison = !compared.isEmpty();
    Path only = recording;
    if (isComparison == (only != null) || compared.size() > 2) {
      throw new ParameterException(
          spec.commandLine(), "Expected either FILE or --compare with two files.");
    }
    String end = head;
    if (end != null && (isComparison || !end.matches("[0-9a-fA-F]{" + HASH_DIGITS + "}"))) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--head': expected 64 hexadecimal digits and one FILE, found "
              + end);
    }
    int code = only == null ? compare(compared.get(0), compared.get(1)) : replay(only);
    document.put("is_same", code == ExitCode.OK);
    console.document(document);
    console.text().flush();
    return code;
  }

  private void tell(String what, String said) {
    lines.addObject().put("what", what).put("said", said);
    console.text().printf(Locale.ROOT, "%-11s%s%n", what, said);
  }

  private void tell(RecordDifference difference, Recording run) {
    String said = difference.describe(run.catalog());
    document.put("difference", said);
    console.text().println(said);
  }

  private int replay(Path place) throws UnreadableException {
    try (Recording run = Recording.open(place);
        ProgressListener progress = console.progress()) {
      Optional<FileReport> whole = run.verified(this::tell, Optional.ofNullable(head));
      if (whole.isEmpty()) {
        return ExitCode.VIOLATION;
      }
      if (!run.beginsAtTheStart()) {
        throw new UnreadableException(
            place
                + ": expected the records from the first one on, found them from record "
                + run.firstIndex()
                + " on; a trimmed recording cannot be replayed");
      }
      return tell(run, again(run, whole.get().records(), progress));
    }
  }

  private ReplayResult again(Recording run, long records, ProgressListener progress)
      throws UnreadableException {
    try {
      return run.again(records, progress);
    } catch (EvidenceException.UnknownType
        | EvidenceException.Mismatch
        | EvidenceException.Malformed foreign) {
      throw new UnreadableException(
          run.place()
              + ": expected a recording that this version can run again, found "
              + foreign.getMessage());
    }
  }

  private int tell(Recording run, ReplayResult result) {
    if (result instanceof ReplayResult.Same same) {
      tell("replayed", same.inputs() + " inputs led to the same " + same.outcomes() + " outcomes");
      run.parts().forEach(each -> tell("part", each.toString()));
      return ExitCode.OK;
    }
    RecordDifference difference = ((ReplayResult.Differs) result).difference();
    tell("replayed", "differs: 'expected' was recorded, 'found' was replayed");
    tell(difference, run);
    return ExitCode.VIOLATION;
  }

  private int compare(Path one, Path other) throws UnreadableException {
    try (Recording left = Recording.open(one);
        Recording right = Recording.open(other)) {
      boolean isLeftWhole = left.verified(this::tell, Optional.empty()).isPresent();
      boolean isRightWhole = right.verified(this::tell, Optional.empty()).isPresent();
      if (!isLeftWhole || !isRightWhole) {
        return ExitCode.VIOLATION;
      }
      List<HeaderDifference> headers = left.header().differencesFrom(right.header());
      headers.forEach(each -> tell("header", each.toString()));
      long first = Math.max(left.firstIndex(), right.firstIndex());
      if (left.firstIndex() != right.firstIndex()) {
        tell("compared", "from record " + first + " on, because one of the two begins there");
      }
      ReplayComparison comparison =
          ReplayComparison.of(left.recordsFrom(first), right.recordsFrom(first));
      tell("compared", inWords(comparison));
      ReplayComparison.firstDifference(left.recordsFrom(first), right.recordsFrom(first))
          .ifPresent(each -> tell(each, left));
      return comparison.isExact() && headers.isEmpty() ? ExitCode.OK : ExitCode.VIOLATION;
    }
  }

  private static String inWords(ReplayComparison comparison) {
    if (comparison instanceof ReplayComparison.MinorDifference minor) {
      return minor.count() == 1 ? "1 record differs" : minor.count() + " records differ";
    }
    return comparison.isExact() ? "every record is equal" : "these are different runs";
  }
}
