package dev.stowage.evidence.files;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Writes evidence as JSON lines, specified in {@code docs/internals/evidence-format.md}: the
 * header, then records in hexadecimal and words. Numbers above 2^53 are strings. One call at a
 * time.
 */
public final class JsonLinesSink implements EvidenceSink {
  private final Target target;
  private final RecordCatalog catalog;
  private final StringBuilder lines = new StringBuilder();
  private long nextIndex;

  private interface Target extends AutoCloseable {
    void append(byte[] bytes);

    void flush();

    @Override
    void close();
  }

  private JsonLinesSink(Target target, RecordCatalog catalog) {
    this.target = target;
    this.catalog = Objects.requireNonNull(catalog, "catalog");
  }

  /** Creates a sink to a new file; throws {@link EvidenceException.Unavailable} unless empty. */
  public static JsonLinesSink file(Path file, RecordCatalog catalog) {
    try {
      if (Files.exists(file) && Files.size(file) > 0) {
        throw new EvidenceException.Unavailable(
            file + " is not empty", new IOException("JSON lines are written to a new file"));
      }
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot read " + file, e);
    }
    return new JsonLinesSink(new FileTarget(AppendFile.open(file, 0)), catalog);
  }

  /** Creates a sink to a stream, which it closes; a failed write may leave half a line there. */
  public static JsonLinesSink stream(OutputStream stream, RecordCatalog catalog) {
    return new JsonLinesSink(new StreamTarget(stream), catalog);
  }

  @Override
  public void begin(EvidenceHeader header, ChainPoint start) {
    lines.setLength(0);
    lines.append("{\"evidence\":").append(header.formatVersion()).append(",\"library\":");
    quoted(header.libraryVersion());
    lines.append(",\"seed\":");
    quoted(Long.toUnsignedString(header.seed()));
    lines.append(",\"header\":");
    quoted(HexFormat.of().formatHex(header.encode()));
    lines.append(",\"start\":").append(start.index()).append(",\"hash\":\"").append(start.hash());
    lines.append("\"}\n");
    write();
    nextIndex = start.index();
  }

  @Override
  public void accept(RecordBatch batch) {
    if (batch.endIndex() <= nextIndex) {
      return;
    }
    RecordBatch fresh = batch.firstIndex() < nextIndex ? batch.tailFrom(nextIndex) : batch;
    lines.setLength(0);
    if (fresh.firstIndex() > nextIndex) {
      lines.append("{\"gap\":{\"from\":").append(nextIndex);
      lines.append(",\"to\":").append(fresh.firstIndex() - 1);
      lines.append(",\"hash\":\"").append(fresh.anchor().from().hash()).append("\"}}\n");
    }
    for (int i = 0; i < fresh.count(); i++) {
      line(catalog.explain(fresh.record(i)));
    }
    write();
    nextIndex = fresh.endIndex();
  }

  private void line(Explained explained) {
    EvidenceRecord record = explained.record();
    lines.append("{\"index\":").append(record.index());
    lines.append(",\"stream\":\"").append(record.stream());
    lines.append("\",\"type\":\"").append(explained.type().name());
    lines.append("\",\"wire\":").append(record.wire());
    lines.append(",\"payload\":\"").append(HexFormat.of().formatHex(record.sharedPayload()));
    lines.append("\",\"hash\":\"").append(record.hash());
    lines.append("\",\"text\":");
    quoted(explained.text());
    lines.append(",\"subjects\":");
    subjects(explained.subjects());
    lines.append("}\n");
  }

  private void subjects(List<Subject> subjects) {
    lines.append('[');
    for (int i = 0; i < subjects.size(); i++) {
      lines.append(i == 0 ? "" : ",");
      quoted(subjects.get(i).toString());
    }
    lines.append(']');
  }

  private void quoted(String text) {
    lines.append('"');
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit == '"' || unit == '\\') {
        lines.append('\\').append(unit);
      } else if (unit < 0x20 || Character.isSurrogate(unit) || unit == 0x7F) {
        lines.append("\\u").append(HexFormat.of().toHexDigits(unit));
      } else {
        lines.append(unit);
      }
    }
    lines.append('"');
  }

  private void write() {
    target.append(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void flush() {
    target.flush();
  }

  @Override
  public boolean holdsEverything() {
    return true;
  }

  @Override
  public void close() {
    target.close();
  }

  private record FileTarget(AppendFile file) implements Target {
    @Override
    public void append(byte[] bytes) {
      file.append(bytes, bytes.length);
    }

    @Override
    public void flush() {
      file.forceName();
    }

    @Override
    public void close() {
      file.close();
    }
  }

  private record StreamTarget(OutputStream stream) implements Target {
    @Override
    public void append(byte[] bytes) {
      try {
        stream.write(bytes);
      } catch (IOException e) {
        throw new EvidenceException.Unavailable("cannot write " + bytes.length + " bytes", e);
      }
    }

    @Override
    public void flush() {
      try {
        stream.flush();
      } catch (IOException e) {
        throw new EvidenceException.Unavailable("cannot flush the stream", e);
      }
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException e) {
        throw new EvidenceException.Unavailable("cannot close the stream", e);
      }
    }
  }
}
