package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.evidence.files.SegmentSink;
import dev.stowage.evidence.files.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The recording that a run writes: beside its place while the run lasts, in its place after it. */
final class RecordingFile implements AutoCloseable {
  private final Path place;
  private final WholeFile whole;
  private final Watched sink;

  private RecordingFile(Path place, WholeFile whole) {
    this.place = place;
    this.whole = whole;
    this.sink = new Watched(SegmentSink.file(whole.part(), SegmentSink.Fsync.NEVER));
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
          place, "a file in a folder that can be written to", OutputException.reason(refused));
    }
    return new RecordingFile(place, whole);
  }

  EvidenceSink sink() {
    return sink;
  }

  /**
   * Ends the recording and moves it to its place.
   *
   * @throws OutputException if a record is missing in it, or it cannot be put there
   */
  void keep() throws OutputException {
    sink.close();
    EvidenceException.Unavailable lost = sink.refused;
    if (lost != null) {
      throw new OutputException(place, "a disk with room for the whole recording", inWords(lost));
    }
    try {
      whole.keep();
    } catch (IOException refused) {
      throw new OutputException(place, "a file that can be written", "one that cannot");
    }
  }

  /** Removes an unkept recording. */
  @Override
  public void close() throws OutputException {
    try (whole) {
      sink.close();
    } catch (IOException refused) {
      throw new OutputException(whole.part(), "a file that can be removed", "one that cannot");
    }
  }

  /** Returns the message of a failure and the device's own reason. */
  static String inWords(EvidenceException failure) {
    Throwable cause = failure.getCause();
    return failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }

  /**
   * A sink that remembers its last failure, since a log goes on while records wait for the sink.
   * Once it takes a batch again, it has all that waited.
   */
  private static final class Watched implements EvidenceSink {
    private final EvidenceSink inner;
    private EvidenceException.@Nullable Unavailable refused;

    private Watched(EvidenceSink inner) {
      this.inner = inner;
    }

    @Override
    public void begin(EvidenceHeader header, ChainPoint start) {
      watched(() -> inner.begin(header, start));
    }

    @Override
    public void accept(RecordBatch batch) {
      watched(() -> inner.accept(batch));
      refused = null;
    }

    @Override
    public void flush() {
      watched(inner::flush);
    }

    @Override
    public boolean holdsEverything() {
      return inner.holdsEverything();
    }

    @Override
    public void close() {
      watched(inner::close);
    }

    private void watched(Runnable step) {
      try {
        step.run();
      } catch (EvidenceException.Unavailable failure) {
        refused = failure;
        throw failure;
      }
    }
  }
}
