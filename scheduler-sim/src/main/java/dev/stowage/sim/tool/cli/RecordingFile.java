package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.files.SegmentSink;
import dev.stowage.evidence.files.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The recording that a run writes: beside its place while the run lasts, in its place after it. */
final class RecordingFile implements AutoCloseable {
  private final Path place;
  private final WholeFile whole;
  private final SegmentSink sink;

  private RecordingFile(Path place, WholeFile whole) {
    this.place = place;
    this.whole = whole;
    this.sink = SegmentSink.file(whole.part(), SegmentSink.Fsync.NEVER);
  }

  /**
   * Begins a recording for {@code place}, whose contents stay until {@link #keep}.
   *
   * @throws OutputException if nothing can be written there
   */
  static RecordingFile begun(Path place) throws OutputException {
    if (Files.isDirectory(place)) {
      throw new OutputException(place, "a file", "a folder");
    }
    WholeFile whole = WholeFile.of(place);
    try {
      whole.write(new byte[0]);
    } catch (IOException refused) {
      throw new OutputException(
          place, "a file in a folder that can be written to", refused.getMessage());
    }
    return new RecordingFile(place, whole);
  }

  EvidenceSink sink() {
    return sink;
  }

  /**
   * Ends the recording and moves it to its place.
   *
   * @throws OutputException if it cannot be put there
   */
  void keep() throws OutputException {
    sink.close();
    try {
      whole.keep();
    } catch (IOException refused) {
      throw new OutputException(place, "a file that can be written", "one that cannot");
    }
  }

  /** Removes what was not kept. */
  @Override
  public void close() throws OutputException {
    try (whole) {
      sink.close();
    } catch (IOException refused) {
      throw new OutputException(whole.part(), "a file that can be removed", "one that cannot");
    }
  }
}
