package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.audit.Audit;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stowage audit}: does everything hold that must, in a live store? */
@Command(
    name = "audit",
    aliases = "verify",
    header = "Check every state invariant of a live store, read only.",
    description = {
      "",
      "Reads the whole fleet as of its newest commit, in one snapshot that blocks no writer."
          + " Compares everything that is stored twice: the rows with their digest and with the"
          + " checksums of slices, the rows that slices, routes and deltas are read from, and the"
          + " chain of evidence from its anchor to its head. Then checks every invariant that can"
          + " be checked on one state.",
      ""
    },
    footer = {
      "  stowage audit --jdbc-url 'jdbc:postgresql://host/db?user=u&password=p'",
      "  stowage audit --jdbc-url jdbc:postgresql://host/db?user=u --schema fleet_eu"
    },
    exitCodeList = {
      " 0:every check passed",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:the database cannot be reached, or the schema has no fleet or one of another version",
      " 3:an invariant is violated, or a row was changed by hand"
    })
final class AuditCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveStore store = new LiveStore();

  AuditCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    store.requireUrl();
    try (ProgressListener progress = console.progress()) {
      progress.at(0, "reading");
      LiveStore.Audited read = store.audited();
      progress.at(1 / 2.0, "checking");
      ObjectNode document = LiveAnswer.object().put("set_aside", read.setAside());
      ArrayNode pieces = document.putArray("quarantine");
      for (QuarantinedNews piece : read.quarantine()) {
        pieces.add(inWords(piece));
        console.text().println("set aside: " + inWords(piece));
      }
      long more = read.setAside() - read.quarantine().size();
      if (more > 0) {
        console.text().println("set aside: " + more + " more; table quarantine lists all of them");
      }
      boolean isWhole = judged(read.fleet(), read.problems(), document);
      console.document(document.put("sound", isWhole));
      return isWhole ? ExitCode.OK : ExitCode.VIOLATION;
    }
  }

  private static String inWords(QuarantinedNews piece) {
    return "command "
        + piece.mark()
        + ", "
        + piece.kind().orElse("of an unknown kind")
        + piece.worker().map(worker -> " of worker " + worker).orElse("")
        + ", set aside at "
        + piece.setAsideAt()
        + ", "
        + piece.bytes()
        + " bytes with digest "
        + piece.digest()
        + ": "
        + StorageException.printable(piece.reason());
  }

  private boolean judged(LifecycleState state, List<String> problems, ObjectNode document) {
    List<String> all = new ArrayList<>(problems);
    Audit.check(state.snapshot()).forEach(found -> all.add(found.toString()));
    all.forEach(console.text()::println);
    all.forEach(document.putArray("violations")::add);
    boolean isWhole = all.isEmpty();
    document
        .put("chunks", state.chunkCount())
        .put("replicas", state.replicaCount())
        .put("worker_assignment", state.newestWorkerAssignment().value())
        .put("portal_assignment", state.newestPortalAssignment().value())
        .put("digest", Long.toHexString(state.fullDigest()));
    console
        .text()
        .printf(
            Locale.ROOT,
            "%d chunks, %d replicas, worker assignment %s, portal assignment %s, digest %s: %s%n",
            state.chunkCount(),
            state.replicaCount(),
            state.newestWorkerAssignment(),
            state.newestPortalAssignment(),
            Long.toHexString(state.fullDigest()),
            isWhole ? "every check passed" : "NOT every check passed");
    console.text().flush();
    return isWhole;
  }
}
