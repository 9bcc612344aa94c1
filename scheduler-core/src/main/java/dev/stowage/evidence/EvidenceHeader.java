package dev.stowage.evidence;

import dev.stowage.columns.Utf8Order;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The identity of a run; a chain starts with {@code h(0) = SHA-256(encode())}. The attributes hold
 * policies that decide the outcome beside the configuration and the seed.
 */
public record EvidenceHeader(
    int formatVersion,
    String libraryVersion,
    Hash256 configHash,
    long seed,
    Map<String, String> attributes) {
  /** The format version of this library. */
  public static final int FORMAT_VERSION = 1;

  private static final String MAGIC = "stowage-evidence";

  private static final int MOST_VERSION = 0xFFFF;

  /** Sorts the attributes; throws {@code IllegalArgumentException} unless the version fits. */
  public EvidenceHeader {
    if (formatVersion < 0 || formatVersion > MOST_VERSION) {
      throw new IllegalArgumentException(
          "formatVersion is " + formatVersion + "; 0 to " + MOST_VERSION + " is accepted");
    }
    TreeMap<String, String> sorted = new TreeMap<>(Utf8Order.COMPARATOR);
    sorted.putAll(attributes);
    attributes = Collections.unmodifiableMap(sorted);
  }

  /** Creates a header without attributes. */
  public static EvidenceHeader of(String libraryVersion, Hash256 configHash, long seed) {
    return new EvidenceHeader(FORMAT_VERSION, libraryVersion, configHash, seed, Map.of());
  }

  /** Returns this header with an attribute added or replaced. */
  public EvidenceHeader withAttribute(String name, String value) {
    Map<String, String> more = new TreeMap<>(Utf8Order.COMPARATOR);
    more.putAll(attributes);
    more.put(name, value);
    return new EvidenceHeader(formatVersion, libraryVersion, configHash, seed, more);
  }

  /** Returns the canonical encoding. */
  public byte[] encode() {
    return new CanonicalWriter()
        .string(MAGIC)
        .u16(formatVersion)
        .string(libraryVersion)
        .hash(configHash)
        .u64(seed)
        .map(attributes, CanonicalWriter::string)
        .toBytes();
  }

  /** Decodes bytes; throws {@link EvidenceException.Malformed}, or {@code Mismatch} by format. */
  public static EvidenceHeader decode(byte[] bytes) {
    CanonicalReader reader = CanonicalReader.of(bytes);
    String magic = reader.string();
    if (!magic.equals(MAGIC)) {
      throw new EvidenceException.Malformed(1, "not an evidence header");
    }
    int format = reader.u16();
    if (format != FORMAT_VERSION) {
      throw new EvidenceException.Mismatch(
          List.of(
              new HeaderDifference(
                  "formatVersion", Integer.toString(FORMAT_VERSION), Integer.toString(format))));
    }
    EvidenceHeader header =
        new EvidenceHeader(
            format,
            reader.string(),
            reader.hash(),
            reader.u64(),
            reader.map(CanonicalReader::string));
    reader.end();
    return header;
  }

  /** Returns the chain's first hash, {@code h(0)}: the SHA-256 of the canonical encoding. */
  public Hash256 hash() {
    return Hash256.of(encode());
  }

  /** Returns the fields in which {@code found} differs, in declared order. */
  public List<HeaderDifference> differencesFrom(EvidenceHeader found) {
    List<HeaderDifference> differences = new ArrayList<>();
    Map<String, String> here = fields();
    Map<String, String> there = found.fields();
    here.forEach((field, expected) -> {
      String other = there.getOrDefault(field, "nothing");
      if (!expected.equals(other)) {
        differences.add(new HeaderDifference(field, expected, other));
      }
    });
    there.forEach((field, other) -> {
      if (!here.containsKey(field)) {
        differences.add(new HeaderDifference(field, "nothing", other));
      }
    });
    return List.copyOf(differences);
  }

  /** Throws {@link EvidenceException.Mismatch}, naming all differences, unless both are equal. */
  public void requireSame(EvidenceHeader found) {
    List<HeaderDifference> differences = differencesFrom(found);
    if (!differences.isEmpty()) {
      throw new EvidenceException.Mismatch(differences);
    }
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("formatVersion", Integer.toString(formatVersion));
    fields.put("libraryVersion", libraryVersion);
    fields.put("configHash", configHash.toString());
    fields.put("seed", Long.toUnsignedString(seed));
    attributes.forEach((name, value) -> fields.put("attributes." + name, value));
    return fields;
  }

  /** A field in which two headers differ: its name, the reader's text and the evidence's text. */
  public record HeaderDifference(String field, String expected, String found) {
    @Override
    public String toString() {
      return field + " expected " + expected + " found " + found;
    }
  }
}
