package dev.stowage.evidence.files;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceException.Damage;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.evidence.Retention;
import dev.stowage.evidence.Verifier.Anchor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes binary segments to a file or directory; {@code docs/internals/evidence-format.md} has the
 * bytes. Reopening cuts a torn end and goes on behind the last whole record. One sink per file or
 * directory, one call at a time. Opening throws {@link EvidenceException.Malformed} if a file holds
 * something else, {@link EvidenceException.Unavailable} if another sink writes it.
 */
public final class SegmentSink implements EvidenceSink {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final boolean directory;
  private final Config config;
  private final List<Long> segmentStarts = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private @Nullable EvidenceHeader header;
  private @Nullable AppendFile file;
  private ChainPoint segmentStart = new ChainPoint(0, Hash256.ZERO);
  private @Nullable ChainPoint end;
  private boolean isClosed;

  /** The times at which written bytes are forced to the device. */
  public enum Fsync {
    /** Never: a crash of the operating system may lose bytes. */
    NEVER,
    /** When the log is flushed. */
    ON_FLUSH,
    /** After every batch. */
    EACH_BATCH
  }

  /**
   * Settings of segments: a segment closes at {@code maxSegmentBytes}, at least 4,096; whole
   * segments beyond the retention, which has no age, are deleted, oldest first, all but one.
   */
  public record Config(Fsync fsync, long maxSegmentBytes, Retention retention) {
    /** Throws {@code IllegalArgumentException} if a bound is out of range. */
    public Config {
      Objects.requireNonNull(fsync, "fsync");
      if (maxSegmentBytes < 4096) {
        throw new IllegalArgumentException(
            "maxSegmentBytes is " + maxSegmentBytes + "; at least 4096 is accepted");
      }
      if (retention.maxAgeTicks() != Long.MAX_VALUE) {
        throw new IllegalArgumentException(
            "retention has maxAgeTicks "
                + retention.maxAgeTicks()
                + "; segments have no ticks, so only records and bytes can be bounded");
      }
    }
  }

  private SegmentSink(Path path, boolean directory, Config config) {
    this.path = path;
    this.directory = directory;
    this.config = config;
  }

  /** Opens or creates one file for all records. */
  public static SegmentSink file(Path file, Fsync fsync) {
    SegmentSink sink =
        new SegmentSink(file, false, new Config(fsync, Long.MAX_VALUE, Retention.unlimited()));
    try {
      if (Files.exists(file) && Files.size(file) > 0) {
        sink.reopen(sink.withoutTornHead(List.of(file)));
      }
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot read " + file, e);
    }
    return sink;
  }

  /** Opens or creates a directory of segments. */
  public static SegmentSink directory(Path directory, Config config) {
    SegmentSink sink = new SegmentSink(directory, true, config);
    try {
      Files.createDirectories(directory);
      List<Path> segments = EvidenceFile.segmentsIn(directory);
      if (!segments.isEmpty()) {
        sink.reopen(sink.withoutTornHead(segments));
      }
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot use " + directory, e);
    }
    return sink;
  }

  private List<Path> withoutTornHead(List<Path> segments) throws IOException {
    Path last = segments.get(segments.size() - 1);
    try (FileWindow window = FileWindow.open(last)) {
      if (!SegmentFormat.isTornHead(window)) {
        return segments;
      }
      damages.add(new Damage(last, window.size(), 0, "a whole head", "a torn one; file deleted"));
    }
    Files.delete(last);
    return segments.subList(0, segments.size() - 1);
  }

  private void reopen(List<Path> segments) {
    for (Path segment : segments) {
      try (SegmentScanner scanner = SegmentScanner.open(FileWindow.open(segment))) {
        EvidenceHeader first = header;
        if (first != null) {
          first.requireSame(scanner.header());
        }
        header = scanner.header();
        segmentStart = scanner.start();
        segmentStarts.add(segmentStart.index());
      }
    }
    if (!segments.isEmpty()) {
      reopenLast(segments.get(segments.size() - 1));
    }
  }

  private void reopenLast(Path last) {
    long goodEnd;
    try (SegmentScanner scanner = SegmentScanner.open(FileWindow.open(last))) {
      SegmentScanner.Step step = scanner.next();
      while (step != SegmentScanner.Step.EOF) {
        if (step == SegmentScanner.Step.DAMAGE) {
          scanner.damage().ifPresent(damages::add);
        }
        step = scanner.next();
      }
      goodEnd = scanner.goodEnd();
      end = scanner.goodPoint();
    }
    file = AppendFile.open(last, goodEnd);
  }

  /** Returns the point behind the last whole record; empty if there is no file yet. */
  public Optional<ChainPoint> end() {
    return Optional.ofNullable(end);
  }

  /** Returns the damage found when the sink was opened, without gaps. */
  public List<Damage> damages() {
    return List.copyOf(damages);
  }

  /**
   * Begins or continues a file; throws {@link EvidenceException.Mismatch} for another run, {@link
   * EvidenceException.Broken} if the log starts before the file's end or with another hash.
   */
  @Override
  public void begin(EvidenceHeader runHeader, ChainPoint start) {
    EvidenceHeader known = header;
    ChainPoint reached = end;
    if (known == null || reached == null) {
      header = runHeader;
      beginSegment(runHeader, start);
      return;
    }
    known.requireSame(runHeader);
    if (start.index() < reached.index()
        || (start.index() == reached.index() && !start.hash().equals(reached.hash()))) {
      throw new EvidenceException.Broken(
          start.index(), path + " ends at " + reached + ", the log starts at " + start);
    }
  }

