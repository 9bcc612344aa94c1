package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.SelectionPolicy;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.files.SegmentSink;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stowage replay} on what a part of the library recorded without a facade. */
class ReplayPartsTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void replay_ofAContentSchedulersRecording_decidesAllOfItAgain() {
    ContentConfig config = ContentConfig.DEFAULT.withPolicy(SelectionPolicy.deadlineFirst());
    Path file =
        recorded(
            ContentScheduler.header(config, "test"),
            log -> {
              ContentScheduler scheduler = ContentScheduler.recording(config, log);
              for (int i = 0; i < 50; i++) {
                scheduler.schedule(item(i), i);
              }
              while (scheduler.decide(60).selected().isPresent()) {
                scheduler.complete(1);
              }
            });
    assertThat(run(file)).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("chain      intact", "led to the same");
  }

  @Test
  void replay_ofLanes_decidesAllOfItAgain() {
    ContentConfig narrow = ContentConfig.DEFAULT.withMaxStreams(1);
    Path lanes =
        recorded(
            ContentScheduler.header(narrow, "test"),
            log -> {
              ContentScheduler scheduler = ContentScheduler.recording(narrow, log);
              scheduler.schedule(item(1), 0);
              scheduler.schedule(item(7), 0);
              scheduler.decide(1);
              scheduler.complete(7);
              scheduler.decide(2);
            });
    assertThat(run(lanes)).as(err.toString()).isEqualTo(ExitCode.OK);
  }

  @Test
  void replay_ofARecordingThatClaimsAnotherConfiguration_showsTheFirstDifference() {
    ContentConfig claimed = ContentConfig.DEFAULT.withPolicy(SelectionPolicy.prefixFirst());
    Path file =
        recorded(
            ContentScheduler.header(claimed, "test"),
            log -> {
              ContentScheduler scheduler = ContentScheduler.recording(ContentConfig.DEFAULT, log);
              scheduler.schedule(item(3).with(ofObject(0)), 0);
              scheduler.schedule(item(11).with(ofObject(9)), 0);
              scheduler.decide(0);
            });
    assertThat(run(file)).isEqualTo(ExitCode.VIOLATION);
    assertThat(out.toString()).contains("CONTENT_SELECTED", "C3", "C11");
  }

  private static ItemDetails ofObject(long piece) {
    return new ItemDetails(Long.MAX_VALUE, null, new ItemDetails.Piece(1, piece), Map.of(), null);
  }

  private static ContentItem item(long id) {
    return ContentItem.of(id, PriorityClass.values()[(int) (id % 8)], 100, 1, id);
  }

  private Path recorded(EvidenceHeader header, Consumer<EvidenceLog> run) {
    Path file = folder.resolve("part-" + header.configHash() + ".evidence");
    try (SegmentSink sink = SegmentSink.file(file, SegmentSink.Fsync.NEVER);
        EvidenceLog log = EvidenceLog.builder(header).sink(sink, SinkPolicy.block()).build()) {
      run.accept(log);
    }
    return file;
  }

  private int run(Path file) {
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), false, () -> 0);
    return StowageCommand.commandLine(console).execute("replay", file.toString());
  }
}
