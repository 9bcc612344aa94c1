package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.files.SegmentSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The recording that a run writes: beside its place while the run lasts, in its place after it. */
final class RecordingFile implements AutoCloseable {
  private final Path place;
  private final Path beside;
  private final SegmentSink sink;

  private RecordingFile(Path place, Path beside) {
    this.place = place;
    this.beside = beside;
    this.sink = SegmentSink.file(beside, SegmentSink.Fsync.NEVER);
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
    Path folder = place.toAbsolutePath().getParent();
    Path name = place.getFileName();
    if (folder == null || name == null) {
      throw new OutputException(place, "a file", "a folder");
    }
    Path beside = folder.resolve("." + name + ".tmp");
    try {
      Files.deleteIfExists(beside);
      Files.createFile(beside);
    } catch (IOException refused) {
      throw new OutputException(
          place, "a file in a folder that can be written to", refused.getClass().getSimpleName());
    }
    return new RecordingFile(place, beside);
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
      Files.move(beside, place, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException refused) {
      throw new OutputException(place, "a file that can be written", "one that cannot");
    }
  }

  /** Removes what was not kept. */
  @Override
  public void close() throws OutputException {
    sink.close();
    try {
      Files.deleteIfExists(beside);
    } catch (IOException refused) {
      throw new OutputException(beside, "a file that can be removed", "one that cannot");
    }
  }
}