  @Override
  public void accept(RecordBatch batch) {
    current();
    ChainPoint reached = Objects.requireNonNull(end);
    if (batch.endIndex() <= reached.index()) {
      return;
    }
    RecordBatch fresh =
        batch.firstIndex() < reached.index() ? batch.tailFrom(reached.index()) : batch;
    if (fresh.firstIndex() > reached.index()) {
      ChainPoint resumed = fresh.anchor().from();
      byte[] gap = SegmentFormat.gapPayload(resumed);
      put(SegmentFormat.mark(reached.index(), SegmentFormat.GAP, gap, resumed.hash()));
      end = resumed;
    }
    write(fresh);
    if (config.fsync() == Fsync.EACH_BATCH) {
      current().force();
    }
  }

  private void write(RecordBatch batch) {
    for (int i = 0; i < batch.count(); i++) {
      int frame = SegmentFormat.FRAME_OVERHEAD + batch.payloadLength(i);
      if (buffered + frame > buffer.length) {
        writeBuffered(batch, i);
        buffer = frame > buffer.length ? new byte[frame] : buffer;
      }
      if (isFull(frame)) {
        writeBuffered(batch, i);
        roll();
      }
      buffered = encode(batch, i, buffered);
    }
    writeBuffered(batch, batch.count());
  }

  private int encode(RecordBatch batch, int position, int start) {
    int at =
        SegmentFormat.putFrame(
            buffer,
            start,
            batch.firstIndex() + position,
            batch.bytes(),
            batch.frameOffset(position));
    System.arraycopy(batch.bytes(), batch.hashOffset(position), buffer, at, Hash256.BYTES);
    return SegmentFormat.sealFrame(buffer, start, at + Hash256.BYTES);
  }

  private void writeBuffered(RecordBatch batch, int count) {
    if (buffered == 0) {
      return;
    }
    int length = buffered;
    // if the write fails, the whole batch comes again from the last point reached
    buffered = 0;
    current().append(buffer, length);
    end = new ChainPoint(batch.firstIndex() + count, batch.hash(count - 1));
  }

  private boolean isFull(int frameBytes) {
    long size = current().size() + buffered;
    return directory
        && size + frameBytes > config.maxSegmentBytes()
        && endIndexWithBuffer() > segmentStart.index();
  }

  private long endIndexWithBuffer() {
    ChainPoint reached = end;
    return buffered > 0 || reached == null ? Long.MAX_VALUE : reached.index();
  }

  private void roll() {
    EvidenceHeader known = header;
    ChainPoint reached = end;
    if (known == null || reached == null) {
      throw new IllegalStateException(
          "the sink is not open: call begin first, and nothing after close");
    }
    closeSegment();
    beginSegment(known, reached);
    trim(reached.index());
  }

  private void beginSegment(EvidenceHeader runHeader, ChainPoint start) {
    Path target = directory ? SegmentName.in(path, start.index()) : path;
    byte[] head = SegmentFormat.encodeHead(runHeader, start);
    AppendFile opening = AppendFile.open(target, 0);
    try {
      opening.append(head, head.length);
      if (config.fsync() != Fsync.NEVER) {
        opening.forceName();
      }
    } catch (RuntimeException refused) {
      opening.close();
      throw refused;
    }
    file = opening;
    segmentStart = start;
    segmentStarts.add(start.index());
    end = start;
  }

  private void closeSegment() {
    ChainPoint reached = end;
    AppendFile closing = file;
    if (reached == null || closing == null) {
      return;
    }
    byte[] payload = SegmentFormat.endPayload(new Anchor(segmentStart, reached));
    put(SegmentFormat.mark(reached.index(), SegmentFormat.END, payload, reached.hash()));
    if (config.fsync() != Fsync.NEVER) {
      closing.force();
    }
    file = null;
    closing.close();
  }

  private void trim(long endIndex) {
    if (config.retention().isUnlimited()) {
      return;
    }
    try {
      while (segmentStarts.size() > 1 && isOver(endIndex)) {
        Files.deleteIfExists(SegmentName.in(path, segmentStarts.get(0)));
        segmentStarts.remove(0);
      }
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot delete an old segment of " + path, e);
    }
  }

  private boolean isOver(long endIndex) throws IOException {
    if (endIndex - segmentStarts.get(0) > config.retention().maxRecords()) {
      return true;
    }
    if (config.retention().maxBytes() == Long.MAX_VALUE) {
      return false;
    }
    long bytes = 0;
    for (long start : segmentStarts) {
      Path segment = SegmentName.in(path, start);
      bytes += Files.exists(segment) ? Files.size(segment) : 0;
    }
    return bytes > config.retention().maxBytes();
  }

  private void put(byte[] frame) {
    current().append(frame, frame.length);
  }

  /** Returns the file to write to; begins the segment that the device refused when it was due. */
  private AppendFile current() {
    EvidenceHeader known = header;
    ChainPoint reached = end;
    if (isClosed || known == null || reached == null) {
      throw new IllegalStateException(
          "the sink is not open: call begin first, and nothing after close");
    }
    if (file == null) {
      beginSegment(known, reached);
    }
    return Objects.requireNonNull(file);
  }

  @Override
  public void flush() {
    AppendFile open = current();
    if (config.fsync() != Fsync.NEVER) {
      open.force();
    }
  }

  @Override
  public boolean holdsEverything() {
    return config.retention().isUnlimited();
  }

  @Override
  public void close() {
    AppendFile open = file;
    try {
      closeSegment();
    } finally {
      isClosed = true;
      file = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
