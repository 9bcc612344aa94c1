package dev.stowage.lifecycle.documents;

import dev.stowage.columns.ForeignText;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.shape.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A row as a document: its name, the version of the format, the fleet, the fields, and a CRC-32C of
 * all these, which detects damage but no forgery.
 *
 * <p>Binary: the magic {@code STWE}, a version byte, the canonical encoding of name, fleet and row
 * ({@link CanonicalWriter}), and the checksum in four bytes, the highest first. JSON: {@code
 * format} ({@code stowage.} and the name), {@code version}, {@code fleet}, the fields, and {@code
 * crc}, eight hexadecimal digits over all bytes before its comma. Other writers may omit {@code
 * crc} and default fields. Not thread-safe; {@link #seal} is.
 */
@SuppressWarnings("exports") // shapes are for our own clients
public final class Envelope {
  private static final byte[] MAGIC = "STWE".getBytes(StandardCharsets.US_ASCII);
  private static final String FORMAT = "stowage.";
  private static final String CRC = ",\"crc\":\"";
  private static final int CRC_LENGTH = CRC.length() + 2 * Integer.BYTES + 2;

  private final DocumentFormat format;
  private final String name;
  private final String fleet;
  private final @Nullable JsonReader json;
  private final @Nullable CanonicalReader binary;

  private Envelope(
      DocumentFormat format,
      String name,
      String fleet,
      @Nullable JsonReader json,
      @Nullable CanonicalReader binary) {
    this.format = format;
    this.name = name;
    this.fleet = fleet;
    this.json = json;
    this.binary = binary;
  }

  /** Returns the bytes of a row of a fleet. */
  public static <T> byte[] seal(DocumentFormat format, String fleet, Shape<T> shape, T row) {
    return format == DocumentFormat.JSON ? json(fleet, shape, row) : binary(fleet, shape, row);
  }

  private static <T> byte[] json(String fleet, Shape<T> shape, T row) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteOutput out = new ByteOutput(bytes);
    JsonWriter writer = new JsonWriter(out);
    writer.open('{');
    writer.text("format", FORMAT + shape.name());
    writer.number("version", DocumentFormat.VERSION);
    writer.text("fleet", fleet);
    shape.write(row, writer);
    out.flush();
    byte[] open = bytes.toByteArray();
    int end = open.length - 1;
    String crc = CRC + HexFormat.of().toHexDigits(checksum(open, end)) + "\"}";
    byte[] all = Arrays.copyOf(open, end + CRC_LENGTH);
    System.arraycopy(crc.getBytes(StandardCharsets.US_ASCII), 0, all, end, CRC_LENGTH);
    return all;
  }

  private static <T> byte[] binary(String fleet, Shape<T> shape, T row) {
    CanonicalWriter out = new CanonicalWriter().string(shape.name()).string(fleet);
    byte[] body = out.row(shape, row).toBytes();
    ByteBuffer all = ByteBuffer.allocate(MAGIC.length + 1 + body.length + Integer.BYTES);
    all.put(MAGIC).put((byte) DocumentFormat.VERSION).put(body);
    return all.putInt(checksum(all.array(), all.position())).array();
  }

  /** Opens a document; throws {@link DocumentException} for damage or another version. */
  public static Envelope open(byte[] bytes) {
    boolean isBinary = bytes.length > 0 && bytes[0] == MAGIC[0];
    try {
      return isBinary ? openBinary(bytes) : openJson(bytes);
    } catch (EvidenceException.Malformed malformed) {
      throw damaged(malformed);
    }
  }

  private static Envelope openBinary(byte[] bytes) {
    int begin = MAGIC.length + 1;
    int end = bytes.length - Integer.BYTES;
    if (end < begin || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
      throw DocumentReader.malformed(0, "this is no document of a client, or it is cut off");
    }
    DocumentReader.expectVersion(bytes[MAGIC.length], MAGIC.length);
    if (ByteBuffer.wrap(bytes).getInt(end) != checksum(bytes, end)) {
      throw DocumentReader.malformed(end, "the checksum differs: it is cut off or was changed");
    }
    CanonicalReader in = CanonicalReader.of(bytes, begin, end - begin);
    return new Envelope(DocumentFormat.BINARY, in.string(), in.string(), null, in);
  }

  private static Envelope openJson(byte[] bytes) {
    byte[] read = withoutChecksum(bytes);
    JsonReader in = new JsonReader(read);
    in.open('{');
    String format = in.text("format", "");
    DocumentReader.expectVersion(in.number("version", 0), in.field);
    if (!format.startsWith(FORMAT)) {
      throw new DocumentException.Unsupported(
          0, "the format is " + ForeignText.quoted(format) + "; " + FORMAT + "* is read");
    }
    String fleet = in.text("fleet", "");
    return new Envelope(DocumentFormat.JSON, format.substring(FORMAT.length()), fleet, in, null);
  }

  private static byte[] withoutChecksum(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && " \t\r\n".indexOf(bytes[end - 1]) >= 0) {
      end--;
    }
    int from = end - CRC_LENGTH;
    if (from < 0
        || !ascii(bytes, from, from + CRC.length()).equals(CRC)
        || !ascii(bytes, end - 2, end).equals("\"}")) {
      return bytes;
    }
    String given = ascii(bytes, from + CRC.length(), end - 2);
    if (!given.equals(HexFormat.of().toHexDigits(checksum(bytes, from)))) {
      throw DocumentReader.malformed(from, "the checksum differs: it is cut off or was changed");
    }
    byte[] read = Arrays.copyOf(bytes, from + 1);
    read[from] = '}';
    return read;
  }

  private static String ascii(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static DocumentException damaged(EvidenceException.Malformed malformed) {
    return new DocumentException.Malformed(
        malformed.offset(), Objects.requireNonNull(malformed.getMessage()));
  }

  /** Returns the format of the document. */
  public DocumentFormat format() {
    return format;
  }

  /** Returns the name of the row. */
  public String name() {
    return name;
  }

  /** Returns the fleet of the row. */
  public String fleet() {
    return fleet;
  }

  /** Reads the row, once; throws {@link DocumentException} if it is no row of {@code shape}. */
  public <T> T read(Shape<T> shape) {
    if (!shape.name().equals(name)) {
      throw new DocumentException.Unsupported(
          0, "a document of " + ForeignText.quoted(name) + "; " + shape.name() + " was asked for");
    }
    try {
      return binary != null
          ? readBinary(binary, shape)
          : readJson(Objects.requireNonNull(json), shape);
    } catch (EvidenceException.Malformed malformed) {
      throw damaged(malformed);
    }
  }

  private static <T> T readBinary(CanonicalReader in, Shape<T> shape) {
    T row = in.row(shape);
    in.end();
    return row;
  }

  private static <T> T readJson(JsonReader in, Shape<T> shape) {
    try {
      return shape.read(in);
    } catch (IllegalArgumentException refused) {
      throw DocumentReader.malformed(in.at, String.valueOf(refused.getMessage()));
    }
  }
}
